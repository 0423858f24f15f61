import { describe, expect, it } from 'vitest';
import { inDailyWindow } from './daily-window.js';

const at = (hour: number, minute = 0) => new Date(2026, 5, 15, hour, minute);

describe('inDailyWindow', () => {
  it('begins with its first minute and ends before its last', () => {
    expect([at(2, 59), at(3), at(4, 59), at(5)].map((date) => inDailyWindow('03:00-05:00', date))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('may pass midnight', () => {
    expect(
      [at(22), at(23, 30), at(0), at(1, 14), at(1, 15)].map((date) => inDailyWindow('23:30-01:15', date)),
    ).toEqual([false, true, true, true, false]);
  });

  it('lasts all day when it ends as it begins', () => {
    expect([at(0), at(3), at(23, 59)].every((date) => inDailyWindow('03:00-03:00', date))).toBe(true);
  });

  it('is never, when it cannot be understood', () => {
    for (const window of [
      '',
      '3-5',
      '3:00-5:00',
      '24:00-05:00',
      '03:60-05:00',
      '03:00–05:00',
      '03:00-05:00 UTC',
    ])
      expect(inDailyWindow(window, at(4)), window).toBe(false);
  });
});
