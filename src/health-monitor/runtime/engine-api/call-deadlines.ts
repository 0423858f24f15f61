import { START_MS, STOP_GRACE_MS } from '../act-deadlines.js';
import { withDeadline } from './deadline.js';

/** Whoever has a command run has a deadline of its own; no probe has a longer one. */
const EXEC_MS = 10 * 60_000;

/** How long calls may take, in milliseconds. */
export interface CallDeadlineOptions {
  /** A reading call. */
  readonly timeoutMs: number;
  /** A start. Default 120,000. */
  readonly startTimeoutMs?: number;
  /** A stop or restart beyond its stop timeout. Default 30,000. */
  readonly stopGraceMs?: number;
}

type Work<T> = (signal: AbortSignal) => Promise<T>;
type Signal = AbortSignal | undefined;

/** Does the calls of a runtime within the deadlines that its contract gives them; `what` begins the sentence of an error. */
export class CallDeadlines {
  constructor(private readonly options: CallDeadlineOptions) {}

  read<T>(what: string, signal: Signal, work: Work<T>): Promise<T> {
    return withDeadline(what, this.options.timeoutMs, signal, work);
  }

  exec<T>(what: string, signal: Signal, work: Work<T>): Promise<T> {
    return withDeadline(what, EXEC_MS, signal, work);
  }

  start<T>(what: string, signal: Signal, work: Work<T>): Promise<T> {
    return withDeadline(what, this.options.startTimeoutMs ?? START_MS, signal, work);
  }

  stop<T>(what: string, timeoutMs: number, signal: Signal, work: Work<T>): Promise<T> {
    return withDeadline(what, timeoutMs + (this.options.stopGraceMs ?? STOP_GRACE_MS), signal, work);
  }
}
