import { describe, expect, it } from 'vitest';
import { fullInMs, type UsedAt } from './fill-forecast.js';
import { FillHistory, isFillDocument } from './fill-history.js';

const GB = 1_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const QUARTER = 15 * MINUTE;

/** A figure each quarter of an hour. */
const figures = (hours: number, usedAt: (hour: number) => number): UsedAt[] =>
  Array.from({ length: hours * 4 + 1 }, (_, index) => ({
    at: index * QUARTER,
    bytes: Math.round(usedAt(index / 4) * GB),
  }));
const hoursTo = (used: readonly UsedAt[], freeGb: number): number | null => {
  const left = fullInMs(used, freeGb * GB);
  return left === null ? null : Math.round(left / HOUR);
};
/** The same noise each time. */
const noise = (hour: number): number => Math.sin(hour * 12.9898) * 0.5;

describe('when a file system is full', () => {
  it('is foretold from a steady rise, for no longer than six times what was seen of it', () => {
    const rise = figures(12, (hour) => 100 + hour);
    expect(hoursTo(rise, 50)).toBe(50);
    expect(hoursTo(rise, 72)).toBe(72);
    expect(hoursTo(rise, 80)).toBeNull();
    expect(
      hoursTo(
        figures(3, (hour) => 100 + 20 * hour),
        200,
      ),
    ).toBe(10);
    expect(
      hoursTo(
        figures(2, (hour) => 100 + 20 * hour),
        200,
      ),
    ).toBeNull();
  });

  it('is foretold through noise and figures that lie apart', () => {
    const rise = figures(48, (hour) => 100 + hour + noise(hour)).map((one, index) =>
      index % 40 === 7 ? { ...one, bytes: one.bytes + 30 * GB } : one,
    );
    const left = hoursTo(rise, 100)!;
    expect(left).toBeGreaterThan(90);
    expect(left).toBeLessThan(110);
  });

  it.each<[string, (hour: number) => number]>([
    ['stays as it is', (hour) => 100 + noise(hour)],
    ['is emptied', (hour) => 100 - hour],
    ['goes up and down each day', (hour) => 100 + 10 * Math.sin((hour / 24) * 2 * Math.PI)],
    ['took a lot at once', (hour) => (hour < 24 ? 100 : 160)],
    ['was filled, and is no more', (hour) => 100 + Math.min(hour, 30) * 2],
    ['has a backup each night, which is removed', (hour) => 100 + (hour % 24 < 3 ? (hour % 24) * 10 : 0)],
  ])('is not foretold of one that %s', (_, usedAt) => {
    expect(hoursTo(figures(50, usedAt), 60)).toBeNull();
  });

  it('is not foretold of what was there on the days before', () => {
    const backups = (hour: number) => 100 + (hour % 24 < 3 ? (hour % 24) * 30 : 0);
    expect(hoursTo(figures(3, backups).slice(0, -1), 60)).not.toBeNull();
    expect(hoursTo(figures(51, backups).slice(0, -1), 60)).toBeNull();
  });
});

describe('how file systems fill', () => {
  const SIZE = 1_000 * GB;
  const fill = (history: FillHistory, from: number, hours: number, freeAt: (hour: number) => number) => {
    let left: number | null = null;
    for (let minute = 0; minute <= hours * 60; minute += 5)
      left = history.next('/data', SIZE, Math.round(freeAt(minute / 60) * GB), from + minute * MINUTE);
    return left;
  };

  it('is kept in few figures, also over a restart', () => {
    const history = new FillHistory();
    expect(fill(history, 0, 13, (hour) => 70 - hour)).not.toBeNull();
    const documents = JSON.parse(JSON.stringify(history.export())) as ReturnType<FillHistory['export']>;
    expect(documents.every(isFillDocument)).toBe(true);
    expect(documents[0]!.used.length).toBeLessThanOrEqual(53);
    const later = new FillHistory();
    later.restore(documents);
    expect(later.next('/data', SIZE, 57 * GB, 13 * HOUR + QUARTER)).not.toBeNull();
    fill(later, 14 * HOUR, 200, () => 57);
    expect(later.export()[0]!.used.length).toBeLessThanOrEqual(673);
  });

  it('is foretold on for some hours, so that it is told once, unless space was made', () => {
    const history = new FillHistory();
    fill(history, 0, 13, (hour) => 70 - hour);
    expect(fill(history, 13 * HOUR, 4, () => 57)).not.toBeNull();
    expect(history.next('/data', SIZE, 300 * GB, 17 * HOUR + MINUTE)).toBeNull();
  });

  it('begins anew for a file system of another size, or after the clock went back', () => {
    const history = new FillHistory();
    fill(history, HOUR, 13, (hour) => 70 - hour);
    history.next('/data', 2 * SIZE, 57 * GB, 15 * HOUR);
    expect(history.export()[0]!.used).toEqual([]);
    fill(history, 16 * HOUR, 2, () => 57);
    history.next('/data', SIZE, 57 * GB, HOUR);
    expect(history.export()[0]!.used).toEqual([]);
  });

  it('moves along when the clock is set', () => {
    const history = new FillHistory();
    fill(history, HOUR, 13, (hour) => 70 - hour);
    history.clockSet(-HOUR);
    expect(history.export()[0]!.used[0]).toEqual([0, 930 * GB]);
    expect(fill(history, 13 * HOUR, 1, () => 57)).not.toBeNull();
  });

  it.each([null, {}, { mount: '/', sizeBytes: 1, used: [[1]] }, { mount: 1, sizeBytes: 1, used: [] }])(
    'is not taken from a damaged document: %j',
    (document) => {
      expect(isFillDocument(document)).toBe(false);
    },
  );
});
