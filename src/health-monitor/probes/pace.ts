import type { ResolvedProbe } from '../../common/options/index.js';

/** The first question comes within this after a start, so that many do not ask at the same moment. */
export const FIRST_WITHIN_MS = 1_000;
/** Questions wander by so much of their interval, for the same reason. */
const JITTER = 0.1;

/** When to ask next; `now` is monotonic. Pure but for `random`. */
export const nextAfter = (
  { everyMs }: Pick<ResolvedProbe, 'everyMs'>,
  now: number,
  random: () => number,
): number => now + everyMs * (1 - JITTER + 2 * JITTER * random());
