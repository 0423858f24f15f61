// Random numbers that are the same for the same seed, everywhere (mulberry32, seeded with FNV-1a).
export function randomFrom(seed) {
  let state = 2166136261;
  for (const letter of seed) state = Math.imul(state ^ letter.codePointAt(0), 16777619);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low, high) => low + (high - low) * next();
  return {
    between,
    /** Evenly on a logarithmic scale. */
    magnitude: (low, high) => Math.exp(between(Math.log(low), Math.log(high))),
    chance: (share) => next() < share,
    /** Normal, mean 0, deviation 1: twelve even ones. */
    normal: () => Array.from({ length: 12 }, next).reduce((sum, x) => sum + x, -6),
  };
}
