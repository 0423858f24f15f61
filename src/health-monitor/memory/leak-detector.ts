import { shapeOf, SLICES } from './floor-shape.js';
import {
  findLeak,
  HISTORY_HOURS,
  rateOf,
  roseToItsEnd,
  type LeakEvidence,
  type RunHistory,
} from './leak-rule.js';

const HOUR = 3_600_000;
/** Floors are taken of blocks of this length, or of three samples where those come more slowly. */
const BLOCK_HOURS = 0.25;
const BLOCK_SAMPLES = 3;
/** The first hour of a run is warm-up. */
const WARM_UP_HOURS = 1;
/** Time between two samples that is taken as it is, in intervals; anything else counts as one interval. */
const PLAUSIBLE_INTERVALS = 3.5;
/** From this many intervals without a sample, or when time ran backwards, the record has a hole. */
const HOLE_INTERVALS = 6;
/** A run too short to judge says nothing about the runs before it. */
const TELLING_RUN_HOURS = 2;
/** A leak is over when half of it is given back for this long, */
const GIVEN_BACK_HOURS = 2;
/** or when it made no new high, by this share of the rise, for this long: a day, so that nights do not end it. */
const LEVEL_HOURS = 24;
const NEW_HIGH = 0.02;
/** Start times of one run may be told with different precision. */
const SAME_START_MS = 1_500;

export interface MemoryPoint {
  /** Milliseconds; only differences count. May jump: that costs a little time, and raises no alarm. */
  readonly at: number;
  readonly bytes: number;
  /** When the container started, milliseconds since 1970. Another one is another run. */
  readonly startedAt: number | null;
  /** How long it had been up then, milliseconds. */
  readonly ageMs: number;
}

export type LeakEnd = 'restart' | 'given-back' | 'level';

/** A leak that was found and is not over. */
export interface Leak {
  readonly evidence: LeakEvidence;
  /** Where its floor stood when the rise began, and the highest it has reached. */
  readonly fromBytes: number;
  readonly highBytes: number;
  /** The last high that was clearly a new one. */
  readonly markBytes: number;
  /** Hours the rise has lasted. */
  readonly hours: number;
  readonly bytesPerHour: number;
  readonly risingSteps: number;
  /** Span by which rate and steps were last seen. */
  readonly spanHours: number;
  readonly hoursSinceHigh: number;
  readonly hoursGivenBack: number;
}

/** Everything a detector knows. Its size is fixed: about 3 KiB. */
export interface DetectorState {
  floors: Float32Array;
  count: number;
  ageHours: number;
  sinceHole: number;
  earlierRisingHours: number;
  earlierEndBytes: number;
  startedAt: number | null;
  lastAt: number;
  /** Hours observed in this run, and where the current block ends. */
  hours: number;
  blockEnd: number;
  /** Lowest and second lowest figure of the current block, and how many it has. */
  lowest: number;
  second: number;
  samples: number;
  leak: Leak | null;
}

/**
 * Watches the memory of one container, one sample at a time, and tells whether it leaks: the rule `trend`.
 * Pure: no clock, no I/O; the same points give the same answer.
 */
export class LeakDetector {
  private readonly intervalHours: number;
  private readonly blockHours: number;
  private state: DetectorState | null;

  constructor(
    private readonly intervalMs: number,
    state: DetectorState | null = null,
  ) {
    this.intervalHours = intervalMs / HOUR;
    this.blockHours = blockHoursFor(intervalMs);
    this.state = state && state.floors.length === LeakDetector.capacity(intervalMs) ? state : null;
  }

  /** How many floors a detector keeps. */
  static capacity(intervalMs: number): number {
    return Math.ceil(HISTORY_HOURS / blockHoursFor(intervalMs));
  }

  get leak(): Leak | null {
    return this.state?.leak ?? null;
  }

  /** For storing; `null` before the first sample. */
  get snapshot(): Readonly<DetectorState> | null {
    return this.state;
  }

  /** Takes a sample. Returns how a leak ended with it, if one did. Figures of zero are outages of the engine, and skipped. */
  push(point: MemoryPoint, limitBytes: number): LeakEnd | null {
    if (!(point.bytes > 0)) return null;
    let end: LeakEnd | null = null;
    let state = this.state;
    if (!state || !sameStart(state.startedAt, point.startedAt)) {
      if (state?.leak) end = 'restart';
      state = this.state = this.newRun(point, state);
    } else {
      this.pass(state, (point.at - state.lastAt) / HOUR);
    }
    state.lastAt = point.at;
    if (isWarmUp(state)) return end;
    if (state.hours >= state.blockEnd - 0.001) end = this.closeBlock(state, limitBytes) ?? end;
    addToBlock(state, point.bytes);
    return end;
  }

  /** The latest floor, how fast it has risen over the last day or what is known of it; `null` while too little is known. */
  get floor(): { bytes: number; bytesPerHour: number; hours: number } | null {
    const state = this.state;
    if (!state || state.count < SLICES) return null;
    const count = Math.min(state.count, Math.round(24 / this.blockHours));
    const shape = shapeOf(state.floors, state.count - count, count);
    const hours = count * this.blockHours;
    return { bytes: state.floors[state.count - 1]!, bytesPerHour: shape ? rateOf(shape, hours) : 0, hours };
  }

  private get capacity(): number {
    return LeakDetector.capacity(this.intervalMs);
  }

  private newRun(point: MemoryPoint, last: DetectorState | null): DetectorState {
    const ageHours = Math.max(0, point.ageMs) / HOUR;
    let { earlierRisingHours, earlierEndBytes } = last ?? { earlierRisingHours: 0, earlierEndBytes: 0 };
    if (last) {
      const run = this.history(last);
      const rise = roseToItsEnd(run);
      const lasted = last.count * this.blockHours;
      if (rise) [earlierRisingHours, earlierEndBytes] = [earlierRisingHours + lasted, rise.lastBytes];
      else if (lasted >= TELLING_RUN_HOURS) earlierRisingHours = 0;
    }
    return {
      floors: last?.floors ?? new Float32Array(this.capacity),
      count: 0,
      ageHours,
      sinceHole: this.capacity,
      earlierRisingHours,
      earlierEndBytes,
      startedAt: point.startedAt,
      lastAt: point.at,
      hours: 0,
      blockEnd: Math.max(0, WARM_UP_HOURS - ageHours) + this.blockHours,
      lowest: Infinity,
      second: Infinity,
      samples: 0,
      leak: null,
    };
  }

  private pass(state: DetectorState, hours: number): void {
    if (hours < -this.intervalHours / 2 || hours > HOLE_INTERVALS * this.intervalHours) state.sinceHole = 0;
    const plausible = hours > 0 && hours <= PLAUSIBLE_INTERVALS * this.intervalHours;
    state.hours += plausible ? hours : this.intervalHours;
  }

  private closeBlock(state: DetectorState, limitBytes: number): LeakEnd | null {
    let end: LeakEnd | null = null;
    if (state.samples > 0) {
      // One odd low figure among several is not the floor.
      const floor = state.samples >= 4 ? state.second : state.lowest;
      if (state.count === state.floors.length) {
        state.floors.copyWithin(0, 1);
        state.count--;
        state.ageHours += this.blockHours;
      }
      state.floors[state.count++] = floor;
      state.sinceHole++;
      end = this.judge(state, floor, limitBytes);
    }
    state.lowest = state.second = Infinity;
    state.samples = 0;
    state.blockEnd = Math.max(state.blockEnd + this.blockHours, state.hours);
    return end;
  }

  private judge(state: DetectorState, floor: number, limitBytes: number): LeakEnd | null {
    if (state.leak) {
      const leak = this.follow(state.leak, state, floor);
      const end =
        leak.hoursGivenBack >= GIVEN_BACK_HOURS
          ? 'given-back'
          : leak.hoursSinceHigh >= LEVEL_HOURS
            ? 'level'
            : null;
      state.leak = end ? null : leak;
      return end;
    }
    const finding = findLeak(this.history(state), limitBytes);
    if (finding) {
      const { evidence, hours, shape } = finding;
      state.leak = {
        evidence,
        fromBytes: shape.firstBytes,
        highBytes: Math.max(floor, shape.lastBytes),
        markBytes: shape.lastBytes,
        hours,
        bytesPerHour: rateOf(shape, hours),
        risingSteps: shape.risingSteps,
        spanHours: hours,
        hoursSinceHigh: 0,
        hoursGivenBack: 0,
      };
    }
    return null;
  }

  private follow(leak: Leak, state: DetectorState, floor: number): Leak {
    const hours = Math.min(leak.hours + this.blockHours, state.count * this.blockHours);
    const shape = shapeOf(
      state.floors,
      state.count - Math.round(hours / this.blockHours),
      Math.round(hours / this.blockHours),
    );
    const isNewHigh = floor > leak.markBytes + NEW_HIGH * (leak.markBytes - leak.fromBytes);
    const halfBack = floor < (leak.fromBytes + leak.highBytes) / 2;
    return {
      ...leak,
      hours,
      highBytes: Math.max(leak.highBytes, floor),
      markBytes: isNewHigh ? floor : leak.markBytes,
      hoursSinceHigh: isNewHigh ? 0 : leak.hoursSinceHigh + this.blockHours,
      hoursGivenBack: halfBack ? leak.hoursGivenBack + this.blockHours : 0,
      ...(shape && { bytesPerHour: rateOf(shape, hours), risingSteps: shape.risingSteps, spanHours: hours }),
    };
  }

  private history(state: DetectorState): RunHistory {
    return {
      floors: state.floors,
      count: state.count,
      blockHours: this.blockHours,
      ageHours: Math.max(state.ageHours, WARM_UP_HOURS),
      sinceHole: state.sinceHole,
      earlierRisingHours: state.earlierRisingHours,
      earlierEndBytes: state.earlierEndBytes,
    };
  }
}

function isWarmUp({ ageHours, hours, count }: DetectorState): boolean {
  return ageHours + hours < WARM_UP_HOURS && count === 0;
}

function addToBlock(state: DetectorState, bytes: number): void {
  if (bytes < state.lowest) {
    state.second = state.lowest;
    state.lowest = bytes;
  } else if (bytes < state.second) state.second = bytes;
  state.samples++;
}

function blockHoursFor(intervalMs: number): number {
  return Math.max(BLOCK_HOURS, (BLOCK_SAMPLES * intervalMs) / HOUR);
}

function sameStart(a: number | null, b: number | null): boolean {
  return a === b || (a !== null && b !== null && Math.abs(a - b) < SAME_START_MS);
}
