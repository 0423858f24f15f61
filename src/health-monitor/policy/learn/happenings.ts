import type { ContainerRecord, Death } from '../record.js';
import type { Inspection } from './inspection.js';
import { wasTreated } from './healing.js';
import { beganRun, died } from './life.js';
import { tooManyDeaths } from './loop.js';

/** What an inspection found to have happened since the last one. */
export type Happening =
  | { readonly kind: 'died'; readonly death: Death }
  | { readonly kind: 'began-run'; readonly byUs: boolean }
  | { readonly kind: 'stopped-by-person' }
  | { readonly kind: 'recreated' }
  | { readonly kind: 'hold-over' }
  | { readonly kind: 'stable' }
  | { readonly kind: 'flapping' }
  | { readonly kind: 'crash-loop'; readonly deaths: number; readonly windowMs: number }
  | { readonly kind: 'crash-loop-over' };

/** What happened between two records of a container, in the order in which people are to hear of it. */
export function happenings(
  before: ContainerRecord,
  record: ContainerRecord,
  inspection: Inspection,
): readonly Happening[] {
  if (before === record) return [];
  return [
    ...ofHold(before, record),
    ...ofLife(before, record, inspection),
    ...ofWish(before, record),
    ...ofHealth(before, record),
    ...ofHealing(before, record),
    ...ofLoop(before, record, inspection),
  ];
}

const ofHold = ({ intent: before }: ContainerRecord, { intent }: ContainerRecord): Happening[] =>
  before.hold !== null && intent.hold === null ? [{ kind: 'hold-over' }] : [];

function ofLife(
  { life: before }: ContainerRecord,
  { life }: ContainerRecord,
  { byUs }: Inspection,
): Happening[] {
  if (died(before, life)) return [{ kind: 'died', death: life.death! }];
  const wasSeen = before.run !== null || before.death !== null;
  return wasSeen && beganRun(before, life) ? [{ kind: 'began-run', byUs }] : [];
}

const ofWish = ({ intent: before }: ContainerRecord, { intent: { wish } }: ContainerRecord): Happening[] =>
  wish.value === 'stopped' && wish !== before.wish ? [{ kind: 'stopped-by-person' }] : [];

const ofHealth = ({ health: before }: ContainerRecord, { health }: ContainerRecord): Happening[] =>
  before.flappingSince === null && health.flappingSince !== null ? [{ kind: 'flapping' }] : [];

const ofHealing = ({ healing: before }: ContainerRecord, { healing }: ContainerRecord): Happening[] =>
  wasTreated(before) && !wasTreated(healing) ? [{ kind: 'stable' }] : [];

function ofLoop(
  { loop: before }: ContainerRecord,
  { loop }: ContainerRecord,
  { rules }: Inspection,
): Happening[] {
  if (before.since !== null) return loop.since === null ? [{ kind: 'crash-loop-over' }] : [];
  const tooMany = loop.since === null ? null : tooManyDeaths(loop, rules);
  return tooMany === null ? [] : [{ kind: 'crash-loop', ...tooMany }];
}
