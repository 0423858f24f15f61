import { rearm } from '../attempts.js';
import { stableAt } from '../readiness.js';
import { withParts, type ContainerRecord, type Healing, type Life } from '../record.js';
import type { Inspection } from './inspection.js';
import { beganRun, died } from './life.js';

export const NO_HEALING: Healing = {
  attempts: [],
  givenUp: null,
  refusal: null,
  rearmedByDependency: false,
  restartingSince: null,
  asked: null,
  batch: null,
  dependencyRuns: {},
};

/** Fresh attempts, as after its last problem. */
export const healingAnew = (healing: Healing): Healing => ({ ...rearm(healing), rearmedByDependency: false });

/** A restart ends with a new run, a batch with a new death, and a problem when it is stable. */
export function learnHealing(
  { healing, life, health }: Pick<ContainerRecord, 'healing' | 'life' | 'health'>,
  before: Life,
  { rules, now }: Inspection,
): Healing {
  const known = withParts(healing, {
    restartingSince: beganRun(before, life) ? null : healing.restartingSince,
    refusal: life.up ? null : healing.refusal,
    batch: died(before, life) ? null : healing.batch,
  });
  if (!wasTreated(known) || !life.up || health.unhealthySince !== null) return known;
  return now >= stableAt({ life, healing: known }, rules) ? healingAnew(known) : known;
}

/** Something was done about it since it was last stable. */
export const wasTreated = ({ attempts, givenUp, rearmedByDependency }: Healing): boolean =>
  attempts.length > 0 || givenUp !== null || rearmedByDependency;
