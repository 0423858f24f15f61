import { expect, it } from 'vitest';
import { Refusals } from './refusals.js';

const MINUTE = 60_000;

it('bears it for a while that what it writes is refused, and each time twice as long, up to ten minutes', () => {
  const refusals = new Refusals(30_000);
  let now = 0;
  const borne = [1, 2, 3, 4, 5, 6, 7].map(() => {
    const since = now;
    refusals.failed(true, now);
    while (!refusals.isEnough(now)) refusals.failed(true, (now += 1_000));
    refusals.gaveUp(now);
    return now - since;
  });
  expect(borne.map((time) => time / MINUTE)).toEqual([0.5, 1, 2, 4, 8, 10, 10]);
});

it('is as short-tempered as at first when all was well for long, not at the first write that succeeds', () => {
  const refusals = new Refusals(30_000);
  refusals.gaveUp(0);
  refusals.written(MINUTE);
  refusals.failed(true, MINUTE);
  expect([refusals.isEnough(MINUTE + 59_000), refusals.isEnough(2 * MINUTE)]).toEqual([false, true]);
  refusals.written(21 * MINUTE);
  refusals.failed(true, 21 * MINUTE);
  expect(refusals.isEnough(21 * MINUTE + 30_000)).toBe(true);
});

it('bears what fails for another reason, and what is written after all', () => {
  const refusals = new Refusals(30_000);
  refusals.failed(true, 0);
  refusals.failed(false, 10_000);
  refusals.failed(true, 20_000);
  expect(refusals.isEnough(40_000)).toBe(false);
  refusals.written(45_000);
  expect(refusals.isEnough(MINUTE)).toBe(false);
});

it('lets others have a turn when it gave up', () => {
  const refusals = new Refusals(30_000);
  expect(refusals.isResting(0)).toBe(false);
  refusals.gaveUp(0);
  expect([refusals.isResting(29_000), refusals.isResting(30_000)]).toEqual([true, false]);
});
