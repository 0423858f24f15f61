// Made-up traces of containers' memory, one sample each five minutes, by family. A family is a function of (random, base)
// that returns { hours, fresh?, limit?, restarts?, leak? (hour => bytes leaked so far, since start), level (hour, age) => bytes }.
import { randomFrom } from './random.mjs';

const MIB = 2 ** 20;
const PER_HOUR = 12;
const INTERVAL_MS = 300_000;
const START = Date.UTC(2026, 0, 5);

const day = (hour) => 0.5 - 0.5 * Math.cos((2 * Math.PI * hour) / 24);

/** Level 0 to 1 of a garbage collector's saw, `period` hours long. */
function saw(random, period) {
  let used = random.between(0, 1);
  return () => {
    used += random.between(0.5, 1.5) / (period * PER_HOUR);
    if (used > 1) used = 0;
    return used;
  };
}

/** Mean-reverting random walk, deviation 1. */
function walk(random, hours) {
  let at = random.normal();
  const pull = 1 / (hours * PER_HOUR);
  return () => (at += -pull * at + Math.sqrt(2 * pull) * random.normal());
}

const linear = (random, base, from, to, onset = 0) => {
  const perHour = (base * random.between(from, to)) / 24;
  return (hour) => Math.max(0, hour - onset) * perHour;
};

export const FAMILIES = {
  // Leaks
  'leak, steady': (r, base) => ({ hours: 60, leak: linear(r, base, 0.15, 0.6), level: () => base }),
  'leak, fast, limited': (r, base) => ({
    hours: 30,
    leak: linear(r, base, 0.9, 4),
    limit: base * r.between(2, 5),
    level: () => base,
  }),
  'leak under garbage collection': (r, base) => {
    const [gc, amplitude] = [saw(r, r.magnitude(0.3, 3)), base * r.between(0.2, 0.8)];
    return { hours: 72, leak: linear(r, base, 0.25, 1), level: () => base + amplitude * gc() };
  },
  'leak after days of calm': (r, base) => ({
    hours: 168,
    leak: linear(r, base, 0.15, 0.8, r.between(60, 110)),
    level: () => base,
  }),
  'leak that pauses at night': (r, base) => {
    const [perDay, phase] = [base * r.between(0.25, 0.9), r.between(0, 24)];
    const integral = (hour) => hour / 24 - Math.sin((2 * Math.PI * hour) / 24) / (2 * Math.PI);
    return {
      hours: 120,
      leak: (hour) => perDay * (integral(hour + phase) - integral(phase)),
      level: () => base,
    };
  },
  'leak that gives some back': (r, base) => {
    const [perDay, every, share] = [base * r.between(0.3, 1.2), r.between(3, 8), r.between(0.25, 0.5)];
    return {
      hours: 96,
      leak: (h) => (perDay / 24) * (h + ((h % every) * share) / (1 - share)),
      level: () => base,
    };
  },
  'leak over a daily wave': (r, base) => {
    const [amplitude, phase] = [base * r.between(0.1, 0.35), r.between(0, 24)];
    return { hours: 144, leak: linear(r, base, 0.25, 0.8), level: (h) => base + amplitude * day(h + phase) };
  },
  'leak under heavy noise': (r, base) => {
    const [noise, size] = [walk(r, r.between(0.2, 2)), base * r.between(0.02, 0.05)];
    return { hours: 96, leak: linear(r, base, 0.25, 0.9), level: () => base + size * noise() };
  },
  'leak that restarts hide': (r, base) => {
    const every = r.between(6, 12);
    const restarts = Array.from({ length: 7 }, (_, i) => every * (i + r.between(0.5, 0.9)));
    return { hours: 60, fresh: true, restarts, leak: linear(r, base, 1.5, 6), level: () => base };
  },
  'leak, 4 to 8 % a day': (r, base) => ({ hours: 240, leak: linear(r, base, 0.04, 0.08), level: () => base }),
  // Not leaks
  flat: (r, base) => ({ hours: 168, level: () => base }),
  'warm-up': (r, base) => {
    const [hours, from] = [r.magnitude(0.2, 5), r.between(0.2, 0.7)];
    return {
      hours: 60,
      fresh: true,
      level: (_, age) => base * (1 - (1 - from) * Math.exp((-4 * age) / hours)),
    };
  },
  'cache that fills': (r, base) => {
    const [size, tau] = [base * r.between(0.4, 2), r.magnitude(0.7, 10)];
    return { hours: 96, fresh: true, level: (_, age) => base + size * (1 - Math.exp(-age / tau)) };
  },
  'daily wave': (r, base) => {
    const [amplitude, phase, power] = [base * r.between(0.1, 0.6), r.between(0, 24), r.between(0.8, 2.5)];
    return { hours: 168, level: (h) => base + amplitude * day(h + phase) ** power };
  },
  'working week': (r, base) => {
    const [amplitude, phase] = [base * r.between(0.2, 0.6), r.between(0, 168)];
    const busy = (h) =>
      h % 168 < 120 ? Math.max(0, Math.min(1, ((h % 24) - 7) / 3, (20 - (h % 24)) / 3)) : 0;
    return { hours: 336, level: (h) => base + amplitude * busy(h + phase) };
  },
  'garbage collection': (r, base) => {
    const [gc, amplitude] = [saw(r, r.magnitude(0.3, 3)), base * r.between(0.2, 1.5)];
    return { hours: 96, level: () => base + amplitude * gc() };
  },
  'heap that grows to its cap': (r, base) => {
    const [gc, cap, tau] = [saw(r, r.magnitude(0.3, 2)), base * r.between(0.5, 1.5), r.between(2, 10)];
    return { hours: 96, fresh: true, level: (_, age) => base + cap * (1 - Math.exp(-age / tau)) * gc() };
  },
  'two levels': (r, base) => {
    const [high, dwell] = [base * r.between(0.15, 0.8), r.between(4, 30)];
    let [on, until] = [false, 0];
    return {
      hours: 168,
      level: (h) => {
        if (h >= until) [on, until] = [!on, h + dwell * r.between(0.3, 1.7)];
        return base + (on ? high : 0);
      },
    };
  },
  'one step': (r, base) => {
    const [at, size] = [r.between(3, 60), base * r.between(0.15, 0.8)];
    return { hours: 72, level: (h) => base + (h >= at ? size : 0) };
  },
  'nightly job': (r, base) => {
    const [size, phase, tau] = [base * r.between(0.2, 0.8), r.between(0, 24), r.between(3, 9)];
    return { hours: 168, level: (h) => base + size * Math.exp(-((h + phase) % 24) / tau) };
  },
  'random walk': (r, base) => {
    const [at, size] = [walk(r, r.between(1.5, 8)), base * r.between(0.02, 0.08)];
    return { hours: 168, level: () => base + size * at() };
  },
  'restarts, each warming up': (r, base) => {
    const hours = r.between(0.3, 3);
    const restarts = Array.from({ length: 6 }, (_, i) => 16 * (i + r.between(0.3, 1)));
    return {
      hours: 96,
      fresh: true,
      restarts,
      level: (_, age) => base * (1 - 0.5 * Math.exp((-4 * age) / hours)),
    };
  },
  'tiny and noisy': (r) => {
    const base = r.between(1.5, 10) * MIB;
    return { hours: 120, level: () => base * (1 + 0.08 * r.normal()) };
  },
};

/** Yields { family, leak, samples, limitBytes, onset (index), due (index from which an alarm is right), kills (indices) }. */
export function* traces({ seed, perFamily }) {
  for (const [family, make] of Object.entries(FAMILIES)) {
    for (let k = 0; k < perFamily; k++) yield trace(family, make, randomFrom(`${seed}/${family}/${k}`));
  }
}

function trace(family, make, random) {
  const base = random.magnitude(48 * MIB, 4096 * MIB);
  const spec = make(random, base);
  const fresh = spec.fresh ?? random.chance(0.4);
  const [noise, size] = [walk(random, random.between(0.1, 1.5)), base * random.magnitude(0.001, 0.015)];
  const restarts = new Set((spec.restarts ?? []).map((hour) => Math.round(hour * PER_HOUR)));
  let started = fresh ? 0 : -Math.round(random.between(24, 600) * PER_HOUR);
  let leakFrom = 0;
  const [samples, kills] = [[], []];
  let [onset, due] = [null, null];
  for (let i = 0; i < spec.hours * PER_HOUR; i++) {
    if (restarts.has(i)) started = leakFrom = i;
    const leaked = spec.leak?.((i - leakFrom) / PER_HOUR) ?? 0;
    if (leaked > 0) onset ??= i;
    if (leaked >= Math.max(0.05 * base, 2 * MIB)) due ??= i;
    let bytes = spec.level(i / PER_HOUR, (i - started) / PER_HOUR) + leaked + size * noise();
    bytes = Math.round(Math.max(bytes, base / 20) / 4096) * 4096;
    samples.push({ i, t: START + i * INTERVAL_MS, bytes, startedAt: START + started * INTERVAL_MS });
    if (spec.limit && bytes >= spec.limit) {
      kills.push(i);
      started = leakFrom = i + 1;
    }
  }
  return {
    family,
    leak: spec.leak !== undefined,
    samples,
    limitBytes: spec.limit ?? null,
    onset,
    due,
    kills,
  };
}

/** A recording of a real process as a trace: it was leaking from its first sample, or never. */
export function traceOf({ name, leak, pageBytes, pages }) {
  const samples = pages.map((count, i) => ({
    i,
    t: START + i * INTERVAL_MS,
    bytes: count * pageBytes,
    startedAt: START,
  }));
  return {
    family: name,
    leak,
    samples,
    limitBytes: null,
    onset: leak ? 0 : null,
    due: leak ? 0 : null,
    kills: [],
  };
}
