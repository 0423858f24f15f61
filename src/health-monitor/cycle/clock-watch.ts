import type { Clock } from '../../common/clock/index.js';

/** Between two beats, wall clock and monotonic clock may drift apart this far; beyond, the clock was set. */
const SET_MS = 60_000;
/** A beat this late means that the host slept. */
const SLEPT_MS = 30_000;

/** What became of the host's clocks since the last beat. */
export interface ClockChange {
  /** By how much the wall clock was set, in milliseconds; 0: it was not. */
  readonly setBy: number;
  readonly slept: boolean;
}

/** Sees by the two clocks of the host that one of them was set, or that the host slept. */
export class ClockWatch {
  private wall: number;
  private monotonic: number;

  constructor(private readonly clock: Clock) {
    this.wall = clock.now();
    this.monotonic = clock.monotonic();
  }

  /** Call it at each beat. */
  beat(): ClockChange {
    const wall = this.clock.now();
    const monotonic = this.clock.monotonic();
    const passed = monotonic - this.monotonic;
    const jump = wall - this.wall - passed;
    this.wall = wall;
    this.monotonic = monotonic;
    return { setBy: Math.abs(jump) > SET_MS ? jump : 0, slept: passed > SLEPT_MS };
  }
}
