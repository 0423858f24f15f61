import { describe, expect, it } from 'vitest';
import { NOON, SECOND } from '../../../test/support/situation.js';
import { NO_ACTS, underWayOn, wasActedOn, wasBegunByUs, wasStoppedByUs, type OwnActs } from './own-acts.js';

const starting: OwnActs = {
  ...NO_ACTS,
  underWay: [{ name: 'app', kind: 'start', attempt: 1, by: 'monitor', since: NOON }],
};
const restarted: OwnActs = {
  ...NO_ACTS,
  ended: [{ name: 'app', kind: 'restart', from: NOON, to: NOON + 10 * SECOND }],
};

describe('what was done through us', () => {
  it('is under way on one container, not on another', () => {
    expect(underWayOn(starting, 'app')).toMatchObject({ kind: 'start', attempt: 1 });
    expect(underWayOn(starting, 'other')).toBeNull();
  });

  it.each([
    [starting, NOON - 5 * SECOND, NOON - SECOND, false],
    [starting, NOON - SECOND, NOON, true],
    [starting, NOON + 60 * SECOND, NOON + 61 * SECOND, true],
    [restarted, NOON - SECOND, NOON - 1, false],
    [restarted, NOON + 5 * SECOND, NOON + 6 * SECOND, true],
    [restarted, NOON + 11 * SECOND, NOON + 12 * SECOND, false],
  ])('was going on between two times: %#', (acts, from, to, expected) => {
    expect(wasActedOn(acts, 'app', from, to)).toBe(expected);
    expect(wasActedOn(acts, 'other', from, to)).toBe(false);
  });

  it('began a run whose time the engine rounds to the second', () => {
    expect(wasBegunByUs(restarted, 'app', NOON + 11 * SECOND)).toBe(true);
    expect(wasBegunByUs(restarted, 'app', NOON + 12 * SECOND)).toBe(false);
  });

  it('stopped it only by a stop or a restart', () => {
    expect(wasStoppedByUs(restarted, 'app', NOON + SECOND)).toBe(true);
    expect(wasStoppedByUs(starting, 'app', NOON + SECOND)).toBe(false);
  });
});
