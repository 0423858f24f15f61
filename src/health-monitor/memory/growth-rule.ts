const LEAST_SAMPLES = 12;
const LEAST_MS = 3_600_000;

export interface TimedBytes {
  /** Milliseconds. */
  readonly at: number;
  readonly bytes: number;
}

/**
 * The rule `growth`, as the Rust monitor had it: by how many percent the latest of the samples kept exceeds the oldest,
 * runs ignored. `null` with fewer than 12 samples, with less than an hour of them, or with an oldest one of 0.
 */
export function growthPercent(
  oldest: TimedBytes | undefined,
  latest: TimedBytes | undefined,
  count: number,
): number | null {
  if (!oldest || !latest || count < LEAST_SAMPLES || latest.at - oldest.at < LEAST_MS || !(oldest.bytes > 0))
    return null;
  return ((latest.bytes - oldest.bytes) / oldest.bytes) * 100;
}
