import type { Container } from '../runtime/index.js';
import { healthBelievedUntil } from './readiness.js';
import type { ContainerRecord } from './record.js';

/**
 * Whether nothing but a change to a container, or to what it depends on, can change what is remembered of it and what was
 * decided. As long as it is so, and nothing changes, learning and deciding would come to the same again. Pure.
 */
export function isSettled(record: ContainerRecord, container: Container, now: number): boolean {
  return (
    record.shown.decision?.dueAt === 'when-changed' &&
    isLifeSettled(record) &&
    isHealingSettled(record) &&
    // A hold may end by itself.
    (record.intent.hold?.until ?? null) === null &&
    now < healthBelievedUntil(container)
  );
}

function isLifeSettled({ life, health }: ContainerRecord): boolean {
  if (life.absentSince !== null || life.unseenSinceBoot || life.unsettledSince !== null) return false;
  if (life.up) return health.readySince !== null;
  return life.death === null || (life.death.confirmed && life.death.stoppedBy !== 'pending');
}

function isHealingSettled({ healing, loop }: ContainerRecord): boolean {
  return (
    healing.attempts.length === 0 &&
    healing.givenUp === null &&
    !healing.rearmedByDependency &&
    loop.since === null &&
    loop.healedDeaths.length === 0 &&
    loop.engineDeaths.length === 0
  );
}
