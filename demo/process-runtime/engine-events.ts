import { EventEmitter, on } from 'node:events';
import type { EngineEvent } from '@archipelago/health-monitor';

const KEPT = 1_000;

/** The runtime's own record of what happened, told to whoever listens. */
export class EngineEvents {
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private readonly kept: EngineEvent[] = [];

  tell(event: Omit<EngineEvent, 'at'>): void {
    // Events of one millisecond differ in their time.
    const now = Date.now();
    const last = this.kept.at(-1)?.at ?? 0;
    const told: EngineEvent = { ...event, at: Math.floor(last) === now ? last + 0.001 : now };
    this.kept.push(told);
    if (this.kept.length > KEPT) this.kept.shift();
    this.emitter.emit('event', told);
  }

  async *read({ since, signal }: { since?: number; signal: AbortSignal }): AsyncGenerator<EngineEvent> {
    if (signal.aborted) return;
    const live = on(this.emitter, 'event', { signal }) as AsyncGenerator<[EngineEvent]>;
    try {
      if (since !== undefined) yield* this.kept.filter(({ at }) => at >= since);
      for await (const [event] of live) yield event;
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await live.return(undefined);
    }
  }
}
