import { describe, expect, it } from 'vitest';
import { growthPercent } from './growth-rule.js';

const MINUTE = 60_000;
const grown = (oldest: number, latest: number, count: number, minutes = (count - 1) * 5) =>
  growthPercent({ at: 0, bytes: oldest }, { at: minutes * MINUTE, bytes: latest }, count);

describe('growthPercent', () => {
  it('compares the latest sample with the oldest, whatever lies between', () => {
    expect(grown(100, 163, 13)).toBeCloseTo(63);
    expect(grown(100, 40, 288)).toBeCloseTo(-60);
  });

  it('is unknown from fewer than twelve samples, or less than an hour of them', () => {
    expect(grown(100, 200, 11, 120)).toBeNull();
    expect(grown(100, 200, 12)).toBeNull();
    expect(grown(100, 200, 12, 60)).toBeCloseTo(100);
    expect(grown(100, 200, 13)).toBeCloseTo(100);
  });

  it('is unknown when the oldest figure is zero, or there is none', () => {
    expect(grown(0, 200, 13)).toBeNull();
    expect(growthPercent(undefined, undefined, 0)).toBeNull();
  });
});
