import { describe, expect, it } from 'vitest';
import { LONGEST_WAIT_MS, nextAttemptAt, parseRetryAfter } from './retry-schedule.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');

describe('nextAttemptAt', () => {
  it('waits 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h, then gives up', () => {
    const minutes = Array.from({ length: 8 }, (_, failed) => {
      const next = nextAttemptAt(failed + 1, NOW, { random: 0 });
      return next === null ? null : (next - NOW) / 60_000;
    });
    expect(minutes).toEqual([5 / 60, 5, 30, 120, 300, 600, 600, null]);
  });

  it('adds up to a tenth, never takes away', () => {
    expect(nextAttemptAt(2, NOW, { random: 1 })).toBe(NOW + 330_000);
    expect(nextAttemptAt(2, NOW, { random: 0.5 })).toBe(NOW + 315_000);
  });

  it('waits longer when asked to, never shorter, and not for ever', () => {
    expect(nextAttemptAt(1, NOW, { random: 0, retryAfterMs: 60_000 })).toBe(NOW + 60_000);
    expect(nextAttemptAt(2, NOW, { random: 0, retryAfterMs: 1_000 })).toBe(NOW + 300_000);
    expect(nextAttemptAt(1, NOW, { random: 0, retryAfterMs: 1e12 })).toBe(NOW + LONGEST_WAIT_MS);
  });
});

describe('parseRetryAfter', () => {
  it.each([
    ['120', 120_000],
    ['0.5', 500],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
    ['0', 0],
    ['soon', null],
    [undefined, null],
  ])('reads %s', (header, expected) => {
    expect(parseRetryAfter(header, NOW)).toBe(expected);
  });
});
