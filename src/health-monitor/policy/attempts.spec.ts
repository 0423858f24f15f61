import { describe, expect, it } from 'vitest';
import {
  aDeath,
  ago,
  anAttempt,
  aRecord,
  changed,
  HOUR,
  MINUTE,
  NOON,
} from '../../../test/support/situation.js';
import { beginAttempt, endAttempt, giveUp, rearm } from './attempts.js';
import { backoffAfter } from './rules.js';

const down = aRecord({ up: false, death: aDeath() });

describe('an attempt', () => {
  it('is written down as pending before it is made, and its outcome after', () => {
    const begun = beginAttempt(down, 'start', NOON);
    expect(begun.healing.attempts).toEqual([{ at: NOON, kind: 'start', outcome: 'pending', detail: null }]);
    const ended = endAttempt(begun, { kind: 'refused', detail: 'no such file' });
    expect(ended.healing.attempts).toEqual([
      { at: NOON, kind: 'start', outcome: 'refused', detail: 'no such file' },
    ]);
  });

  it('costs nothing when it ran already or the engine was away', () => {
    const begun = beginAttempt(aRecord({ attempts: [anAttempt(ago(MINUTE))] }), 'start', NOON);
    const ended = endAttempt(begun, { kind: 'void', detail: null });
    expect(ended.healing.attempts).toEqual([anAttempt(ago(MINUTE))]);
    expect(ended.loop.healedDeaths).toEqual([]);
  });

  it.each([
    ['refused', null],
    ['timed-out', NOON],
  ] as const)('to restart that was %s leaves a stop to come: %s', (kind, since) => {
    const begun = beginAttempt(aRecord(), 'restart', NOON);
    expect(begun.healing.restartingSince).toBe(NOON);
    expect(endAttempt(begun, { kind, detail: null }).healing.restartingSince).toBe(since);
  });

  it('that has ended does not end again', () => {
    const ended = aRecord({ attempts: [anAttempt(NOON)] });
    expect(endAttempt(ended, { kind: 'refused', detail: 'late' })).toBe(ended);
  });

  it('counts a death as healed once, however many attempts it takes', () => {
    let record = beginAttempt(down, 'start', NOON);
    record = beginAttempt(record, 'start', NOON + MINUTE);
    expect(record.loop.healedDeaths).toEqual([NOON]);
    record = beginAttempt(changed(record, { death: aDeath({ at: NOON + HOUR }) }), 'start', NOON + HOUR);
    expect(record.loop.healedDeaths).toEqual([NOON, NOON + HOUR]);
  });

  it('to restart an unhealthy one counts each time', () => {
    const once = beginAttempt(aRecord(), 'restart', NOON);
    expect(beginAttempt(once, 'restart', NOON + MINUTE).loop.healedDeaths).toEqual([NOON, NOON + MINUTE]);
  });
});

describe('giving up', () => {
  it('ends a crash loop, which is counted anew after it', () => {
    const looping = aRecord({
      crashLoopSince: ago(HOUR),
      healedDeaths: [1, 2, 3, 4],
      engineDeaths: [5, 6, 7, 8],
    });
    expect(giveUp(looping, 'died', NOON)).toMatchObject({
      healing: { givenUp: { at: NOON, reason: 'died' } },
      loop: { since: null, healedDeaths: [], engineDeaths: [] },
    });
  });

  it('is forgotten with the attempts when re-armed, and by a dependency only once', () => {
    const { healing } = giveUp(aRecord({ attempts: [anAttempt(NOON)] }), 'died', NOON);
    expect(rearm(healing)).toMatchObject({ attempts: [], givenUp: null, rearmedByDependency: false });
    expect(rearm(rearm(healing, true)).rearmedByDependency).toBe(true);
  });
});

describe('the wait after an attempt', () => {
  it.each([
    [1, 10_000],
    [2, 30_000],
    [3, 90_000],
    [4, 90_000],
  ])('number %i is %i ms; the last one repeats', (attempt, ms) => {
    expect(backoffAfter(attempt, { backoffMs: [10_000, 30_000, 90_000] })).toBe(ms);
  });
});
