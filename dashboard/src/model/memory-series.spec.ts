import { describe, expect, it } from 'vitest';
import type { MemoryTrend } from '../client.js';
import { ceiling, memorySeries } from './memory-series.js';

const START = Date.parse('2026-01-01T00:00:00Z');
const samples = (values: readonly number[], minutes = 5) =>
  values.map((usedBytes, index) => ({
    at: new Date(START + index * minutes * 60_000).toISOString(),
    usedBytes,
  }));
const trend: MemoryTrend = {
  leaking: true,
  floorBytes: 100,
  growthBytesPerHour: 10,
  sinceHours: 1,
  hoursToLimit: 20,
  reason: '',
};

describe('memory series', () => {
  it('draws as floor what was never undercut again', () => {
    expect(memorySeries(samples([5, 9, 6, 8, 7]), null, null).floor).toEqual([5, 6, 6, 7, 7]);
  });

  it('does not let the floor rise with the last wave', () => {
    const waves = Array.from({ length: 40 }, (_, index) => 10 + (index % 4));
    expect(memorySeries(samples(waves), null, null).floor.every((value) => value === 10)).toBe(true);
  });

  it('starts the floor anew with a restart', () => {
    const restart = (START + 12 * 60_000) / 1_000;
    expect(memorySeries(samples([5, 9, 9, 2, 3]), null, null, [restart]).floor).toEqual([5, 9, 9, 2, 3]);
  });

  it('leaves a gap where nothing was measured', () => {
    const all = [...samples([1, 2, 3, 4]), { at: new Date(START + 90 * 60_000).toISOString(), usedBytes: 5 }];
    expect(memorySeries(all, null, null).used).toEqual([1, 2, 3, 4, null, 5]);
  });

  it.each([
    ['to where it meets the limit', 5, { hours: 5, bytes: 300 }],
    ['only as far as leaves room for what is known', 20, { hours: 6, bytes: 160 }],
  ])('points from now towards the limit, %s', (_, hoursToLimit, end) => {
    const leak = { ...trend, hoursToLimit };
    const { times, forecast, nowIndex } = memorySeries(samples([90, 95, 100], 60), leak, 300);
    expect(forecast[nowIndex]).toBe(100);
    expect((times.at(-1)! - times[nowIndex]!) / 3_600).toBe(end.hours);
    expect(forecast.at(-1)).toBe(end.bytes);
  });

  it('does not forecast without a leak or a limit', () => {
    expect(memorySeries(samples([1, 2]), { ...trend, leaking: false }, 300).times).toHaveLength(2);
    expect(memorySeries(samples([1, 2]), trend, null).times).toHaveLength(2);
  });

  it('ends the axis at a round number', () => {
    const MIB = 1024 ** 2;
    const ends = [0, 880, 1_000, 880 * MIB, 1.1 * MIB].map(ceiling);
    expect(ends).toEqual([1, 1_000, 1_000, 1_000 * MIB, 1.5 * MIB]);
  });
});
