import { RuntimeError, type EngineEvent, type EventOptions } from '../health-monitor/runtime/index.js';
import type { EngineEventLog } from './engine-event-log.js';
import type { Timers } from './timers.js';

/** A call of the port that can be made to hang. */
export type Call = 'info' | 'list' | 'inspect' | 'memory' | 'logs' | 'exec' | 'start' | 'stop' | 'restart';

export interface EngineRequest {
  readonly call: Call;
  /** The container it is about; `undefined`: all, or one that there is not. */
  readonly container: string | undefined;
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
}

/** The way to an engine, as at the other end of a wire: answers may come late or never, and all of it may be lost. */
export class EngineConnection {
  private readonly hangs = new Set<Hang>();
  private readonly unanswered = new Set<(error: RuntimeError) => void>();
  private outage: string | null = null;

  constructor(
    private readonly log: EngineEventLog,
    private readonly timers: Timers,
  ) {}

  /** What was asked for is done even when who asked no longer waits. */
  async answer<T>(request: EngineRequest, work: () => T | Promise<T>): Promise<T> {
    if (request.signal?.aborted) throw aborted();
    if (this.outage !== null) throw new RuntimeError('outage', this.outage);
    const answered = this.released(request).then(work);
    // Who gave up waiting does not hear of it any more.
    answered.catch(() => undefined);
    const wait = this.wait(request);
    try {
      return await Promise.race([answered, wait.over]);
    } finally {
      wait.end();
    }
  }

  events(options: EventOptions): AsyncIterable<EngineEvent> {
    const events = this.log.read(options);
    if (this.outage !== null) this.breakStreams(this.outage);
    return events;
  }

  /** Ends every reading of events; nothing else. */
  breakStreams(reason: string): void {
    this.log.disconnect(new RuntimeError('outage', reason));
  }

  /** Every call fails from now on, also those under way. */
  lose(reason: string): void {
    this.outage = reason;
    this.breakStreams(reason);
    for (const fail of this.unanswered) fail(new RuntimeError('outage', reason));
  }

  restore(): void {
    this.outage = null;
  }

  /** Lets such calls, about this container only where one is given, wait until the returned function is called. */
  hang(call: Call, container?: string): () => void {
    const hang = new Hang(call, container);
    this.hangs.add(hang);
    return () => {
      this.hangs.delete(hang);
      hang.release();
    };
  }

  private async released(request: EngineRequest): Promise<void> {
    for (const hang of this.hangs) if (hang.concerns(request)) await hang.released;
  }

  /** It is over at the deadline, when who asked aborts it, or when the engine is lost. */
  private wait({ deadlineMs, signal }: EngineRequest): { over: Promise<never>; end: () => void } {
    let end = (): void => undefined;
    const over = new Promise<never>((_, reject) => {
      const abort = (): void => reject(aborted());
      const late = (): void =>
        reject(new RuntimeError('timeout', `The engine did not answer within ${deadlineMs / 1000} s.`));
      this.unanswered.add(reject);
      const cancelDeadline = this.timers.after(deadlineMs, late);
      signal?.addEventListener('abort', abort, { once: true });
      end = (): void => {
        cancelDeadline();
        this.unanswered.delete(reject);
        signal?.removeEventListener('abort', abort);
      };
    });
    return { over, end };
  }
}

class Hang {
  release!: () => void;
  readonly released = new Promise<void>((resolve) => (this.release = resolve));

  constructor(
    private readonly call: Call,
    private readonly container: string | undefined,
  ) {}

  concerns({ call, container }: EngineRequest): boolean {
    return this.call === call && (this.container === undefined || this.container === container);
  }
}

function aborted(): RuntimeError {
  return new RuntimeError('aborted', 'The caller no longer waits for the answer.');
}
