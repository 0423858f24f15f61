import type { TimedBytes } from './growth-rule.js';

/**
 * At most `points` of the samples, in order, such that a chart of them looks like a chart of all: equal groups of
 * neighbours, of each its lowest and its highest. The first and the latest sample are always there.
 */
export function downSample<T extends TimedBytes>(samples: readonly T[], points: number): T[] {
  const wanted = Math.max(2, Math.floor(points));
  if (samples.length <= wanted) return [...samples];
  const inner = samples.slice(1, -1);
  const groups = Math.floor((wanted - 2) / 2);
  const kept: T[] = [samples[0]!];
  for (let group = 0; group < groups; group++) {
    const start = Math.floor((group * inner.length) / groups);
    const end = Math.floor(((group + 1) * inner.length) / groups);
    let low = start;
    let high = start;
    for (let i = start + 1; i < end; i++) {
      if (inner[i]!.bytes < inner[low]!.bytes) low = i;
      if (inner[i]!.bytes > inner[high]!.bytes) high = i;
    }
    kept.push(inner[Math.min(low, high)]!);
    if (low !== high) kept.push(inner[Math.max(low, high)]!);
  }
  kept.push(samples.at(-1)!);
  return kept;
}
