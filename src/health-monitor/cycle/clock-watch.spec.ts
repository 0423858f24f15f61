import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/index.js';
import { HOUR, MINUTE, SECOND } from '../../../test/support/situation.js';
import { ClockWatch } from './clock-watch.js';

describe('the watch on the clocks', () => {
  let clock: ManualClock;
  let watch: ClockWatch;
  beforeEach(() => {
    clock = new ManualClock();
    watch = new ClockWatch(clock);
  });

  it('has nothing to tell while both clocks go on together', () => {
    clock.advance(20 * SECOND);
    expect(watch.hasNews()).toBe(false);
    expect(watch.takeNews()).toBeNull();
  });

  it('tells once by how much the clock was set, to the fact that asks first', () => {
    clock.jumpWallClock(2 * HOUR);
    expect(watch.hasNews()).toBe(true);
    expect(watch.hasNews()).toBe(true);
    expect(watch.takeNews()).toEqual({ kind: 'clock-set', at: clock.now(), by: 2 * HOUR });
    expect(watch.takeNews()).toBeNull();
  });

  it('adds up what was set more than once before anybody asked', () => {
    clock.jumpWallClock(2 * HOUR);
    watch.hasNews();
    clock.jumpWallClock(-HOUR);
    expect(watch.takeNews()).toMatchObject({ by: HOUR });
  });

  it('takes a small correction for what it is', () => {
    clock.jumpWallClock(30 * SECOND);
    expect(watch.takeNews()).toBeNull();
  });

  it('tells that the host slept when it was not read for long', () => {
    clock.advance(5 * MINUTE);
    expect(watch.takeNews()).toEqual({ kind: 'slept', at: clock.now() });
  });
});
