import { describe, expect, it } from 'vitest';
import { ManualClock } from './manual-clock.js';

describe('ManualClock', () => {
  it('stands still until it is advanced', () => {
    const clock = new ManualClock(1_000_000);
    expect([clock.now(), clock.monotonic()]).toEqual([1_000_000, 0]);
    clock.advance(250);
    expect([clock.now(), clock.monotonic()]).toEqual([1_000_250, 250]);
  });

  it('runs what is due in order of time, then of scheduling, each at its own time', () => {
    const clock = new ManualClock();
    const ran: [string, number][] = [];
    const note = (name: string) => () => ran.push([name, clock.monotonic()]);
    clock.at(300, note('third'));
    clock.at(100, note('first'));
    clock.at(100, note('second'));
    clock.at(301, note('not yet'));
    clock.advance(300);
    expect(ran).toEqual([
      ['first', 100],
      ['second', 100],
      ['third', 300],
    ]);
  });

  it('runs on the way what is scheduled on the way', () => {
    const clock = new ManualClock();
    const ran: number[] = [];
    const again = (): void => {
      ran.push(clock.monotonic());
      clock.after(40, again);
    };
    clock.after(40, again);
    clock.advance(130);
    expect(ran).toEqual([40, 80, 120]);
    expect(clock.monotonic()).toBe(130);
  });

  it('runs nothing that was cancelled', () => {
    const clock = new ManualClock();
    let ran = false;
    const cancel = clock.after(10, () => (ran = true));
    cancel();
    clock.advance(10);
    expect(ran).toBe(false);
  });

  it('moves the wall clock alone when that jumps, and keeps what is scheduled', () => {
    const clock = new ManualClock(5_000);
    let ranAt = -1;
    clock.after(100, () => (ranAt = clock.now()));
    clock.jumpWallClock(-3_000);
    expect([clock.now(), clock.monotonic()]).toEqual([2_000, 0]);
    clock.advance(100);
    expect(ranAt).toBe(2_100);
  });

  it('lets promises settle between what is due, when advanced asynchronously', async () => {
    const clock = new ManualClock();
    const ran: string[] = [];
    clock.after(1, () => void Promise.resolve().then(() => ran.push('promise of the first')));
    clock.after(2, () => ran.push('second'));
    await clock.advanceAsync(2);
    expect(ran).toEqual(['promise of the first', 'second']);
  });

  it('refuses the past', () => {
    const clock = new ManualClock();
    clock.advance(10);
    expect(() => clock.at(9, () => undefined)).toThrow(RangeError);
    expect(() => clock.advance(-1)).toThrow(RangeError);
    expect(() => clock.advance(Number.NaN)).toThrow(RangeError);
  });
});
