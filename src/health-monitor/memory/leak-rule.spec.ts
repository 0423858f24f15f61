import { describe, expect, it } from 'vitest';
import { findLeak, roseToItsEnd, type RunHistory } from './leak-rule.js';

const MIB = 1024 ** 2;

/** A run of so many hours, its floor at each hour in MiB, a floor each quarter of an hour. */
function run(hours: number, level: (hour: number) => number, more: Partial<RunHistory> = {}): RunHistory {
  const count = hours * 4;
  return {
    floors: Array.from({ length: count }, (_, i) => level(i / 4) * MIB),
    count,
    blockHours: 0.25,
    ageHours: 100,
    sinceHole: count,
    earlierRisingHours: 0,
    earlierEndBytes: 0,
    ...more,
  };
}

const straight = (hour: number) => 400 + 8 * hour;
const calmUntil = (from: number, level: (hour: number) => number) => (hour: number) =>
  level(Math.max(0, hour - from));

describe('findLeak', () => {
  it('believes a straight rise after eleven hours, not before', () => {
    expect(findLeak(run(10.75, straight), Infinity)).toBeNull();
    expect(findLeak(run(11, straight), Infinity)).toMatchObject({ evidence: 'straight', hours: 11 });
  });

  it('believes it after ten hours when the run has been watched for a day', () => {
    expect(findLeak(run(23.75, calmUntil(13.75, straight)), Infinity)).toBeNull();
    expect(findLeak(run(24, calmUntil(14, straight)), Infinity)).toMatchObject({ hours: 10 });
  });

  it('takes no daily wave for a leak, whenever it is first seen', () => {
    for (let phase = 0; phase < 24; phase++) {
      const wave = (hour: number) => 500 - 100 * Math.cos((2 * Math.PI * (hour + phase)) / 24);
      for (let hours = 3; hours <= 72; hours += 0.25) {
        const seen = findLeak(run(hours, wave), Infinity);
        expect(seen, `begun at ${phase} h, seen for ${hours} h`).toBeNull();
      }
    }
  });

  it('believes a rise that sways like a wave once a day has shown that there is none', () => {
    const swaying = (hour: number) => 500 - 100 * Math.cos((2 * Math.PI * (hour + 1)) / 24);
    expect(findLeak(run(11, swaying), Infinity)).toBeNull();
    expect(findLeak(run(35, calmUntil(24, swaying)), Infinity)).toMatchObject({ evidence: 'straight' });
  });

  it('wants 10 % within eleven hours, 8 % within twelve', () => {
    expect(
      findLeak(
        run(11, (h) => 400 + 4 * h),
        Infinity,
      ),
    ).toBeNull();
    expect(
      findLeak(
        run(12, (h) => 400 + 4 * h),
        Infinity,
      ),
    ).toMatchObject({ hours: 12 });
  });

  it('lets a rise flatten out a little, and less in the first day', () => {
    const slowing = (hour: number) => 400 + 300 * (1 - Math.exp(-hour / 30));
    expect(findLeak(run(11, slowing, { ageHours: 1 }), Infinity)).toBeNull();
    expect(findLeak(run(11, slowing), Infinity)).not.toBeNull();
    expect(
      findLeak(
        run(11, (h) => 400 + 300 * (1 - Math.exp(-h / 10))),
        Infinity,
      ),
    ).toBeNull();
  });

  it('wants at least six of seven steps to rise, however straight the stairs', () => {
    expect(
      findLeak(
        run(24, (h) => 400 + 40 * Math.floor(h / 6)),
        Infinity,
      ),
    ).toBeNull();
  });

  it('wants the rise to be above what was there before', () => {
    const back = (hour: number) => (hour < 10 ? 600 : straight(hour - 10));
    expect(findLeak(run(20, back), Infinity)).toBeNull();
  });

  it('wants an uneven rise to last longer', () => {
    const uneven = (hour: number) =>
      400 +
      Array.from({ length: Math.floor(hour / 1.25) }, (_, i) => (i % 2 ? 25 : 3)).reduce((a, b) => a + b, 0);
    expect(findLeak(run(11, uneven), Infinity)).toBeNull();
    expect(findLeak(run(20, uneven), Infinity)).not.toBeNull();
  });

  it('does not trust a short span with a hole in it, and trusts a long one', () => {
    expect(findLeak(run(12, straight, { sinceHole: 20 }), Infinity)).toBeNull();
    expect(findLeak(run(16, straight, { sinceHole: 20 }), Infinity)).toMatchObject({ hours: 16 });
  });

  it('waits less for what has doubled, or meets its limit within three hours', () => {
    expect(
      findLeak(
        run(8, (h) => 400 + 70 * h),
        Infinity,
      ),
    ).toMatchObject({ evidence: 'doubled' });
    const fast = run(4, (h) => 400 + 50 * h);
    expect(findLeak(fast, 720 * MIB)).toMatchObject({ evidence: 'near-limit' });
    expect(findLeak(fast, 730 * MIB)).toBeNull();
  });

  it('waits less when the run before rose to its end, higher than this one begins', () => {
    const earlier = { earlierRisingHours: 6, earlierEndBytes: 600 * MIB };
    const rising = (hour: number) => 400 + 25 * hour;
    expect(findLeak(run(4, rising, earlier), Infinity)).toMatchObject({ evidence: 'runs' });
    expect(findLeak(run(4, rising, { ...earlier, earlierEndBytes: 300 * MIB }), Infinity)).toBeNull();
    expect(findLeak(run(4, rising, { ...earlier, earlierRisingHours: 2 }), Infinity)).toBeNull();
  });
});

describe('roseToItsEnd', () => {
  it('is true of a rise until the end, and not of one that stopped', () => {
    expect(roseToItsEnd(run(6, (h) => 400 + 25 * h))).not.toBeNull();
    expect(roseToItsEnd(run(6, (h) => 400 + 25 * Math.min(h, 3)))).toBeNull();
    expect(roseToItsEnd(run(2, (h) => 400 + 90 * h))).toBeNull();
  });
});
