/** How much was used at a moment: milliseconds since 1970, bytes. */
export interface UsedAt {
  readonly at: number;
  readonly bytes: number;
}

const HOUR = 3_600_000;
/** Over which a rise is looked for, in hours, shortest first. */
const SPANS = [3, 12, 48, 168];
/** Nothing is foretold for longer than so many times the span over which it was seen. */
const FORESEES = 6;
/** Of a span, so much must be known. */
const COVERED = 0.9;
const LEAST_POINTS = 10;
const MOST_POINTS = 48;
/** Of all pairs of points, so many must rise: what goes up and down does not fill. */
const RISING_PAIRS = 0.85;
/** It still rises, at no less than so much of the rate. */
const STILL = 0.5;
/** Share of the rise that was never seen before: what comes and goes each night was. */
const NEW_HIGH = 0.5;

/**
 * In how many milliseconds a file system is full, by the median of the slopes between its figures (Theil–Sen), so that a
 * few that lie apart change nothing; `null`: that is not foreseeable. Pure.
 *
 * @param used oldest first
 * @param freeBytes of the latest
 */
export function fullInMs(used: readonly UsedAt[], freeBytes: number): number | null {
  const forecasts = SPANS.flatMap((hours) => forecastBy(used, freeBytes, hours * HOUR) ?? []);
  return forecasts.length === 0 ? null : Math.min(...forecasts);
}

function forecastBy(used: readonly UsedAt[], freeBytes: number, spanMs: number): number | null {
  const latest = used.at(-1);
  if (latest === undefined) return null;
  const from = used.findIndex(({ at }) => at >= latest.at - spanMs);
  const points = thinned(used.slice(from));
  const first = points[0];
  if (first === undefined || points.length < LEAST_POINTS || latest.at - first.at < COVERED * spanMs)
    return null;
  const perMs = risingSlope(points);
  if (perMs === null || !risesStill(points, perMs)) return null;
  const rise = latest.bytes - first.bytes;
  const highest = used.slice(0, from).reduce((most, { bytes }) => Math.max(most, bytes), first.bytes);
  if (latest.bytes - highest < NEW_HIGH * rise) return null;
  const left = freeBytes / perMs;
  return left <= FORESEES * spanMs ? left : null;
}

/** Bytes a millisecond; `null`: it does not rise all along. */
function risingSlope(points: readonly UsedAt[]): number | null {
  const slopes = points.flatMap((later, index) =>
    points.slice(0, index).map((earlier) => (later.bytes - earlier.bytes) / (later.at - earlier.at)),
  );
  const rising = slopes.filter((slope) => slope > 0).length;
  if (rising < RISING_PAIRS * slopes.length) return null;
  return slopes.toSorted((a, b) => a - b)[Math.floor(slopes.length / 2)] ?? null;
}

function risesStill(points: readonly UsedAt[], perMs: number): boolean {
  const latest = points.at(-1)!;
  const earlier = points[Math.floor(points.length * 0.75)]!;
  return (latest.bytes - earlier.bytes) / (latest.at - earlier.at) >= STILL * perMs;
}

/** As many of them as need be, the first and the latest among them. */
function thinned(points: readonly UsedAt[]): readonly UsedAt[] {
  if (points.length <= MOST_POINTS) return points;
  const step = (points.length - 1) / (MOST_POINTS - 1);
  return Array.from({ length: MOST_POINTS }, (_, index) => points[Math.round(index * step)]!);
}
