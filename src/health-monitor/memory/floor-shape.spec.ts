import { describe, expect, it } from 'vitest';
import { shapeOf } from './floor-shape.js';

const floors = (at: (share: number) => number, count = 48) =>
  Array.from({ length: count }, (_, i) => at(i / (count - 1)));
const shape = (at: (share: number) => number) => shapeOf(floors(at), 0, 48)!;

describe('shapeOf', () => {
  it('sees a straight rise as one: no scatter, no bow, no sway, every step up', () => {
    const { growth, risingSteps, scatter, bow, sway } = shape((x) => 100 + 40 * x);
    expect(risingSteps).toBe(7);
    expect(growth).toBeCloseTo(0.35, 1);
    for (const bend of [scatter, bow, sway]) expect(Math.abs(bend)).toBeLessThan(1e-6);
  });

  it('has no shape where the floor falls or stays', () => {
    expect(
      shapeOf(
        floors((x) => 100 - x),
        0,
        48,
      ),
    ).toBeNull();
    expect(
      shapeOf(
        floors(() => 100),
        0,
        48,
      ),
    ).toBeNull();
  });

  it('sees what fills bow down, and what speeds up bow up', () => {
    expect(shape((x) => 100 + 40 * (1 - Math.exp(-3 * x))).bow).toBeLessThan(-0.2);
    expect(shape((x) => 100 + 40 * x * x).bow).toBeGreaterThan(0.2);
  });

  it('sees the rise of a daily wave sway: slow, fast, slow', () => {
    expect(shape((x) => 100 - 20 * Math.cos(Math.PI * x)).sway).toBeLessThan(-0.09);
  });

  it('looks at the floor: peaks in each slice change nothing', () => {
    const calm = floors((x) => 100 + 40 * x);
    const peaks = calm.map((bytes, i) => (i % 6 === 3 ? bytes * 3 : bytes));
    expect(shapeOf(peaks, 0, 48)).toEqual(shapeOf(calm, 0, 48));
  });

  it('reads only the span it was asked for', () => {
    expect(shapeOf([900, 900, ...floors((x) => 100 + 40 * x)], 2, 48)).toEqual(shape((x) => 100 + 40 * x));
  });
});
