import type { MemorySample, MemoryTrend } from '../client.js';

/** Lines of the memory chart over one time axis. Seconds since 1970 and bytes; `null` is a gap. */
export interface MemorySeries {
  readonly times: readonly number[];
  readonly used: readonly (number | null)[];
  /** What it never went below again: a step line. Starts anew with every restart. */
  readonly floor: readonly (number | null)[];
  /** From now to where it meets the limit, or as far as that is fair; only its two ends. */
  readonly forecast: readonly (number | null)[];
  readonly nowIndex: number;
}

const HOUR = 3_600;
/** Farther ahead, as a multiple of what is known, the forecast would squeeze what is known to nothing. */
const AHEAD = 3;

export function memorySeries(
  samples: readonly MemorySample[],
  trend: MemoryTrend | null,
  limitBytes: number | null,
  restarts: readonly number[] = [],
): MemorySeries {
  const points = samples
    .map(({ at, usedBytes }) => ({ at: Date.parse(at) / 1_000, used: usedBytes }))
    .sort((a, b) => a.at - b.at);
  const steps = points.slice(1).map((point, index) => point.at - (points[index]?.at ?? point.at));
  const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 300;

  const times: number[] = [];
  const used: (number | null)[] = [];
  points.forEach((point, index) => {
    const before = points[index - 1];
    if (before && point.at - before.at > usual * 3) {
      times.push((before.at + point.at) / 2);
      used.push(null);
    }
    times.push(point.at);
    used.push(point.used);
  });

  const floor = floors(times, used, restarts);
  const nowIndex = times.length - 1;
  const forecast: (number | null)[] = times.map(() => null);
  const now = times[nowIndex];
  const first = times[0];
  if (
    trend?.leaking &&
    trend.hoursToLimit !== null &&
    limitBytes !== null &&
    now !== undefined &&
    first !== undefined
  ) {
    const hours = Math.min(trend.hoursToLimit, Math.max(1, ((now - first) / HOUR) * AHEAD));
    forecast[nowIndex] = trend.floorBytes;
    times.push(now + hours * HOUR);
    used.push(null);
    floor.push(null);
    const meets = hours === trend.hoursToLimit;
    forecast.push(meets ? limitBytes : trend.floorBytes + hours * trend.growthBytesPerHour);
  }
  return { times, used, floor, forecast, nowIndex };
}

function floors(
  times: readonly number[],
  used: readonly (number | null)[],
  restarts: readonly number[],
): (number | null)[] {
  const result: (number | null)[] = [];
  let lowest = recentLowest(times, used, restarts);
  for (let index = times.length - 1; index >= 0; index--) {
    const value = used[index] ?? null;
    const [at = 0, next = Infinity] = [times[index], times[index + 1]];
    if (restarts.some((restart) => restart > at && restart <= next)) lowest = Infinity;
    if (value !== null) lowest = Math.min(lowest, value);
    result[index] = value === null ? null : lowest;
  }
  return result;
}

/** The lowest of the latest tenth: how low it will be yet, nobody knows, so the floor does not rise with the last wave. */
function recentLowest(
  times: readonly number[],
  used: readonly (number | null)[],
  restarts: readonly number[],
): number {
  const from = Math.max(times[times.length - Math.ceil(times.length / 10)] ?? 0, ...restarts);
  return Math.min(
    ...used.filter((value, index): value is number => value !== null && (times[index] ?? 0) >= from),
  );
}

/** A round number at or above `bytes` for the top of the chart. */
export function ceiling(bytes: number): number {
  const unit = 1024 ** Math.floor(Math.log2(Math.max(1, bytes)) / 10);
  const magnitude = unit * 10 ** Math.floor(Math.log10(Math.max(1, bytes) / unit));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((factor) => factor * magnitude >= bytes) ?? 10;
  return step * magnitude;
}
