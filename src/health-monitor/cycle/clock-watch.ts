import type { Clock } from '../../common/clock/index.js';
import type { FactOf } from '../step/index.js';

/** Between two readings, wall clock and monotonic clock may drift apart this far; beyond, the clock was set. */
const SET_MS = 60_000;
/** A reading this late means that the host slept. */
const SLEPT_MS = 30_000;

/** Sees by the two clocks of the host that one of them was set, or that the host slept. Read it often. */
export class ClockWatch {
  private wall: number;
  private monotonic: number;
  private setBy = 0;
  private slept = false;

  constructor(private readonly clock: Clock) {
    this.wall = clock.now();
    this.monotonic = clock.monotonic();
  }

  /** Reads the clocks. Whether something became of them that no fact has told of yet. */
  hasNews(): boolean {
    const wall = this.clock.now();
    const monotonic = this.clock.monotonic();
    const passed = monotonic - this.monotonic;
    const jump = wall - this.wall - passed;
    this.wall = wall;
    this.monotonic = monotonic;
    if (Math.abs(jump) > SET_MS) this.setBy += jump;
    this.slept ||= passed > SLEPT_MS;
    return this.setBy !== 0 || this.slept;
  }

  /** Reads the clocks, and tells what became of them, once; `null`: nothing. */
  takeNews(): FactOf<'clock-set'> | FactOf<'slept'> | null {
    if (!this.hasNews()) return null;
    const { setBy: by, wall: at } = this;
    this.setBy = 0;
    this.slept = false;
    return by === 0 ? { kind: 'slept', at } : { kind: 'clock-set', at, by };
  }
}
