import { describe, expect, it } from 'vitest';
import { NOON } from '../../../test/support/situation.js';
import {
  appIdOf,
  exitInWords,
  inWords,
  listed,
  roughlyInWords,
  signalOf,
  timeAndDay,
  timeOfDay,
} from './words.js';

describe('words', () => {
  it.each([
    [0, '0 seconds'],
    [400, '0 seconds'],
    [-5_000, '0 seconds'],
    [999, '1 second'],
    [59_499, '59 seconds'],
    [60_000, '1 minute'],
    [100_000, '1 minute 40 seconds'],
    [240_000, '4 minutes'],
    [7_200_000, '2 hours'],
    [7_260_000, '2 hours 1 minute'],
    [3_605_000, '1 hour'],
    [259_200_000, '3 days'],
    [90_061_000, '1 day 1 hour'],
  ])('%i ms is "%s"', (ms, words) => expect(inWords(ms)).toBe(words));

  it.each([
    [59_000, '59 seconds'],
    [119_000, '1 minute'],
    [3_599_000, '50 minutes'],
    [11_400_000, '3 hours'],
  ])('%i ms is roughly "%s"', (ms, words) => expect(roughlyInWords(ms)).toBe(words));

  it.each([
    [0, '12:00'],
    [11 * 3_600_000, '23:00'],
    [13 * 3_600_000, '01:00 tomorrow'],
    [-13 * 3_600_000, '23:00 yesterday'],
  ])('tells of a time which day it is of, %i ms from noon', (ms, words) =>
    expect(timeAndDay(NOON + ms, NOON)).toBe(words),
  );

  it("tells the host's time of day", () => {
    expect(timeOfDay(NOON + 65_000)).toBe('12:01');
    expect(timeOfDay(NOON + 65_000, true)).toBe('12:01:05');
  });

  it.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c', 'd', 'e'], 'a, b, c, d and e'],
    [['a', 'b', 'c', 'd', 'e', 'f'], 'a, b, c, d and 2 more'],
  ])('lists %j as "%s"', (names, words) => expect(listed(names)).toBe(words));

  it.each([
    [0, null],
    [1, null],
    [128, null],
    [130, 'SIGINT'],
    [134, 'SIGABRT'],
    [137, 'SIGKILL'],
    [139, 'SIGSEGV'],
    [143, 'SIGTERM'],
    [255, null],
    [-1, null],
  ])('exit %i was caused by %s', (code, signal) => expect(signalOf(code)).toBe(signal));

  it.each([
    [1, false, 'code 1'],
    [139, false, 'code 139 (SIGSEGV)'],
    [137, false, 'code 137 (SIGKILL)'],
    [137, true, 'code 137 (out of memory)'],
  ])('exit %i, out of memory %s, is "%s"', (code, oom, words) => expect(exitInWords(code, oom)).toBe(words));

  it.each([
    ['archy-lnd', 'lnd'],
    ['lnd', 'lnd'],
    ['my-archy-lnd', 'my-archy-lnd'],
    ['archy-archy-lnd', 'archy-lnd'],
  ])('the app id of %s is %s', (name, appId) => expect(appIdOf(name)).toBe(appId));
});
