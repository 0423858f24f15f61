import { describe, expect, it } from 'vitest';
import { momentOf } from './moment.js';

const NOW = new Date(2026, 2, 10, 9, 30).getTime();
const at = (...parts: [number, number, number, number, number, number]): number =>
  new Date(...parts, 999).getTime();

describe('a moment', () => {
  it.each([
    ['03:12', at(2026, 2, 10, 3, 12, 59)],
    ['03:12:40', at(2026, 2, 10, 3, 12, 40)],
    ['23:12', at(2026, 2, 9, 23, 12, 59)],
    ['2026-03-08 23:12', at(2026, 2, 8, 23, 12, 59)],
    ['2026-03-08T23:12:05', at(2026, 2, 8, 23, 12, 5)],
  ])('%s is the end of what it names, and never in the future', (text, expected) => {
    expect(momentOf(text, NOW)).toBe(expected);
  });

  it.each(['', '3:12', '25:00', '03:61', 'yesterday', '2026-13-01 03:12', '03:12 '])('is not %j', (text) => {
    expect(() => momentOf(text, NOW)).toThrow('is no time; write 03:12');
  });
});
