import { believedHealth, isReady } from '../readiness.js';
import { withParts, type HealthRecord, type Life } from '../record.js';
import type { Inspection } from './inspection.js';
import { beganRun } from './life.js';

export const UNKNOWN_HEALTH: HealthRecord = { readySince: null, lastReadyAt: null, unhealthySince: null };

/** Whether it is ready or unhealthy, and since when, is to be found out anew. */
export const healthAnew = (health: HealthRecord): HealthRecord =>
  withParts(health, { readySince: null, unhealthySince: null });

/** Since when it has been ready or unhealthy without a break: a new run is one. */
export function learnHealth(
  health: HealthRecord,
  before: Life,
  life: Life,
  { container, now }: Inspection,
): HealthRecord {
  const known = beganRun(before, life) ? healthAnew(health) : health;
  const unhealthy = believedHealth(container, now) === 'unhealthy';
  const ready = isReady(container, life, now);
  const unhealthySince = unhealthy ? (known.unhealthySince ?? now) : null;
  const readySince = ready ? (known.readySince ?? now) : null;
  if (unhealthySince === known.unhealthySince && readySince === known.readySince) return known;
  return { unhealthySince, readySince, lastReadyAt: ready ? now : known.lastReadyAt };
}
