import type { ProbedHealth } from './container.js';

/** The same when the wall clock was set by so many milliseconds: the time between is no time of waiting. Pure. */
export const shiftProbed = <T extends ProbedHealth>(probed: T, by: number): T => ({
  ...probed,
  since: probed.since + by,
  patienceUntil: probed.patienceUntil === null ? null : probed.patienceUntil + by,
});
