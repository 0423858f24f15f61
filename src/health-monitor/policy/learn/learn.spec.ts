import { describe, expect, it } from 'vitest';
import { after, BOOTED_NOW, kinds, learntFrom } from '../../../../test/support/inspection.js';
import {
  aContainer,
  aDeath,
  ago,
  anAttempt,
  anExited,
  aRecord,
  aRun,
  DAY,
  HOUR,
  MINUTE,
  NOON,
} from '../../../../test/support/situation.js';
import { UNKNOWN_ID } from '../record.js';

describe('an idle container', () => {
  it('teaches nothing: the same record comes back', () => {
    const { record } = learntFrom(undefined);
    expect(after(record, { now: NOON + MINUTE })).toBe(record);
    expect(kinds(learntFrom(record, { now: NOON + MINUTE }))).toEqual([]);
  });
});

describe('a new boot', () => {
  const lastRun = aRun(ago(DAY));

  it('brings fresh attempts to all that are known', () => {
    const tried = aRecord({ attempts: [anAttempt(ago(HOUR))], givenUp: { at: ago(HOUR), reason: 'died' } });
    expect(after(tried, { host: BOOTED_NOW, container: aContainer({ state: 'created' }) })).toMatchObject({
      healing: { attempts: [], givenUp: null },
      life: { death: { withHost: true, stoppedBy: 'nobody' } },
    });
  });

  it.each<[string, number, 'running' | 'stopped']>([
    ['in the last three minutes was the shutdown service', ago(7 * MINUTE) - 2 * MINUTE, 'running'],
    ['before that was a person', ago(7 * MINUTE) - 4 * MINUTE, 'stopped'],
  ])('a stop %s', (_, at, value) => {
    const stopped = aRecord({
      up: false,
      run: lastRun,
      wish: { value: 'stopped', by: 'engine', who: null, at },
      death: aDeath({ at, stoppedBy: 'person', key: `${ago(DAY)}-${at}` }),
    });
    const { record } = learntFrom(stopped, {
      host: BOOTED_NOW,
      container: anExited({ exitedAt: at, exitCode: 0, stoppedByUser: true }),
    });
    expect(record.intent.wish.value).toBe(value);
    expect(record.life.death?.withHost).toBe(value === 'running');
  });

  it("does not undo a person's stop through us", () => {
    const stopped = aRecord({
      up: false,
      run: lastRun,
      wish: { value: 'stopped', by: 'person', who: 'ann', at: ago(8 * MINUTE) },
    });
    const container = anExited({ exitedAt: ago(8 * MINUTE), exitCode: 0 });
    expect(after(stopped, { host: BOOTED_NOW, container }).intent.wish.value).toBe('stopped');
  });
});

describe('a re-creation', () => {
  it('brings fresh attempts, and keeps wish and hold', () => {
    const before = aRecord({
      wish: { value: 'stopped', by: 'person', who: 'ann', at: ago(HOUR) },
      hold: { reason: 'update', by: 'ann', since: ago(HOUR), until: null },
      attempts: [anAttempt(ago(HOUR))],
      givenUp: { at: ago(HOUR), reason: 'died' },
      crashLoopSince: ago(HOUR),
      healedDeaths: [ago(HOUR)],
      up: false,
      death: aDeath(),
    });
    const learnt = learntFrom(before, {
      container: aContainer({ id: 'another id', state: 'created', startedAt: null }),
    });
    expect(kinds(learnt)).toEqual(['recreated']);
    expect(learnt.record).toMatchObject({
      id: 'another id',
      intent: before.intent,
      healing: { attempts: [], givenUp: null },
      life: { death: null },
      loop: { since: null, healedDeaths: [] },
    });
  });

  it('is not taken for one where the id was not known', () => {
    const before = aRecord({ attempts: [anAttempt(ago(HOUR))], healedDeaths: [ago(HOUR)] });
    expect(learntFrom({ ...before, id: UNKNOWN_ID })).toEqual(learntFrom(before));
  });
});
