import { believedHealth, isReady } from '../readiness.js';
import { withParts, type ContainerRecord, type HealthRecord, type Life } from '../record.js';
import { learnFlapping, learnSpells } from './flapping.js';
import type { Inspection } from './inspection.js';
import { beganRun } from './life.js';

export const UNKNOWN_HEALTH: HealthRecord = {
  readySince: null,
  lastReadyAt: null,
  unhealthySince: null,
  spells: [],
  flappingSince: null,
};

/** How it is, and was, is to be found out anew. */
export const healthAnew = (health: HealthRecord): HealthRecord =>
  withParts(health, { ...UNKNOWN_HEALTH, lastReadyAt: health.lastReadyAt });

/** Whether it is ready or unhealthy, and since when without a break: a new run is one; and whether that goes to and fro. */
export function learnHealth(
  { health, intent, life }: Pick<ContainerRecord, 'health' | 'intent' | 'life'>,
  before: Life,
  inspection: Inspection,
): HealthRecord {
  const { container, now } = inspection;
  // One whose health flaps does so on after a restart, until it was healthy for long.
  const known = beganRun(before, life)
    ? { ...healthAnew(health), flappingSince: health.flappingSince }
    : health;
  const unhealthy = believedHealth(container, now) === 'unhealthy';
  const ready = isReady(container, life, now);
  const unhealthySince = unhealthy ? (known.unhealthySince ?? now) : null;
  const readySince = ready ? (known.readySince ?? now) : null;
  const isSame = unhealthySince === known.unhealthySince && readySince === known.readySince;
  const learnt = withParts(known, {
    unhealthySince,
    readySince,
    lastReadyAt: ready && !isSame ? now : known.lastReadyAt,
    spells: learnSpells(known, unhealthySince, now),
  });
  return withParts(learnt, { flappingSince: learnFlapping(learnt, intent, inspection) });
}
