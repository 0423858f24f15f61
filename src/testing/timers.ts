import type { Clock } from '../common/clock/index.js';
import { ManualClock } from './manual-clock.js';

/** The time of an engine in memory: a `ManualClock` does what is due as it is advanced, any other has real timers. */
export class Timers {
  /** @param aheadMs how far its own clock is ahead of `clock` */
  constructor(
    private readonly clock: Clock,
    public aheadMs = 0,
  ) {}

  /** Wall-clock time of the engine, milliseconds since 1970. */
  now(): number {
    return this.clock.now() + this.aheadMs;
  }

  /** Runs `run` once `ms` have gone by; returns how to cancel that. */
  after(ms: number, run: () => void): () => void {
    if (this.clock instanceof ManualClock) return this.clock.after(ms, run);
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  }

  elapse(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }
}
