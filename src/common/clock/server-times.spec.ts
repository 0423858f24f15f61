import { beforeEach, describe, expect, it } from 'vitest';
import { Clock } from './clock.js';
import { ServerTimes } from './server-times.js';

const HOUR = 3_600_000;

class FakeClock extends Clock {
  wall = Date.parse('2026-03-01T12:00:00.500Z');
  steady = 0;
  now(): number {
    return this.wall;
  }
  monotonic(): number {
    return this.steady;
  }
}

let clock: FakeClock;
let times: ServerTimes;
beforeEach(() => {
  clock = new FakeClock();
  times = new ServerTimes(clock);
});

const at = (offMs: number): string => new Date(clock.wall - offMs).toUTCString();

describe('what servers say of the time', () => {
  it('is nothing before two answers', () => {
    times.note('a', at(HOUR));
    expect(times.offMs()).toBeNull();
    times.note('a', at(HOUR));
    expect(times.offMs()).toBe(HOUR);
  });

  it('is what the one says that is nearest to ours, since others may be wrong', () => {
    times.note('a', at(-2 * HOUR));
    times.note('b', at(-HOUR));
    expect(times.offMs()).toBe(-HOUR);
    times.note('c', at(0));
    expect(times.offMs()).toBe(0);
  });

  it('is forgotten after a day, and what is no time is passed over', () => {
    times.note('a', at(HOUR));
    times.note('b', at(HOUR));
    times.note('c', 'yesterday');
    clock.steady += 25 * HOUR;
    expect(times.offMs()).toBeNull();
  });

  it('is believed after our clock was put right, and forgotten after a jump that explains nothing', () => {
    times.note('a', at(HOUR));
    times.note('b', at(HOUR));
    times.clockSet(-HOUR);
    expect(times.offMs()).toBe(0);
    times.clockSet(8 * HOUR);
    expect(times.offMs()).toBeNull();
  });
});
