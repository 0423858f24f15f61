import { describe, expect, it } from 'vitest';
import {
  areaPath,
  byteTicks,
  linePath,
  nearest,
  stepPath,
  timeTicks,
  xOf,
  yOf,
  type Frame,
} from './chart.js';

const HOUR = 3_600;
const MIB = 1024 ** 2;
const frame: Frame = { left: 50, right: 250, top: 10, foot: 110, from: 0, to: 20, highest: 50 };

describe('a chart', () => {
  it('begins at the left and at 0, and ends at the right and at the top', () => {
    expect([0, 10, 20].map((time) => xOf(frame, time))).toEqual([50, 150, 250]);
    expect([0, 25, 50].map((bytes) => yOf(frame, bytes))).toEqual([110, 60, 10]);
  });

  it('draws from point to point, and nothing where a gap is', () => {
    const [times, values] = [
      [0, 5, 10, 15, 20],
      [0, 25, null, 50, 25],
    ];
    expect(linePath(frame, times, values)).toBe('M50 110L100 60M200 10L250 60');
    expect(areaPath(frame, times, values)).toBe(
      'M50 110L100 60L100 110L50 110ZM200 10L250 60L250 110L200 110Z',
    );
    expect(linePath(frame, times, [null, null])).toBe('');
  });

  it('draws steps that last until the next one', () => {
    expect(stepPath(frame, [0, 10, 20], [25, 50, 50])).toBe('M50 60H150V10H250V10');
  });

  it('has lines at round sizes, no nearer than is asked', () => {
    expect(byteTicks({ ...frame, highest: 1_000 * MIB }, 50).map((bytes) => bytes / MIB)).toEqual([
      0, 500, 1_000,
    ]);
    expect(byteTicks({ ...frame, highest: 300 }, 20)).toEqual([0, 100, 200, 300]);
  });

  it('has times at the full hour of the place, no nearer than is asked', () => {
    const from = new Date(2026, 0, 5, 7, 20).getTime() / 1_000;
    const ticks = (hours: number, gap: number) =>
      timeTicks({ ...frame, from, to: from + hours * HOUR }, gap).map((at) =>
        new Date(at * 1_000).getHours(),
      );
    expect(ticks(24, 50)).toEqual([12, 18, 0, 6]);
    expect(ticks(5, 40)).toEqual([8, 9, 10, 11, 12]);
  });

  it('finds what is nearest to a time', () => {
    const times = [0, 10, 20];
    expect([-5, 4, 6, 16, 99].map((time) => nearest(times, time))).toEqual([0, 0, 1, 2, 2]);
  });
});
