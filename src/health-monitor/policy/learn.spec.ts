import { describe, expect, it } from 'vitest';
import {
  aCheck,
  aChecked,
  aContainer,
  aDeath,
  ago,
  anAttempt,
  anExited,
  aRecord,
  aRun,
  changed,
  DAY,
  HOUR,
  MINUTE,
  NOON,
  rulesFor,
  SECOND,
} from '../../../test/support/situation.js';
import { learn, type Look, type StopEvidence } from './learn.js';
import type { ContainerRecord, Life } from './record.js';

const BOOTED_LONG_AGO = { bootedAt: ago(30 * DAY), downAt: ago(30 * DAY) - MINUTE, isNew: false };
/** The host came up five minutes ago, and was last alive two minutes before that. */
const BOOTED_NOW = { bootedAt: ago(5 * MINUTE), downAt: ago(7 * MINUTE), isNew: true };

const signs = (changes: Partial<StopEvidence> = {}): StopEvidence => ({
  stopped: false,
  restarted: false,
  restartedByPolicy: false,
  diedAt: NOON,
  cleanups: 1,
  ...changes,
});

function look(changes: Partial<Look> = {}): Look {
  const container = changes.container ?? aContainer();
  return {
    container,
    now: NOON,
    fullCheck: true,
    tells: 'flag',
    evidence: null,
    host: BOOTED_LONG_AGO,
    byUs: false,
    begunByUs: false,
    rules: rulesFor(container),
    ...changes,
  };
}
const after = (record: ContainerRecord | undefined, changes: Partial<Look> = {}) =>
  learn(record, look(changes));
const kinds = (learnt: ReturnType<typeof learn>) => learnt.happened.map(({ kind }) => kind);

describe('an idle container', () => {
  it('teaches nothing: the same record comes back', () => {
    const { record } = after(undefined);
    expect(after(record, { now: NOON + MINUTE }).record).toBe(record);
    expect(kinds(after(record, { now: NOON + MINUTE }))).toEqual([]);
  });
});

describe('first sight', () => {
  it.each<[string, Partial<Look>, 'running' | 'stopped']>([
    ['running', {}, 'running'],
    ['exited nine minutes ago', { container: anExited({ exitedAt: ago(9 * MINUTE) }) }, 'running'],
    ['exited eleven minutes ago', { container: anExited({ exitedAt: ago(11 * MINUTE) }) }, 'stopped'],
    ['exited, nobody knows when', { container: anExited({ exitedAt: null }) }, 'stopped'],
    [
      'stopped by a person nine minutes ago',
      { container: anExited({ exitedAt: ago(9 * MINUTE), stoppedByUser: true }) },
      'stopped',
    ],
    [
      'exited with the host that has come up since',
      { container: anExited({ exitedAt: ago(8 * MINUTE) }), host: BOOTED_NOW },
      'running',
    ],
    [
      'exited long before the host went down',
      { container: anExited({ exitedAt: ago(HOUR) }), host: BOOTED_NOW },
      'stopped',
    ],
    ['created by a reboot', { container: aContainer({ state: 'created' }), host: BOOTED_NOW }, 'running'],
    [
      'off for a day, with adoptStopped',
      {
        container: anExited({ exitedAt: ago(DAY), stoppedByUser: true, startedAt: ago(2 * DAY) }),
        rules: rulesFor(aContainer(), { restart: { adoptStopped: true } }),
      },
      'running',
    ],
  ])('%s', (_, changes, wish) => expect(after(undefined, changes).record.intent.wish.value).toBe(wish));
});

describe('on its way to another state', () => {
  const stopping = aContainer({ state: 'stopping' });

  it('is counted from when it was first seen so, whatever it passes through', () => {
    const first = after(aRecord(), { container: stopping }).record;
    expect(first.life.unsettledSince).toBe(NOON);
    expect(after(first, { container: stopping, now: NOON + MINUTE }).record).toBe(first);
    const removing = aContainer({ state: 'removing' });
    expect(after(first, { container: removing, now: NOON + MINUTE }).record.life.unsettledSince).toBe(NOON);
  });

  it.each([aContainer(), anExited(), aContainer({ state: 'paused' })])(
    'is over when it is $state',
    (container) =>
      expect(
        after(aRecord({ unsettledSince: ago(HOUR) }), { container }).record.life.unsettledSince,
      ).toBeNull(),
  );

  it.each<[string, Partial<Look>]>([
    ['the host came up', { host: BOOTED_NOW }],
    ['it was made anew', { container: aContainer({ state: 'stopping', id: 'new' }) }],
  ])('is counted anew after %s', (_, changes) => {
    const record = aRecord({ unsettledSince: ago(HOUR) });
    expect(after(record, { container: stopping, ...changes }).record.life.unsettledSince).toBe(NOON);
  });
});

describe('who stopped it', () => {
  const up = aRecord();
  const stopped = anExited({ stoppedByUser: true });

  it.each<[string, Partial<Look>, ContainerRecord, string, 'running' | 'stopped']>([
    ['flag: set after the death', { container: stopped }, up, 'person', 'stopped'],
    ['flag: not set', { container: anExited() }, up, 'nobody', 'running'],
    [
      'flag: set while it ran',
      { container: stopped },
      aRecord({ flaggedWhileUp: true }),
      'unknown',
      'running',
    ],
    [
      'flag: set while it ran, and a crash signal',
      { container: anExited({ stoppedByUser: true, exitCode: 139 }) },
      aRecord({ flaggedWhileUp: true }),
      'nobody',
      'running',
    ],
    [
      'flag: set while it ran, and a stop event',
      { container: stopped, evidence: signs({ stopped: true }) },
      aRecord({ flaggedWhileUp: true }),
      'person',
      'stopped',
    ],
    [
      'flag: in a restart',
      { container: stopped, evidence: signs({ restarted: true }) },
      up,
      'nobody',
      'running',
    ],
    ['flag: by us', { container: stopped, byUs: true }, up, 'nobody', 'running'],
    [
      'flag: by a restart of ours in which our process ended',
      { container: stopped },
      aRecord({ restartingSince: ago(SECOND) }),
      'nobody',
      'running',
    ],
    [
      'flag: by a restart of ours that was not answered in time',
      { container: stopped },
      aRecord({ restartingSince: ago(MINUTE) }),
      'nobody',
      'running',
    ],
    [
      'flag: after a restart of ours that began this run',
      { container: stopped },
      aRecord({ restartingSince: ago(2 * DAY) }),
      'person',
      'stopped',
    ],
    [
      'flag: long after a restart of ours that never stopped it',
      { container: stopped },
      aRecord({ restartingSince: ago(2 * MINUTE) }),
      'person',
      'stopped',
    ],
    [
      "flag: by the engine's own health action",
      {
        container: anExited({
          stoppedByUser: true,
          healthCheck: aCheck({ onFailure: 'stop', lastStatus: 'unhealthy' }),
        }),
      },
      up,
      'nobody',
      'running',
    ],
    [
      "flag: by the engine's own health action, with a stop event",
      {
        container: anExited({
          stoppedByUser: true,
          healthCheck: aCheck({ onFailure: 'restart', lastStatus: 'unhealthy' }),
        }),
        evidence: signs({ stopped: true }),
      },
      up,
      'nobody',
      'running',
    ],
    [
      'flag: unhealthy, but the engine does nothing about that',
      { container: anExited({ stoppedByUser: true, healthCheck: aCheck({ lastStatus: 'unhealthy' }) }) },
      up,
      'person',
      'stopped',
    ],
    [
      'flag: healthy when it was stopped, with a health action',
      { container: anExited({ stoppedByUser: true, healthCheck: aCheck({ onFailure: 'stop' }) }) },
      up,
      'person',
      'stopped',
    ],
    [
      'flag: unhealthy in an earlier run only, with a health action',
      {
        container: anExited({
          stoppedByUser: true,
          healthCheck: aCheck({ onFailure: 'stop', lastStatus: 'unhealthy', lastRunAt: ago(2 * DAY) }),
        }),
      },
      up,
      'person',
      'stopped',
    ],
    [
      "events: two cleanups, the second by a failed start of the engine's own policy",
      { container: anExited(), tells: 'events', evidence: signs({ cleanups: 2, restartedByPolicy: true }) },
      up,
      'nobody',
      'running',
    ],
    [
      'events: two cleanups',
      { container: anExited(), tells: 'events', evidence: signs({ cleanups: 2 }) },
      up,
      'person',
      'stopped',
    ],
    [
      'events: two cleanups of a run that our own start began and that was never ready',
      {
        container: anExited({ startedAt: ago(SECOND) }),
        tells: 'events',
        evidence: signs({ cleanups: 2 }),
        begunByUs: true,
      },
      up,
      'pending',
      'running',
    ],
    [
      'events: a stop event for such a run',
      {
        container: anExited({ startedAt: ago(SECOND) }),
        tells: 'events',
        evidence: signs({ stopped: true }),
        begunByUs: true,
      },
      up,
      'person',
      'stopped',
    ],
    [
      'events: two cleanups of a run that our own start began and that has been ready',
      { container: anExited(), tells: 'events', evidence: signs({ cleanups: 2 }) },
      aRecord({ run: aRun(ago(DAY), { begunByUs: true }) }),
      'person',
      'stopped',
    ],
    [
      'events: two cleanups of one that our start began and that never got ready',
      { container: anExited(), tells: 'events', evidence: signs({ cleanups: 2 }) },
      aRecord({ run: aRun(ago(DAY), { begunByUs: true }), readySince: null, lastReadyAt: ago(2 * DAY) }),
      'pending',
      'running',
    ],
    [
      'events: a stop event',
      { container: anExited(), tells: 'events', evidence: signs({ stopped: true }) },
      up,
      'person',
      'stopped',
    ],
    [
      'events: one cleanup so far',
      { container: anExited(), tells: 'events', evidence: signs() },
      up,
      'pending',
      'running',
    ],
    [
      'events: not heard yet, a moment after the death',
      { container: anExited({ exitedAt: ago(200) }), tells: 'events' },
      up,
      'pending',
      'running',
    ],
    [
      'events: not heard, long after the death',
      { container: anExited({ exitedAt: ago(MINUTE) }), tells: 'events' },
      up,
      'unknown',
      'running',
    ],
    [
      'events: a crash signal',
      { container: anExited({ exitCode: 139 }), tells: 'events', evidence: signs() },
      up,
      'nobody',
      'running',
    ],
    [
      'never',
      { container: anExited(), tells: 'never', evidence: signs({ cleanups: 2 }) },
      up,
      'unknown',
      'running',
    ],
    ['its process vanished', { container: aContainer({ processVanished: true }) }, up, 'nobody', 'running'],
  ])('%s', (_, changes, record, stoppedBy, wish) => {
    const learnt = after(record, changes).record;
    expect(learnt.life.death?.stoppedBy).toBe(stoppedBy);
    expect(learnt.intent.wish.value).toBe(wish);
  });

  it.each<[string, Partial<Look>, ContainerRecord, Life['death']]>([
    ['an act of ours', { container: stopped, byUs: true }, up, aDeath({ endedBy: 'us' })],
    [
      'a restart at the engine',
      { container: stopped, evidence: signs({ restarted: true }) },
      up,
      aDeath({ endedBy: 'restart' }),
    ],
    [
      "a restart by the engine's own policy, which came after it",
      { container: anExited(), evidence: signs({ restartedByPolicy: true }) },
      up,
      aDeath({ endedBy: null }),
    ],
    [
      'a kill for its failing health check',
      {
        container: anExited({ healthCheck: aCheck({ onFailure: 'kill', lastStatus: 'unhealthy' }) }),
      },
      up,
      aDeath({ endedBy: 'health-action' }),
    ],
    [
      'a restart for its failing health check',
      {
        container: anExited({ healthCheck: aCheck({ onFailure: 'restart', lastStatus: 'unhealthy' }) }),
      },
      up,
      aDeath({ endedBy: 'restart' }),
    ],
    ['nothing but itself', { container: anExited() }, up, aDeath({ endedBy: null })],
  ])('was %s', (_, changes, record, death) => {
    expect(after(record, changes).record.life.death?.endedBy).toBe(death?.endedBy);
  });

  it('is nobody where a first look came between its end and the restart by the policy of the engine', () => {
    const died = { container: anExited(), tells: 'events' } as const;
    const judged = after(up, { ...died, evidence: signs() }).record;
    const learnt = after(judged, { ...died, evidence: signs({ cleanups: 2, restartedByPolicy: true }) });
    expect(learnt.record).toMatchObject({
      life: { death: { stoppedBy: 'nobody' } },
      intent: { wish: { value: 'running' } },
    });
  });

  it('is known within a second where only events tell', () => {
    const events = { container: anExited(), tells: 'events' } as const;
    const judged = after(up, { ...events, evidence: signs() }).record;
    const second = { now: NOON + SECOND, ...events };
    expect(after(judged, { ...second, evidence: signs() }).record).toMatchObject({
      life: { death: { stoppedBy: 'nobody' } },
      intent: { wish: { value: 'running' } },
    });
    expect(after(judged, { ...second, evidence: signs({ cleanups: 2 }) }).record).toMatchObject({
      life: { death: { stoppedBy: 'person' } },
      intent: { wish: { value: 'stopped', by: 'engine' } },
    });
    expect(after(judged, { ...second, evidence: null }).record.life.death?.stoppedBy).toBe('unknown');
  });

  it.each<[Look['tells'], string]>([
    ['events', 'person'],
    ['never', 'unknown'],
  ])('is heard later only where two cleanups tell it (%s)', (tells, stoppedBy) => {
    const died = { container: anExited({ exitedAt: ago(MINUTE) }), tells };
    const { record } = after(up, died);
    expect(record.life.death?.stoppedBy).toBe('unknown');
    const heard = after(record, { ...died, evidence: signs({ diedAt: ago(MINUTE), cleanups: 2 }) }).record;
    expect(heard.life.death?.stoppedBy).toBe(stoppedBy);
  });

  it('heard later does not overrule what a person asked for after the death', () => {
    const died = { container: anExited({ exitedAt: ago(MINUTE) }), tells: 'events' } as const;
    const wish = { value: 'running', by: 'person', who: 'ann', at: ago(SECOND) } as const;
    const asked = changed(after(up, died).record, { wish });
    const learnt = after(asked, { ...died, evidence: signs({ diedAt: ago(MINUTE), cleanups: 2 }) });
    expect(learnt.record.intent.wish).toEqual(wish);
    expect(kinds(learnt)).toEqual([]);
  });

  it('seen after a person asked for it again does not overrule that', () => {
    const wish = { value: 'running', by: 'person', who: 'ann', at: ago(SECOND) } as const;
    const container = anExited({ stoppedByUser: true, exitedAt: ago(MINUTE) });
    expect(after(changed(up, { wish }), { container }).record.intent.wish).toEqual(wish);
  });

  it('is a person, too, when one stops what is down already', () => {
    const down = after(up, { container: anExited() }).record;
    const learnt = after(down, { container: stopped, now: NOON + SECOND });
    expect(learnt.record.intent.wish).toMatchObject({ value: 'stopped', by: 'engine' });
    expect(kinds(learnt)).toEqual(['stopped-by-person']);
  });

  it('is a person also when one stops what was asked for, and did not come up', () => {
    const wish = { value: 'running', by: 'person', who: 'ann', at: NOON } as const;
    const down = changed(after(up, { container: anExited() }).record, { wish });
    const learnt = after(down, { container: stopped, now: NOON + SECOND });
    expect(learnt.record.intent.wish).toMatchObject({ value: 'stopped', by: 'engine' });
  });

  it('is a person, but changes no wish, during a hold', () => {
    const held = aRecord({ hold: { reason: 'backup', by: 'ann', since: NOON, until: null } });
    expect(after(held, { container: stopped }).record).toMatchObject({
      life: { death: { stoppedBy: 'person' } },
      intent: { wish: { value: 'running' } },
    });
  });
});

describe('wishes', () => {
  const off = aRecord({
    up: false,
    wish: { value: 'stopped', by: 'engine', who: null, at: ago(HOUR) },
    death: aDeath(),
  });
  const startedNow = aContainer({ startedAt: NOON });

  it('become running when another hand starts it', () => {
    expect(after(off, { container: startedNow }).record.intent.wish).toMatchObject({
      value: 'running',
      by: 'engine',
    });
  });

  it('stay when we start it, or when it runs during a hold', () => {
    expect(after(off, { container: startedNow, byUs: true }).record.intent.wish.value).toBe('stopped');
    const held = changed(off, { hold: { reason: 'backup', by: 'ann', since: NOON, until: null } });
    expect(after(held, { container: startedNow }).record.intent.wish.value).toBe('stopped');
  });
});

describe('a run', () => {
  const paused = after(aRecord(), { container: aContainer({ state: 'paused' }) }).record;

  it('goes on after a pause: nobody started it, and it has to become ready anew', () => {
    expect(paused).toMatchObject({ life: { up: false }, health: { readySince: null } });
    const learnt = after(paused, { now: NOON + MINUTE });
    expect(kinds(learnt)).toEqual([]);
    expect(learnt.record).toMatchObject({
      life: { up: true, run: aRecord().life.run },
      health: { readySince: NOON + MINUTE },
      intent: aRecord().intent,
    });
  });

  it('that goes on is no wish: what is wished stopped, and was only paused, stays so', () => {
    const wish = { value: 'stopped', by: 'person', who: 'ann', at: ago(SECOND) } as const;
    expect(after(changed(paused, { wish })).record.intent.wish).toEqual(wish);
  });

  it('is new with another start or another id', () => {
    expect(kinds(after(paused, { container: aContainer({ startedAt: NOON }) }))).toEqual(['began-run']);
    expect(kinds(after(aRecord(), { container: aContainer({ id: 'another id' }) }))).toEqual(['recreated']);
  });
});

describe('a hold', () => {
  it('ends at its time, and not before', () => {
    const held = aRecord({ hold: { reason: 'update', by: 'ann', since: ago(HOUR), until: NOON } });
    expect(after(held, { now: NOON - 1 }).record.intent.hold).not.toBeNull();
    const learnt = after(held);
    expect(learnt.record.intent.hold).toBeNull();
    expect(kinds(learnt)).toEqual(['hold-over']);
  });
});

describe('a death', () => {
  it('is told once, with how long the run had lasted', () => {
    const exited = anExited({ startedAt: ago(HOUR), exitCode: 3 });
    const learnt = after(aRecord({ run: aRun(ago(HOUR)) }), { container: exited });
    expect(kinds(learnt)).toEqual(['died']);
    expect(learnt.record.life.death).toMatchObject({ at: NOON, exitCode: 3, ranForMs: HOUR });
    expect(kinds(after(learnt.record, { container: exited, now: NOON + MINUTE }))).toEqual([]);
  });

  it('is confirmed by the next full check, and not by a look at one', () => {
    const fresh = after(aRecord(), { container: anExited() }).record;
    expect(fresh.life.death?.confirmed).toBe(false);
    expect(after(fresh, { container: anExited(), fullCheck: false }).record.life.death?.confirmed).toBe(
      false,
    );
    expect(after(fresh, { container: anExited() }).record.life.death?.confirmed).toBe(true);
  });

  it('counts as out of memory only together with 137, since the flag is never reset', () => {
    const died = (exitCode: number) =>
      after(aRecord(), { container: anExited({ exitCode, oomKilled: true }) });
    expect(died(137).record.life.death?.oomKilled).toBe(true);
    expect(died(3).record.life.death?.oomKilled).toBe(false);
  });

  it('in the future, or before the start, is counted from now', () => {
    for (const exitedAt of [NOON + HOUR, ago(2 * DAY)]) {
      expect(after(aRecord(), { container: anExited({ exitedAt }) }).record.life.death).toMatchObject({
        at: NOON,
        ranForMs: null,
      });
    }
  });
});

describe('a new boot', () => {
  const lastRun = aRun(ago(DAY));

  it('brings fresh attempts to all that are known', () => {
    const tried = aRecord({ attempts: [anAttempt(ago(HOUR))], givenUp: { at: ago(HOUR), reason: 'died' } });
    expect(
      after(tried, { host: BOOTED_NOW, container: aContainer({ state: 'created' }) }).record,
    ).toMatchObject({
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
    const { record } = after(stopped, {
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
    expect(after(stopped, { host: BOOTED_NOW, container }).record.intent.wish.value).toBe('stopped');
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
    const learnt = after(before, {
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
});

describe('stability', () => {
  const tried = aRecord({
    attempts: [anAttempt(ago(10 * MINUTE))],
    run: aRun(ago(DAY), { since: ago(10 * MINUTE) }),
  });

  it('forgets attempts after ten minutes up', () => {
    expect(after(tried, { now: NOON - 1 }).record.healing.attempts).toHaveLength(1);
    const learnt = after(tried);
    expect(learnt.record.healing.attempts).toEqual([]);
    expect(kinds(learnt)).toEqual(['stable']);
  });

  it('is not that of an unhealthy one', () => {
    expect(after(tried, { container: aChecked('unhealthy') }).record.healing.attempts).toHaveLength(1);
  });
});

describe('readiness', () => {
  it('counts without a break, and unhealthiness, too', () => {
    const ready = after(undefined, { container: aChecked('healthy') }).record;
    expect(ready.health).toMatchObject({ readySince: NOON, unhealthySince: null });
    const ill = after(ready, { container: aChecked('unhealthy'), now: NOON + SECOND }).record;
    expect(ill.health).toEqual({ readySince: null, unhealthySince: NOON + SECOND, lastReadyAt: NOON });
    const still = after(ill, { container: aChecked('unhealthy'), now: NOON + MINUTE }).record;
    expect(still.health.unhealthySince).toBe(NOON + SECOND);
    const well = after(still, { container: aChecked('healthy'), now: NOON + HOUR }).record;
    expect(well.health).toMatchObject({ readySince: NOON + HOUR, unhealthySince: null });
  });
});

describe('crash loops', () => {
  it('under our own care: more than three healed deaths in a day, told once, over after a day without one', () => {
    const at = [ago(3 * HOUR), ago(2 * HOUR), ago(HOUR)];
    expect(after(aRecord({ healedDeaths: at })).record.loop.since).toBeNull();
    const learnt = after(aRecord({ healedDeaths: [...at, NOON] }));
    expect(learnt.record.loop.since).toBe(NOON);
    expect(learnt.happened).toEqual([{ kind: 'crash-loop', deaths: 4, windowMs: DAY }]);
    expect(kinds(after(learnt.record, { now: NOON + HOUR }))).toEqual([]);
    expect(after(learnt.record, { now: NOON + 23 * HOUR }).record.loop.since).toBe(NOON);
    const over = after(learnt.record, { now: NOON + DAY });
    expect(over.record.loop.since).toBeNull();
    expect(kinds(over)).toEqual(['crash-loop-over']);
  });

  it("under the engine's policy: more than three restarts in ten minutes", () => {
    const restarted = (engineRestarts: number) => aContainer({ engineRestarts, startedAt: NOON });
    expect(after(aRecord(), { container: restarted(3) }).record.loop.since).toBeNull();
    const learnt = after(aRecord(), { container: restarted(4) });
    expect(learnt.happened).toContainEqual({ kind: 'crash-loop', deaths: 4, windowMs: 10 * MINUTE });
    const over = after(learnt.record, { container: restarted(4), now: NOON + 10 * MINUTE });
    expect(kinds(over)).toEqual(['crash-loop-over']);
  });

  it("are not made of restarts by the engine's policy that fail: nothing dies after those", () => {
    const down = anExited({ engineRestarts: 10 });
    const learnt = after(aRecord(), { container: down });
    expect(learnt.record).toMatchObject({ loop: { engineDeaths: [], since: null } });
    const later = after(learnt.record, { container: { ...down, engineRestarts: 20 } });
    expect(later.record).toMatchObject({ loop: { engineDeaths: [], since: null } });
    const anotherRun = anExited({ engineRestarts: 30, startedAt: ago(SECOND) });
    expect(kinds(after(later.record, { container: anotherRun }))).toEqual(['died', 'crash-loop']);
  });

  it('are not made by a manual start that resets the count of the engine', () => {
    const before = aRecord({ engineRestarts: 100 });
    expect(after(before, { container: aContainer({ engineRestarts: 0 }) }).record.loop.engineDeaths).toEqual(
      [],
    );
  });
});
