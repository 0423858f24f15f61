import { isSame, type LogMark, type LogRow } from './log-mark.js';
import type { LeaseRow } from './lease-table.js';

/** Who writes, and after what. */
export interface Fence {
  readonly id: string;
  readonly term: number;
  /** As it was read, or written, last. */
  readonly known: LogMark;
  /** Marks of steps of which it is not known whether they were written: these, too, are ours. */
  readonly uncertain: ReadonlySet<string>;
}

/** Another process leads: what this one has to write is void. */
export class SupersededError extends Error {}

/** Nobody else leads, but the lease was over: it must be renewed first. */
export class ExpiredError extends Error {}

/** The database lost what was written to it. */
export class WentBackError extends Error {
  constructor(readonly row: LogRow) {
    super('The database lost what was written to it.');
  }
}

/**
 * Lets a leader write. Pure.
 *
 * @throws SupersededError, ExpiredError, WentBackError
 */
export function checkFence({ id, term, known, uncertain }: Fence, log: LogRow, lease: LeaseRow): void {
  // The lease may have been read before whoever took it let the log go; its term is in the log as well.
  if (log.term !== term || lease.term !== term || lease.holder !== id) {
    throw new SupersededError('Another process took the lead.');
  }
  if (lease.leftMs <= 0) throw new ExpiredError('The lease was not renewed in time.');
  if (log.step !== null && uncertain.has(log.step)) return;
  if (!isSame(log, known)) throw new WentBackError(log);
}
