import { isOpen, victimsDown, type IncidentRecord } from '../incidents/index.js';
import { nextTestAt, type ContainerRecord, type RefusedStarts } from '../policy/index.js';

/** How it stands with those that the engine refuses to start for one cause, and who of them is tried next. */
export interface RefusedTurn extends Omit<RefusedStarts, 'isNext'> {
  /** `undefined`: none of them can be tried. */
  readonly next: string | undefined;
}

/** Of each open incident of refused starts, by its id, whose turn it is: who was refused longest ago. Pure. */
export const refusedTurns = (
  incidents: ReadonlyMap<string, IncidentRecord>,
  records: ReadonlyMap<string, ContainerRecord>,
): ReadonlyMap<string, RefusedTurn> =>
  new Map(
    [...incidents.values()]
      .filter((incident) => incident.refusedFor !== null && isOpen(incident))
      .map((incident) => [incident.id, turnOf(incident, records)]),
  );

function turnOf(incident: IncidentRecord, records: ReadonlyMap<string, ContainerRecord>): RefusedTurn {
  const refused = victimsDown(incident).flatMap((name) => records.get(name) ?? []);
  const [next] = refused.filter(canBeTried).toSorted((a, b) => refusedAt(a) - refusedAt(b));
  return {
    count: refused.length,
    words: incident.cause.reason,
    testAt: nextTestAt(incident.since, Math.max(...refused.map(refusedAt))),
    next: next?.name,
  };
}

const refusedAt = ({ healing: { refusal } }: ContainerRecord): number => refusal?.at ?? 0;

/** It is wished, there, neither left as it is nor given up, and waits for nobody else. */
export const canBeTried = ({ intent, life, healing, shown }: ContainerRecord): boolean =>
  intent.hold === null &&
  intent.wish.value === 'running' &&
  life.absentSince === null &&
  healing.givenUp === null &&
  shown.decision?.action !== 'leave' &&
  (shown.decision?.blockedBy ?? []).length === 0;
