/** Where the log in the database is. */
export interface LogMark {
  readonly epoch: string;
  readonly head: number;
  readonly revision: number;
  /** What the database is now; see `origin` of the table. */
  readonly here: string;
}

/** The row of the log, with what the database is now. */
export interface LogRow extends LogMark {
  readonly purgedRevision: number;
  readonly term: number;
  /** What the database was when it was written last; `null`: never yet. */
  readonly origin: string | null;
  readonly step: string | null;
}

export const markOf = ({ epoch, head, revision, here }: LogRow): LogMark => ({ epoch, head, revision, here });

/** Whether what is there now comes after `known`, without a hole, and nothing that was known is gone. */
export const continues = (known: LogMark, now: LogRow): boolean =>
  now.epoch === known.epoch &&
  now.here === known.here &&
  now.head >= known.head &&
  now.revision >= known.revision &&
  now.purgedRevision <= known.revision;

/** Whether nobody wrote anything since, and nothing was lost. */
export const isSame = (one: LogMark, other: LogMark): boolean =>
  one.epoch === other.epoch &&
  one.head === other.head &&
  one.revision === other.revision &&
  one.here === other.here;

/** Whether what is there is a copy, or lost what was written to it: then the same `seq` may name another event. */
export const wentBack = ({ origin, here, ...now }: LogRow, known: LogMark | null): boolean =>
  (origin !== null && origin !== here) ||
  (known?.epoch === now.epoch && (now.head < known.head || now.revision < known.revision));
