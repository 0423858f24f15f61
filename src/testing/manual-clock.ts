import { Clock } from '../common/clock/index.js';

interface Scheduled {
  readonly time: number;
  readonly run: () => void;
}

/** Taken before anybody fakes the timers. */
const afterPromises = globalThis.setImmediate;

/** A clock that stands still until a test moves it, and then does on the way what was to happen by then. */
export class ManualClock extends Clock {
  private elapsed = 0;
  private scheduled: Scheduled[] = [];

  /** @param offset wall-clock time when `monotonic()` is 0, milliseconds since 1970; default 2026-01-01 UTC */
  constructor(private offset = Date.UTC(2026, 0, 1)) {
    super();
  }

  now(): number {
    return this.offset + this.elapsed;
  }

  monotonic(): number {
    return this.elapsed;
  }

  /**
   * Lets `ms` go by. What is due by then is run in order of time, and of scheduling at the same time; while each
   * runs, the clock shows its time, and what it schedules within `ms` is run, too.
   */
  advance(ms: number): void {
    const end = this.endOf(ms);
    while (this.runNext(end));
    this.elapsed = end;
  }

  /** As `advance`, and lets promises settle before the first, between each, and after the last. */
  async advanceAsync(ms: number): Promise<void> {
    const end = this.endOf(ms);
    do await settled();
    while (this.runNext(end));
    this.elapsed = end;
    await settled();
  }

  /** Sets the wall clock forward, or back where `ms` is negative. No time goes by. */
  jumpWallClock(ms: number): void {
    this.offset += ms;
  }

  /**
   * Runs `run` when `monotonic()` gets to `time`; returns how to cancel that.
   *
   * @throws RangeError when that time has gone by
   */
  at(time: number, run: () => void): () => void {
    if (!(time >= this.elapsed)) {
      throw new RangeError(`Cannot schedule for ${time}: it is ${this.elapsed} on the monotonic clock.`);
    }
    const entry = { time, run };
    const later = this.scheduled.findIndex((other) => other.time > time);
    this.scheduled.splice(later === -1 ? this.scheduled.length : later, 0, entry);
    return () => {
      this.scheduled = this.scheduled.filter((other) => other !== entry);
    };
  }

  /** Runs `run` once `ms` have gone by; returns how to cancel that. */
  after(ms: number, run: () => void): () => void {
    return this.at(this.elapsed + ms, run);
  }

  private endOf(ms: number): number {
    if (!(ms >= 0)) throw new RangeError(`Time goes forward only: cannot advance by ${ms} ms.`);
    return this.elapsed + ms;
  }

  private runNext(end: number): boolean {
    const next = this.scheduled[0];
    if (!next || next.time > end) return false;
    this.scheduled.shift();
    this.elapsed = next.time;
    next.run();
    return true;
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => afterPromises(resolve));
}
