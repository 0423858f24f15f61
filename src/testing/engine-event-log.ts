import type { EngineEvent, EngineEventAction, RuntimeError } from '../health-monitor/runtime/index.js';
import type { Timers } from './timers.js';

interface Reader {
  readonly waiting: EngineEvent[];
  wake: () => void;
  end: RuntimeError | 'aborted' | null;
}

/** What happened in an engine, kept in order, with any number of readers. */
export class EngineEventLog {
  private readonly kept: EngineEvent[] = [];
  private readonly readers = new Set<Reader>();
  private lastAt = 0;
  /** While set, what happens is neither kept nor given to anybody. */
  muted = false;

  constructor(private readonly timers: Timers) {}

  /** Keeps what happened to a container just now, and gives it to whoever is reading. */
  append(
    action: EngineEventAction,
    { id, name }: Pick<EngineEvent, 'id' | 'name'>,
    {
      exitCode = null,
      health = null,
      asksToEnd,
    }: Partial<Pick<EngineEvent, 'exitCode' | 'health' | 'asksToEnd'>> = {},
  ): void {
    if (this.muted) return;
    const asked = asksToEnd === undefined ? {} : { asksToEnd };
    const event = { action, id, name, at: this.nextAt(), exitCode, health, ...asked };
    this.kept.push(event);
    this.deliver([event]);
  }

  /** Gives the latest `count` to whoever is reading once more. */
  redeliver(count: number): void {
    this.deliver(this.kept.slice(-count));
  }

  /** Time of the first that is kept; `null`: none is. */
  get oldestAt(): number | null {
    return this.kept[0]?.at ?? null;
  }

  /** What happened until now is forgotten, as by an engine that keeps it in memory and ends. */
  forget(): void {
    this.kept.length = 0;
  }

  /** Ends every reading with an error; what comes later is kept for who reads with `since`. */
  disconnect(error: RuntimeError): void {
    for (const reader of this.readers) {
      reader.end ??= error;
      reader.wake();
    }
  }

  /** What was kept at or after `since`, then what is appended from this call on, until `signal` is aborted. */
  read({ since, signal }: { since?: number; signal: AbortSignal }): AsyncIterable<EngineEvent> {
    const waiting = since === undefined ? [] : this.kept.filter((event) => event.at >= since);
    const reader: Reader = { waiting, wake: () => undefined, end: signal.aborted ? 'aborted' : null };
    const abort = (): void => {
      reader.end ??= 'aborted';
      reader.wake();
    };
    this.readers.add(reader);
    signal.addEventListener('abort', abort, { once: true });
    return this.drain(reader, () => {
      this.readers.delete(reader);
      signal.removeEventListener('abort', abort);
    });
  }

  /** Engines tell nanoseconds: two events of one millisecond differ. */
  private nextAt(): number {
    const now = this.timers.now();
    this.lastAt = Math.floor(this.lastAt) === Math.floor(now) ? this.lastAt + 0.001 : now;
    return this.lastAt;
  }

  private async *drain(reader: Reader, leave: () => void): AsyncGenerator<EngineEvent> {
    try {
      for (;;) {
        if (reader.end === 'aborted') return;
        const event = reader.waiting.shift();
        if (event) yield event;
        else if (reader.end) throw reader.end;
        else await new Promise<void>((resolve) => (reader.wake = resolve));
      }
    } finally {
      leave();
    }
  }

  private deliver(events: readonly EngineEvent[]): void {
    for (const reader of this.readers) {
      reader.waiting.push(...events);
      reader.wake();
    }
  }
}
