import type { EngineEvent, RuntimeError } from '../health-monitor/runtime/index.js';

interface Reader {
  readonly waiting: EngineEvent[];
  wake: () => void;
  end: RuntimeError | 'aborted' | null;
}

/** What happened in an engine, kept in order, with any number of readers. */
export class EngineEventLog {
  private readonly kept: EngineEvent[] = [];
  private readonly readers = new Set<Reader>();

  /** Keeps one, and gives it to whoever is reading. */
  append(event: EngineEvent): void {
    this.kept.push(event);
    this.deliver([event]);
  }

  /** Gives the latest `count` to whoever is reading once more. */
  redeliver(count: number): void {
    this.deliver(this.kept.slice(-count));
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
