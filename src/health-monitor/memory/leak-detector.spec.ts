import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LeakDetector, type LeakEnd } from './leak-detector.js';

const MIB = 1024 ** 2;
const INTERVAL = 300_000;
const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);
const DAYS = { fresh: 0, running: 100 * HOUR };

/** The same numbers for the same seed, normal enough, deviation 1. */
function noise(seed: number): () => number {
  let state = seed;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return () =>
    next() +
    next() +
    next() +
    next() +
    next() +
    next() +
    next() +
    next() +
    next() +
    next() +
    next() +
    next() -
    6;
}

interface Trace {
  hours: number;
  /** MiB at an hour. */
  level: (hour: number) => number;
  age?: number;
  limit?: number;
  starts?: readonly number[];
  skip?: (hour: number) => boolean;
  clock?: (hour: number) => number;
  seed?: number;
  noiseMiB?: number;
}

/** Plays a trace; the hours at which leaks were found, and how each ended. */
function play({
  hours,
  level,
  age = DAYS.running,
  limit = Infinity,
  starts = [],
  skip,
  clock,
  seed = 1,
  noiseMiB = 2,
}: Trace) {
  const detector = new LeakDetector(INTERVAL);
  const jitter = noise(seed);
  const found: number[] = [];
  const ends: LeakEnd[] = [];
  for (let i = 0; i < hours * 12; i++) {
    const hour = i / 12;
    const started = starts.filter((start) => start <= hour).at(-1);
    const startedAt = started === undefined ? START - age : START + started * HOUR;
    const at = START + hour * HOUR;
    const bytes = Math.max(0, (level(hour) + noiseMiB * jitter()) * MIB);
    if (skip?.(hour)) continue;
    const before = detector.leak;
    const end = detector.push(
      { at: at + (clock?.(hour) ?? 0) * HOUR, bytes, startedAt, ageMs: at - startedAt },
      limit,
    );
    if (end) ends.push(end);
    if (!before && detector.leak) found.push(hour);
  }
  return { found, ends, leak: detector.leak, detector };
}

const wave = (hour: number, amplitude: number) =>
  amplitude * (0.5 - 0.5 * Math.cos((2 * Math.PI * hour) / 24));
const saw = (hour: number, period: number) => (hour % period) / period;

describe('LeakDetector: leaks', () => {
  it('finds a steady leak of a quarter a day within 14 hours of first sight, and says since when', () => {
    const { found, leak } = play({ hours: 24, level: (h) => 400 + (100 * h) / 24 });
    expect(found[0]).toBeGreaterThan(9);
    expect(found[0]).toBeLessThan(14);
    expect(leak?.bytesPerHour).toBeCloseTo((100 / 24) * MIB, -6);
    expect(leak?.hours).toBeGreaterThan(20);
  });

  it.each([
    ['under the saw of garbage collection', (h: number) => 400 + 8 * h + 200 * saw(h, 0.7), 30],
    ['that comes in steps', (h: number) => 400 + 20 * Math.floor(h / 1.5), 30],
    ['that speeds up', (h: number) => 400 + 0.3 * h * h, 30],
    [
      'that works at day and pauses at night',
      (h: number) => 400 + 10 * (h - (24 / (2 * Math.PI)) * Math.sin((2 * Math.PI * h) / 24)),
      40,
    ],
    ['over a daily wave', (h: number) => 400 + 10 * h + wave(h, 80), 60],
    ['that gives a third back, again and again', (h: number) => 400 + 8 * (h + 0.5 * (h % 5)), 40],
    ['of 6 % a day', (h: number) => 400 + h, 72],
    ['that begins after four days of calm', (h: number) => 400 + 8 * Math.max(0, h - 96), 120],
  ])('finds one %s', (_, level, within) => {
    const { found } = play({ hours: within, level });
    expect(found).toHaveLength(1);
  });

  it('warns of a fast one at least an hour before the limit', () => {
    const level = (h: number) => 400 + 80 * h;
    const { found } = play({ hours: 8, level, age: DAYS.fresh, limit: 1_000 * MIB });
    expect(level(found[0]! + 1)).toBeLessThan(1_000);
  });

  it('finds one that restarts hide, from the run before and this one', () => {
    const { found, ends } = play({
      hours: 20,
      level: (h) => 400 + 30 * (h % 8),
      age: DAYS.fresh,
      starts: [8, 16],
    });
    expect(found[0]).toBeGreaterThan(8);
    expect(found[0]).toBeLessThan(14);
    expect(ends).toEqual(['restart']);
  });
});

describe('LeakDetector: what is none', () => {
  it.each<[string, Trace]>([
    ['a flat line under noise', { hours: 200, level: () => 400, noiseMiB: 20 }],
    ['a warm-up', { hours: 60, age: DAYS.fresh, level: (h) => 400 - 250 * Math.exp(-h / 0.6) }],
    [
      'a cache that fills over hours',
      { hours: 72, age: DAYS.fresh, level: (h) => 400 + 500 * (1 - Math.exp(-h / 5)) },
    ],
    ['a daily wave, first seen at its trough', { hours: 200, level: (h) => 400 + wave(h, 200) }],
    ['a daily wave, first seen in its rise', { hours: 200, level: (h) => 400 + wave(h + 3, 200) }],
    ['busy days and calm weekends', { hours: 400, level: (h) => 400 + (h % 168 < 120 ? wave(h, 200) : 0) }],
    ['garbage collection', { hours: 120, level: (h) => 400 + 400 * saw(h, 2.3) }],
    ['two levels of load', { hours: 200, level: (h) => 400 + (h % 31 < 14 ? 200 : 0) }],
    ['one step', { hours: 72, level: (h) => (h < 20 ? 400 : 600) }],
    ['a spike at the end', { hours: 48, level: (h) => (h > 47.7 ? 1_500 : 400) }],
    ['a nightly job that fades', { hours: 150, level: (h) => 400 + 200 * Math.exp(-(h % 24) / 6) }],
    ['growth of less than 4 MiB', { hours: 72, level: (h) => 8 + h / 20, noiseMiB: 0.01 }],
    [
      'restarts that warm up',
      { hours: 60, age: DAYS.fresh, starts: [12, 24, 36, 48], level: (h) => 400 - 200 * Math.exp(-(h % 12)) },
    ],
    [
      'figures of zero now and then',
      { hours: 72, level: (h) => (Math.round(h * 12) % 17 === 0 ? 0 : 400), noiseMiB: 0 },
    ],
  ])('stays silent at %s', (_, trace) => {
    expect(play(trace).found).toEqual([]);
  });

  it('is not fooled by missed samples or a clock that jumps', () => {
    const level = (h: number) => 400 + wave(h, 150);
    expect(
      play({ hours: 150, level, skip: (h) => (h > 20 && h < 25) || Math.round(h * 12) % 5 === 0 }).found,
    ).toEqual([]);
    expect(play({ hours: 150, level, clock: (h) => (h > 8 ? 6 : 0) - (h > 40 ? 3 : 0) }).found).toEqual([]);
  });

  it('finds a leak in spite of missed samples, zeros and a clock that jumps', () => {
    const level = (h: number) => (Math.round(h * 12) % 23 === 0 ? 0 : 400 + 8 * h);
    const { found } = play({
      hours: 48,
      level,
      skip: (h) => Math.round(h * 12) % 4 === 0 || (h > 5 && h < 8),
      clock: (h) => (h > 3 ? -2 : 0),
    });
    expect(found).toHaveLength(1);
  });
});

describe('LeakDetector: how a leak ends', () => {
  const leaking = (h: number) => 400 + 8 * Math.min(h, 24);

  it('with a restart', () => {
    expect(play({ hours: 30, level: (h) => (h < 26 ? leaking(h) : 400), starts: [26] }).ends).toEqual([
      'restart',
    ]);
  });

  it('when half of it was given back for two hours, not sooner', () => {
    const level = (h: number) => (h < 26 ? leaking(h) : 420);
    expect(play({ hours: 27, level }).leak).not.toBeNull();
    expect(play({ hours: 30, level }).ends).toEqual(['given-back']);
  });

  it('after a day without a new high', () => {
    const { found, ends } = play({ hours: 60, level: leaking, noiseMiB: 0.1 });
    expect(found).toHaveLength(1);
    expect(ends).toEqual(['level']);
  });

  it('and lasts through nights in which it pauses', () => {
    const { found, ends } = play({
      hours: 100,
      level: (h) => 400 + 6 * (Math.floor(h / 24) * 12 + Math.min(h % 24, 12)) + 0.1 * h,
    });
    expect(found).toHaveLength(1);
    expect(ends).toEqual([]);
  });
});

describe('LeakDetector: its state', () => {
  it('takes no floors in the first hour of a run', () => {
    expect(play({ hours: 1, level: () => 400, age: DAYS.fresh }).detector.snapshot?.count).toBe(0);
    expect(play({ hours: 1, level: () => 400 }).detector.snapshot?.count).toBe(3);
    expect(play({ hours: 2, level: () => 400, age: DAYS.fresh }).detector.snapshot?.count).toBe(3);
  });

  it('marks a hole after half an hour without samples, or when the clock runs backwards, and not at a missed tick', () => {
    const since = (trace: Partial<Trace>) =>
      play({ hours: 6, level: () => 400, ...trace }).detector.snapshot!.sinceHole;
    expect(since({})).toBeGreaterThan(100);
    expect(since({ skip: (h) => h > 4 && h < 4.2 })).toBeGreaterThan(100);
    expect(since({ skip: (h) => h > 4 && h < 4.7 })).toBeLessThan(9);
    expect(since({ clock: (h) => (h > 4 ? -1 : 0) })).toBeLessThan(9);
  });

  it('goes on from what it had, with the same result', () => {
    const level = (h: number) => 400 + 8 * h;
    const whole = new LeakDetector(INTERVAL);
    let parts = new LeakDetector(INTERVAL);
    for (let i = 0; i < 20 * 12; i++) {
      const point = { at: START + i * INTERVAL, bytes: level(i / 12) * MIB, startedAt: 0, ageMs: 1e9 };
      whole.push(point, Infinity);
      parts.push(point, Infinity);
      if (i === 60) parts = new LeakDetector(INTERVAL, structuredClone(parts.snapshot));
      expect(parts.leak).toEqual(whole.leak);
    }
    expect(whole.leak).not.toBeNull();
  });

  it('does not grow with time', () => {
    const { detector } = play({ hours: 400, level: () => 400 });
    const { floors, count } = detector.snapshot!;
    expect(floors.byteLength).toBeLessThan(4_096);
    expect(count).toBe(floors.length);
  });
});

const RECORDINGS = new URL('../../../bench/leak/recordings/', import.meta.url);

/** The resident memory of a real process, sped up: see bench/leak/record.mjs. */
interface Recording {
  leak: boolean;
  pageBytes: number;
  pages: readonly number[];
}

describe('LeakDetector: recordings of real processes', () => {
  it.each(readdirSync(RECORDINGS))('%s', (file) => {
    const { leak, pageBytes, pages } = JSON.parse(
      readFileSync(new URL(file, RECORDINGS), 'utf8'),
    ) as Recording;
    const level = (hour: number) => ((pages[Math.round(hour * 12)] ?? 0) * pageBytes) / MIB;
    const { found } = play({ hours: pages.length / 12, level, age: DAYS.fresh, noiseMiB: 0 });
    expect(found).toHaveLength(leak ? 1 : 0);
  });
});
