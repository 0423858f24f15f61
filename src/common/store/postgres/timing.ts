/** How long things take in a store that several processes share; milliseconds. */
export interface Timing {
  /** How long a lease lasts when it was renewed. */
  readonly leaseMs: number;
  readonly renewMs: number;
  /** How often the database is looked at, beside being woken. */
  readonly pollMs: number;
  /** No query takes longer. */
  readonly deadlineMs: number;
  /** A process that did not say for so long that it is there is gone. */
  readonly seenMs: number;
  /** Nobody waits for what a process asked that was not seen for so long. */
  readonly goneMs: number;
  /** A leader that reaches fewer engines than another for so long gives the lead up. */
  readonly outrankedMs: number;
  /** After an outage, whoever led before it has so long to come back first. */
  readonly firstGoMs: number;
  /** A follower that cannot look at the database for so long is cut off. */
  readonly graceMs: number;
  /** A leader whose writes are refused for so long gives the lead up; each time twice as late. */
  readonly refusedMs: number;
  /** For what the leader took, but does not answer, nobody waits longer. */
  readonly answeredMs: number;
}

/** Acts take minutes: a data-safe container has at least five to stop, and others may have to stop before it. */
const ANSWERED_MS = 15 * 60_000;

/** After a kill another process leads within 10 seconds: 8 until the lease is over, and then it is looked for. */
export const TIMING: Timing = {
  leaseMs: 8_000,
  renewMs: 2_000,
  pollMs: 500,
  deadlineMs: 3_000,
  seenMs: 6_000,
  goneMs: 60_000,
  outrankedMs: 10_000,
  firstGoMs: 3_000,
  graceMs: 3_000,
  refusedMs: 30_000,
  answeredMs: ANSWERED_MS,
};
