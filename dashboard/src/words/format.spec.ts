import { describe, expect, it } from 'vitest';
import {
  ago,
  bytes,
  count,
  countdown,
  day,
  duration,
  exactDuration,
  list,
  moment,
  shortList,
  time,
} from './format.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOON = new Date(2026, 0, 15, 12, 0, 0).getTime();

describe('format', () => {
  it('counts in singular and plural', () => {
    expect([count(0, 'event'), count(1, 'event'), count(14, 'event')]).toEqual([
      '0 events',
      '1 event',
      '14 events',
    ]);
  });

  it('lists names, and cuts long lists short', () => {
    expect(list(['a', 'b', 'c'])).toBe('a, b and c');
    expect(shortList(['a', 'b', 'c'], 3)).toBe('a, b and c');
    expect(shortList(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 others');
  });

  it('writes durations in one unit, or exactly in two', () => {
    expect([duration(41_000), duration(90_000), duration(3 * DAY)]).toEqual([
      '41 seconds',
      '1 minute',
      '3 days',
    ]);
    expect(exactDuration(4 * MINUTE + 12_000)).toBe('4 minutes 12 seconds');
    expect([exactDuration(HOUR), exactDuration(0), exactDuration(59_999)]).toEqual([
      '1 hour',
      '0 seconds',
      '1 minute',
    ]);
  });

  it('counts down to zero and no further, without reaching it early', () => {
    expect([countdown(24_000), countdown(100), countdown(0), countdown(-5)]).toEqual([
      '0:24',
      '0:01',
      '0:00',
      '0:00',
    ]);
    expect(countdown(HOUR + 2 * MINUTE + 9_000)).toBe('1:02:09');
  });

  it('says how long ago within the hour, then the time, then the day', () => {
    expect(ago(NOON - 500, NOON)).toBe('now');
    expect(ago(NOON - 2 * MINUTE, NOON)).toBe('2 minutes ago');
    expect(ago(NOON - 3 * HOUR, NOON)).toBe(`at ${time(NOON - 3 * HOUR)}`);
    expect(ago(NOON - DAY, NOON)).toBe('yesterday at 12:00');
    expect(ago(NOON - 13 * DAY, NOON)).toBe('Friday 2 January at 12:00');
    expect([moment(NOON, NOON), moment(NOON - DAY, NOON)]).toEqual(['12:00', 'yesterday 12:00']);
    expect([day(NOON, NOON), day(NOON - DAY, NOON)]).toEqual(['Today', 'Yesterday']);
  });

  it('prints sizes in the units of the server', () => {
    const sizes = [0, 983 * 1024, 4 * 1024 ** 3, 67.11 * 1024 ** 2, 619.9 * 1024 ** 2];
    expect(sizes.map((size) => bytes(size).replace('\u00a0', ' '))).toEqual([
      '0 bytes',
      '983 KiB',
      '4 GiB',
      '67.1 MiB',
      '620 MiB',
    ]);
  });
});
