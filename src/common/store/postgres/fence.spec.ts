import { describe, expect, it } from 'vitest';
import { checkFence, ExpiredError, SupersededError, WentBackError, type Fence } from './fence.js';
import { continues, wentBack, type LogRow } from './log-mark.js';

const known = { epoch: 'e', head: 7, revision: 20, here: '1:100' };
const row: LogRow = { ...known, purgedRevision: 0, term: 3, origin: '1:100', step: 'last' };
const lease = { holder: 'me', term: 3, leftMs: 5_000 };
const fence: Fence = { id: 'me', term: 3, known, uncertain: new Set() };

describe('the fence', () => {
  it('lets the leader through, that knows where the log is', () => {
    expect(() => checkFence(fence, row, lease)).not.toThrow();
  });

  it.each([
    ['another has the lease', row, { ...lease, holder: 'other' }, SupersededError],
    ['another had it since', row, { ...lease, term: 4 }, SupersededError],
    ['another took it, which is seen in the log only', { ...row, term: 4 }, lease, SupersededError],
    ['it is over', row, { ...lease, leftMs: 0 }, ExpiredError],
    ['the log went back', { ...row, head: 6 }, lease, WentBackError],
    ['documents went back', { ...row, revision: 19 }, lease, WentBackError],
    ['the log is in another epoch', { ...row, epoch: 'f' }, lease, WentBackError],
    ['the database is another', { ...row, here: '2:100' }, lease, WentBackError],
  ])('stops it while %s', (_when, log, held, expected) => {
    expect(() => checkFence(fence, log, held)).toThrow(expected);
  });

  it('lets through who wrote the last step, although nobody told it so', () => {
    const written = { ...row, head: 9, step: 'mine' };
    expect(() => checkFence({ ...fence, uncertain: new Set(['mine']) }, written, lease)).not.toThrow();
    expect(() => checkFence({ ...fence, uncertain: new Set(['other']) }, written, lease)).toThrow(
      WentBackError,
    );
  });
});

describe('where the log is', () => {
  it('continues what is known, unless something is gone or another', () => {
    expect(continues(known, row)).toBe(true);
    expect(continues(known, { ...row, head: 9, revision: 25, purgedRevision: 20 })).toBe(true);
    for (const gone of [
      { epoch: 'f' },
      { here: '2:100' },
      { head: 6 },
      { revision: 19 },
      { purgedRevision: 21, revision: 25 },
    ]) {
      expect(continues(known, { ...row, ...gone })).toBe(false);
    }
  });

  it('went back, when it has less than was seen, or was copied since it was written', () => {
    expect([wentBack(row, null), wentBack(row, known), wentBack({ ...row, origin: null }, known)]).toEqual([
      false,
      false,
      false,
    ]);
    expect(wentBack({ ...row, head: 6 }, known)).toBe(true);
    expect(wentBack({ ...row, revision: 19 }, known)).toBe(true);
    expect(wentBack({ ...row, epoch: 'f', head: 6 }, known)).toBe(false);
    expect(wentBack({ ...row, here: '1:200' }, null)).toBe(true);
  });
});
