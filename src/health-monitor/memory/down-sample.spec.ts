import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { downSample } from './down-sample.js';

const series = (bytes: readonly number[]) => bytes.map((value, at) => ({ at, bytes: value }));

describe('downSample', () => {
  it('leaves alone what is short enough', () => {
    expect(downSample(series([1, 2, 3]), 3)).toEqual(series([1, 2, 3]));
    expect(downSample([], 10)).toEqual([]);
  });

  it('keeps a single spike and a single dip among many', () => {
    const bytes = Array.from({ length: 288 }, () => 100);
    bytes[97] = 900;
    bytes[200] = 7;
    const kept = downSample(series(bytes), 40).map((sample) => sample.bytes);
    expect(kept).toContain(900);
    expect(kept).toContain(7);
  });

  it('keeps the first, the latest, the highest and the lowest sample, in order, and no more than wanted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1_000), { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 4, max: 100 }),
        (bytes, points) => {
          const all = series(bytes);
          const kept = downSample(all, points);
          const times = kept.map(({ at }) => at);
          expect(kept.length).toBeLessThanOrEqual(Math.max(points, 2));
          expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
          expect(times[0]).toBe(0);
          expect(times.at(-1)).toBe(all.length - 1);
          expect(Math.max(...kept.map((s) => s.bytes))).toBe(Math.max(...bytes));
          expect(Math.min(...kept.map((s) => s.bytes))).toBe(Math.min(...bytes));
        },
      ),
    );
  });
});
