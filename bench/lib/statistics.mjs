/** The value below which `share` (0 to 1) of the values lie; `NaN` for none. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export const median = (values) => percentile(values, 0.5);

/** Rounded for a table. */
export const rounded = (value, digits = 1) => Number(value.toFixed(digits));

/** How long `work` takes, in milliseconds. */
export async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
