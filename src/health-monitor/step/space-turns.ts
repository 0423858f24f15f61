import { isOpen, victimsDown, type IncidentRecord } from '../incidents/index.js';
import type { ContainerRecord } from '../policy/index.js';
import { canBeTried } from './refused-turns.js';

/** Of each open incident of a file system without space, by its id, who is tried next: who was down or tried longest. Pure. */
export const spaceTurns = (
  incidents: ReadonlyMap<string, IncidentRecord>,
  records: ReadonlyMap<string, ContainerRecord>,
): ReadonlyMap<string, string | undefined> =>
  new Map(
    [...incidents.values()]
      .filter((incident) => incident.withheldFrom !== null && isOpen(incident))
      .map((incident) => {
        const down = victimsDown(incident).flatMap((name) => records.get(name) ?? []);
        const [next] = down
          .filter((one) => !one.life.up && canBeTried(one))
          .toSorted((a, b) => failedAt(a) - failedAt(b));
        return [incident.id, next?.name];
      }),
  );

const failedAt = ({ healing: { refusal }, life: { death } }: ContainerRecord): number =>
  Math.max(refusal?.at ?? 0, death?.at ?? 0);
