import { describe, expect, it } from 'vitest';
import { durationMs } from './duration.js';

describe('a duration', () => {
  it.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('%s is %i ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  it.each(['', '2', 'h', '0h', '-2h', '1.5h', '2 h', '2H', '2h30m', '1e3s', '999999999d', '२h'])(
    'is not %j',
    (text) => {
      expect(() => durationMs(text)).toThrow('is no duration; write 90s, 30m, 2h or 1d.');
    },
  );
});
