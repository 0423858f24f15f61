import { shapeOf, SLICES, STEPS, type FloorShape } from './floor-shape.js';

/*
 * The rule `trend`. Each number says what it stands for; docs/memory-leaks.md tells how they were chosen.
 */

/** Spans that are looked at, in hours, shortest first. */
const SPANS = [3, 4, 6, 8, 10, 11, 12, 14, 16, 20, 24, 32, 48, 64, 96, 128, 192];
/** How far back is looked at all. */
export const HISTORY_HOURS = 192;

const DAY_HOURS = 24;

/** Of seven steps, at least this many rise. */
const RISING_STEPS = 6;
/** A rise below this is nobody's problem. */
const LEAST_RISE_BYTES = 4 * 1024 * 1024;
/** Share of the rise that lies above every earlier floor of the run: what was there before is not a leak. */
const NEW_HIGH = 0.5;
/** Scatter around the line that is accepted, an hour of the span, and at most: noise needs longer to be believed. */
const SCATTER_PER_HOUR = 0.003;
const MOST_SCATTER = 0.08;
const LEAST_SCATTER_HOURS = 10;
/** How much a rise may flatten out; less in a container's first day, when caches fill. */
const FLATTENING = 0.05;
const FLATTENING_FIRST_DAY = 0.03;

/** A straight rise is believed from this span on, */
const STRAIGHT_HOURS = 10;
/** or from this one, and only when it bends less than a daily wave, until the run has been watched for a day. */
const STRAIGHT_HOURS_BEFORE_A_DAY = 11;
/**
 * A cosine of 24 hours, at its steepest, leaves 0.008 to 0.012 of its variance to the bends within 12 hours, and the
 * share grows with the fifth power of the span. A third of it is asked for, because noise straightens one wave in many.
 */
const WAVE_BEND_12_HOURS = 0.003;
/** Rising waves flatten as they begin, too, but so does a leak that speeds up: that bend counts a tenth. */
const SPEEDING_UP_WEIGHT = 0.1;
/** Fast, slow, fast is a warm-up that runs into a wave: that bend counts half. */
const FAST_SLOW_FAST_WEIGHT = 0.5;
/** Growth that matters, by the span's hours: a short span has to show more. */
const GROWTH_BY_HOURS: readonly (readonly [hours: number, growth: number])[] = [
  [96, 0.07],
  [12, 0.08],
  [STRAIGHT_HOURS, 0.1],
];
/** From this span it is a leak whatever its bends, when it has doubled. */
const DOUBLED_HOURS = 8;
/** Close to the limit there is no time to be sure. */
const NEAR_LIMIT_HOURS = 3;
const NEAR_LIMIT_SPAN_HOURS = 4;
const NEAR_LIMIT_GROWTH = 0.3;
/** Runs that rose to their end, and this one: together this long, each with this growth, is a leak that restarts hide. */
const RUNS_HOURS = 7;
const RUN_LEAST_HOURS = 3;
const RUN_GROWTH = 0.15;
/** Until then a hole in the record might hide the turn of a daily wave. */
const HOLE_MATTERS_HOURS = 16;

/** What is known of one run of a container. Hours are hours that were observed. */
export interface RunHistory {
  /** The lowest figure of each block of time, oldest first. Bytes. */
  readonly floors: ArrayLike<number>;
  readonly count: number;
  readonly blockHours: number;
  /** How long the container had been up when the first of these floors was taken. */
  readonly ageHours: number;
  /** Floors taken since the record last had a hole. */
  readonly sinceHole: number;
  /** How long earlier runs rose to their end, one after another up to now; 0 when the last one did not. */
  readonly earlierRisingHours: number;
  /** Where the last such run ended. */
  readonly earlierEndBytes: number;
}

export type LeakEvidence = 'straight' | 'doubled' | 'near-limit' | 'runs';

export interface LeakFinding {
  readonly evidence: LeakEvidence;
  readonly hours: number;
  readonly shape: FloorShape;
}

/**
 * Says whether the memory of this run leaks, and by which span of time that is seen. `limitBytes` is what it must not
 * reach; `Infinity` when nothing is known.
 */
export function findLeak(run: RunHistory, limitBytes: number): LeakFinding | null {
  for (const hours of SPANS) {
    const count = Math.round(hours / run.blockHours);
    if (count > run.count) return null;
    if (count < SLICES || (hours < HOLE_MATTERS_HOURS && run.sinceHole < count)) continue;
    const shape = shapeOfRise(run, hours, count);
    const evidence = shape && evidenceOf(shape, hours, run, limitBytes);
    if (evidence) return { evidence, hours, shape };
  }
  return null;
}

/** Whether a run that has ended rose from its first hour to its end. */
export function roseToItsEnd({ floors, count, blockHours, ageHours }: RunHistory): FloorShape | null {
  const hours = count * blockHours;
  if (hours < RUN_LEAST_HOURS || count < SLICES) return null;
  const shape = shapeOf(floors, 0, count);
  return shape && rises(shape, hours, ageHours) && shape.growth >= RUN_GROWTH ? shape : null;
}

/** Bytes an hour. */
export function rateOf(shape: FloorShape, hours: number): number {
  return shape.riseBytes / ((hours * STEPS) / SLICES);
}

/** The shape of the latest `count` floors; `null` when they do not rise, or to no new high. */
function shapeOfRise(run: RunHistory, hours: number, count: number): FloorShape | null {
  const from = run.count - count;
  const shape = shapeOf(run.floors, from, count);
  const isRise =
    shape && rises(shape, hours, run.ageHours + from * run.blockHours) && isNewHigh(shape, run.floors, from);
  return isRise ? shape : null;
}

function rises(shape: FloorShape, hours: number, ageHours: number): boolean {
  return (
    shape.riseBytes >= LEAST_RISE_BYTES &&
    shape.lastBytes > shape.firstBytes &&
    shape.risingSteps >= RISING_STEPS &&
    shape.scatter <= Math.min(MOST_SCATTER, SCATTER_PER_HOUR * Math.max(hours, LEAST_SCATTER_HOURS)) &&
    shape.bow >= -(ageHours < DAY_HOURS ? FLATTENING_FIRST_DAY : FLATTENING)
  );
}

function isNewHigh(shape: FloorShape, floors: ArrayLike<number>, before: number): boolean {
  let highest = shape.firstBytes;
  for (let i = 0; i < before; i++) highest = Math.max(highest, floors[i]!);
  return shape.lastBytes - highest >= NEW_HIGH * shape.riseBytes;
}

function evidenceOf(
  shape: FloorShape,
  hours: number,
  run: RunHistory,
  limitBytes: number,
): LeakEvidence | null {
  if (shape.growth >= growthThatMatters(hours) && isNoWave(shape, hours, run)) return 'straight';
  if (hours >= DOUBLED_HOURS && shape.growth >= 1) return 'doubled';
  if (isNearLimit(shape, hours, limitBytes)) return 'near-limit';
  if (goesOnAcrossRuns(shape, hours, run)) return 'runs';
  return null;
}

function growthThatMatters(hours: number): number {
  return GROWTH_BY_HOURS.find(([from]) => hours >= from)?.[1] ?? Infinity;
}

/** A wave that was watched for a day has shown its height, and {@link isNewHigh} tells it; before, only its bends do. */
function isNoWave({ bow, sway }: FloorShape, hours: number, run: RunHistory): boolean {
  if (run.count * run.blockHours >= DAY_HOURS) return true;
  if (hours < STRAIGHT_HOURS_BEFORE_A_DAY) return false;
  const bend =
    (sway < 0 ? 1 : FAST_SLOW_FAST_WEIGHT) * sway ** 2 + SPEEDING_UP_WEIGHT * Math.max(0, bow) ** 2;
  return bend <= WAVE_BEND_12_HOURS * (hours / 12) ** 5;
}

function isNearLimit(shape: FloorShape, hours: number, limitBytes: number): boolean {
  const hoursToLimit = (limitBytes - shape.lastBytes) / rateOf(shape, hours);
  return (
    hours >= NEAR_LIMIT_SPAN_HOURS && hoursToLimit < NEAR_LIMIT_HOURS && shape.growth >= NEAR_LIMIT_GROWTH
  );
}

/** Whether the runs before rose to their end and were higher there than this one began: restarts hide a leak. */
function goesOnAcrossRuns(shape: FloorShape, hours: number, run: RunHistory): boolean {
  return (
    run.earlierRisingHours > 0 &&
    run.earlierRisingHours + hours >= RUNS_HOURS &&
    shape.growth >= RUN_GROWTH &&
    shape.firstBytes < run.earlierEndBytes
  );
}
