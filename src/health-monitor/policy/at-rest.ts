import type { ContainerRecord } from './record.js';

/**
 * Whether time alone changes nothing: what is remembered of a container and what was decided stay as they are until the
 * engine shows it otherwise, or one that it depends on changes. Until then to learn and to decide would come to the same
 * again. One whose health check is due is shown by every full check, so that old health never stands here. Pure.
 */
export function isAtRest(record: ContainerRecord): boolean {
  return (
    record.shown.decision?.dueAt === 'when-changed' &&
    isLifeAtRest(record) &&
    isHealingAtRest(record) &&
    // A hold may end by itself.
    (record.intent.hold?.until ?? null) === null
  );
}

function isLifeAtRest({ life, health }: ContainerRecord): boolean {
  if (life.absentSince !== null || life.unreadable !== null) return false;
  if (life.unseenSinceBoot || life.unsettledSince !== null) return false;
  if (life.up) return health.readySince !== null;
  return life.death === null || (life.death.confirmed && life.death.stoppedBy !== 'pending');
}

function isHealingAtRest({ healing, loop }: ContainerRecord): boolean {
  return (
    healing.attempts.length === 0 &&
    healing.givenUp === null &&
    healing.asked === null &&
    !healing.rearmedByDependency &&
    loop.since === null &&
    loop.healedDeaths.length === 0 &&
    loop.engineDeaths.length === 0
  );
}
