/** Slices a span is cut into; their floors are what its shape is read from. */
export const SLICES = 8;
/** Steps between them. */
export const STEPS = SLICES - 1;

// Discrete orthogonal polynomials for eight points, and the sums of their squares.
const LINE = [-7, -5, -3, -1, 1, 3, 5, 7];
const BOW = [7, 1, -3, -5, -5, -3, 1, 7];
const SWAY = [-7, 5, 7, 3, -3, -7, -5, 7];
const LINE_SQUARES = 168;
const BOW_SQUARES = 168;
const SWAY_SQUARES = 264;

/** A step counts as a rise when it is at least this share of the mean step. */
const FAIR_SHARE = 0.2;

/** How the floor moved over a span of time, told by the floors of eight equal slices. Bytes. */
export interface FloorShape {
  readonly firstBytes: number;
  readonly lastBytes: number;
  /** What the fitted line rises from the first slice to the last. */
  readonly riseBytes: number;
  /** That rise, as a share of where the line begins. */
  readonly growth: number;
  /** How many of the seven steps rise by a fair share. */
  readonly risingSteps: number;
  /** Share of the variance that the line does not explain: 0 is a ruler, 1 is noise. */
  readonly scatter: number;
  /** Correlation with a parabola: negative flattens out, as a cache that fills; positive speeds up. */
  readonly bow: number;
  /** Correlation with a cubic: negative is slow, fast, slow, as the rise of a daily wave. */
  readonly sway: number;
}

/**
 * The shape of `count` floors from index `from`; at least {@link SLICES} of them. `null` when the floor does not rise.
 *
 * The floor, not the level, is looked at, because a leak is memory that is never given back; the lowest of each slice
 * is what neither garbage collection nor a burst of work can hide.
 */
export function shapeOf(floors: ArrayLike<number>, from: number, count: number): FloorShape | null {
  const slices = sliceFloors(floors, from, count);
  let sum = 0;
  let line = 0;
  let bow = 0;
  let sway = 0;
  for (let i = 0; i < SLICES; i++) {
    const bytes = slices[i]!;
    sum += bytes;
    line += LINE[i]! * bytes;
    bow += BOW[i]! * bytes;
    sway += SWAY[i]! * bytes;
  }
  if (!(line > 0)) return null;

  const mean = sum / SLICES;
  const step = (2 * line) / LINE_SQUARES;
  let squares = 0;
  let risingSteps = 0;
  for (let i = 0; i < SLICES; i++) {
    squares += (slices[i]! - mean) ** 2;
    if (i > 0 && slices[i]! - slices[i - 1]! > FAIR_SHARE * step) risingSteps++;
  }
  const begin = Math.max(1, mean - (step * STEPS) / 2);
  return {
    firstBytes: slices[0]!,
    lastBytes: slices[STEPS]!,
    riseBytes: step * STEPS,
    growth: (step * STEPS) / begin,
    risingSteps,
    scatter: Math.max(0, 1 - (line * line) / LINE_SQUARES / squares),
    bow: bow / Math.sqrt(BOW_SQUARES * squares),
    sway: sway / Math.sqrt(SWAY_SQUARES * squares),
  };
}

function sliceFloors(floors: ArrayLike<number>, from: number, count: number): readonly number[] {
  const lowest: number[] = [];
  for (let i = 0; i < SLICES; i++) {
    const end = Math.floor(from + ((i + 1) * count) / SLICES);
    let low = Infinity;
    for (let j = Math.floor(from + (i * count) / SLICES); j < end; j++) low = Math.min(low, floors[j]!);
    lowest.push(low);
  }
  return lowest;
}
