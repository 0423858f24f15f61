import { describe, expect, it } from 'vitest';
import { clockAhead } from './engine-clock.js';

describe('how far an engine’s clock is ahead', () => {
  const asked = { from: 10_000, to: 10_100 };

  it('is nothing where the two may agree, as far as rounding and the time of an answer allow', () => {
    for (const told of [10_000, 10_050, 10_100.9]) expect(clockAhead(told, 0, asked)).toEqual({});
    for (const told of [9_000, 10_000]) expect(clockAhead(told, 1_000, asked)).toEqual({});
  });

  it.each([
    [15_050, 0, 5_000],
    [5_050, 0, -5_000],
    [15_000, 1_000, 5_450],
    [7_000, 1_000, -2_550],
  ])('is what lies in the middle of what it may be (%i)', (told, roundedMs, ahead) => {
    const { clockAheadMs } = clockAhead(told, roundedMs, asked);
    expect(Math.abs(clockAheadMs! - ahead)).toBeLessThanOrEqual(1);
  });
});
