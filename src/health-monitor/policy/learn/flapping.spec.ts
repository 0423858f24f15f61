import { describe, expect, it } from 'vitest';
import { after } from '../../../../test/support/inspection.js';
import {
  aChecked,
  ago,
  aRecord,
  MINUTE,
  NOON,
  SECOND,
  type FlatRecord,
} from '../../../../test/support/situation.js';

/** So many times unhealthy for so long until a minute ago, each half a minute after the one before. */
const spells = (count: number, ms: number) =>
  Array.from({ length: count }, (_, index) => {
    const to = ago(MINUTE + (count - 1 - index) * (ms + 30 * SECOND));
    return { from: to - ms, to };
  });
const flappingSince = (record: Partial<FlatRecord>, container = aChecked('healthy')) =>
  after(aRecord(record), { container }).health.flappingSince;

describe('health flaps', () => {
  it('when it was bad for more than half of the last ten minutes, in short spells', () => {
    const six = spells(6, 50 * SECOND);
    expect(flappingSince({ spells: six })).toBeNull();
    const now = { unhealthySince: ago(SECOND), readySince: null };
    expect(flappingSince({ spells: six, ...now }, aChecked('unhealthy'))).toBe(six[0]!.from);
  });

  it('not when something is done about one of its spells, nor with one alone', () => {
    expect(flappingSince({ spells: spells(5, 61 * SECOND) })).toBeNull();
    expect(flappingSince({ spells: spells(7, 59 * SECOND) })).not.toBeNull();
    const long = { unhealthySince: ago(6 * MINUTE), readySince: null };
    expect(flappingSince(long, aChecked('unhealthy'))).toBeNull();
  });

  it('until it was good for ten minutes', () => {
    const known = { flappingSince: ago(60 * MINUTE), spells: [] };
    expect(flappingSince({ ...known, readySince: ago(10 * MINUTE) + 1 })).not.toBeNull();
    expect(flappingSince({ ...known, readySince: ago(10 * MINUTE) })).toBeNull();
  });

  it('forgets spells of more than ten minutes ago', () => {
    const old = { from: ago(11 * MINUTE), to: ago(10 * MINUTE) };
    const young = { from: ago(10 * MINUTE), to: ago(10 * MINUTE) + 1 };
    const container = aChecked('healthy');
    expect(after(aRecord({ spells: [old, young] }), { container }).health.spells).toEqual([young]);
    const ended = after(aRecord({ unhealthySince: ago(MINUTE), readySince: null }), { container });
    expect(ended.health.spells).toEqual([{ from: ago(MINUTE), to: NOON }]);
  });
});
