type Values = readonly (number | null)[];

/** Where a chart is drawn, pixels, and what of: seconds since 1970 from left to right, bytes from 0 at the foot upwards. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly foot: number;
  readonly from: number;
  readonly to: number;
  readonly highest: number;
}

export const xOf = ({ left, right, from, to }: Frame, time: number): number =>
  left + ((time - from) / (to - from || 1)) * (right - left);

export const yOf = ({ top, foot, highest }: Frame, bytes: number): number =>
  foot - (bytes / highest) * (foot - top);

/** Lines between the points of each stretch without a gap. */
export const linePath = (frame: Frame, times: readonly number[], values: Values): string =>
  stretches(times, values)
    .map((points) => `M${points.map(pointIn(frame)).join('L')}`)
    .join('');

/** What lies below such lines. */
export const areaPath = (frame: Frame, times: readonly number[], values: Values): string =>
  stretches(times, values)
    .map((points) => {
      const ends = [points.at(-1), points[0]].map((point) => ({ time: point?.time ?? 0, value: 0 }));
      return `M${[...points, ...ends].map(pointIn(frame)).join('L')}Z`;
    })
    .join('');

/** Each value lasts until the time of the next one. */
export const stepPath = (frame: Frame, times: readonly number[], values: Values): string =>
  stretches(times, values)
    .map((points) => {
      const corners = points
        .slice(1)
        .map(({ time, value }) => `H${px(xOf(frame, time))}V${px(yOf(frame, value))}`);
      return `M${points.slice(0, 1).map(pointIn(frame)).join('')}${corners.join('')}`;
    })
    .join('');

interface Point {
  readonly time: number;
  readonly value: number;
}

function stretches(times: readonly number[], values: Values): readonly (readonly Point[])[] {
  const found: Point[][] = [];
  let open: Point[] | null = null;
  for (const [index, time] of times.entries()) {
    const value = values[index] ?? null;
    if (value === null) open = null;
    else if (open) open.push({ time, value });
    else found.push((open = [{ time, value }]));
  }
  return found;
}

const pointIn =
  (frame: Frame) =>
  ({ time, value }: Point): string =>
    `${px(xOf(frame, time))} ${px(yOf(frame, value))}`;

const px = (position: number): number => Math.round(position * 10) / 10;

/** Round numbers in the units in which sizes are printed. */
const BYTE_STEPS = [1, 1024, 1024 ** 2, 1024 ** 3, 1024 ** 4].flatMap((unit) =>
  [1, 2, 5, 10, 20, 50, 100, 200, 500].map((factor) => factor * unit),
);
const MINUTE_STEPS = [1, 2, 5, 10, 15, 30, ...[1, 2, 3, 4, 6, 8, 12, 24, 48, 96].map((hours) => hours * 60)];

/** Round sizes from 0 to the top of a chart, not nearer than `gap` pixels. */
export function byteTicks({ top, foot, highest }: Frame, gap: number): readonly number[] {
  const step = stepOf(BYTE_STEPS, (highest * gap) / (foot - top));
  return Array.from({ length: Math.floor(highest / step) + 1 }, (_, index) => index * step);
}

/** Round times of day within a chart, seconds since 1970, not nearer than `gap` pixels. */
export function timeTicks({ left, right, from, to }: Frame, gap: number): readonly number[] {
  const step = stepOf(MINUTE_STEPS, (((to - from) / 60) * gap) / Math.max(gap, right - left));
  const day = new Date(from * 1_000);
  const ticks: number[] = [];
  for (let minute = 0, at = 0; at <= to; minute += step) {
    // By the clock of the day, which has an hour more or less twice a year.
    at = new Date(day.getFullYear(), day.getMonth(), day.getDate(), 0, minute).getTime() / 1_000;
    if (at >= from && at <= to) ticks.push(at);
  }
  return ticks;
}

const stepOf = (steps: readonly number[], least: number): number =>
  steps.find((step) => step >= least) ?? least;

/** The index of the time that is nearest. */
export function nearest(times: readonly number[], wanted: number): number {
  return times.reduce(
    (best, time, index) =>
      Math.abs(time - wanted) < Math.abs((times[best] ?? Infinity) - wanted) ? index : best,
    0,
  );
}
