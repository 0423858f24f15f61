import { describe, expect, it } from 'vitest';
import { after, evidence, kinds, learntFrom } from '../../../../test/support/inspection.js';
import {
  aCheck,
  aContainer,
  aDeath,
  ago,
  anExited,
  aRecord,
  aRun,
  DAY,
  HOUR,
  MINUTE,
  NOON,
  SECOND,
} from '../../../../test/support/situation.js';
import type { ContainerRecord, Life } from '../record.js';
import type { Inspection, StopEvidence } from './inspection.js';

describe('who stopped it', () => {
  const up = aRecord();
  const stopped = anExited({ stoppedByUser: true });

  it.each<[string, Partial<Inspection>, ContainerRecord, string, 'running' | 'stopped']>([
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
      { container: stopped, stopEvidence: evidence({ stopped: true }) },
      aRecord({ flaggedWhileUp: true }),
      'person',
      'stopped',
    ],
    [
      'flag: in a restart',
      { container: stopped, stopEvidence: evidence({ restarted: true }) },
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
        stopEvidence: evidence({ stopped: true }),
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
      {
        container: anExited(),
        tellsWhoStopped: 'events',
        stopEvidence: evidence({ cleanups: 2, restartedByPolicy: true }),
      },
      up,
      'nobody',
      'running',
    ],
    [
      'events: two cleanups',
      { container: anExited(), tellsWhoStopped: 'events', stopEvidence: evidence({ cleanups: 2 }) },
      up,
      'person',
      'stopped',
    ],
    [
      'events: two cleanups of a run that our own start began and that was never ready',
      {
        container: anExited({ startedAt: ago(SECOND) }),
        tellsWhoStopped: 'events',
        stopEvidence: evidence({ cleanups: 2 }),
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
        tellsWhoStopped: 'events',
        stopEvidence: evidence({ stopped: true }),
        begunByUs: true,
      },
      up,
      'person',
      'stopped',
    ],
    [
      'events: two cleanups of a run that our own start began and that has been ready',
      { container: anExited(), tellsWhoStopped: 'events', stopEvidence: evidence({ cleanups: 2 }) },
      aRecord({ run: aRun(ago(DAY), { begunByUs: true }) }),
      'person',
      'stopped',
    ],
    [
      'events: two cleanups of one that our start began and that never got ready',
      { container: anExited(), tellsWhoStopped: 'events', stopEvidence: evidence({ cleanups: 2 }) },
      aRecord({ run: aRun(ago(DAY), { begunByUs: true }), readySince: null, lastReadyAt: ago(2 * DAY) }),
      'pending',
      'running',
    ],
    [
      'events: a stop event',
      { container: anExited(), tellsWhoStopped: 'events', stopEvidence: evidence({ stopped: true }) },
      up,
      'person',
      'stopped',
    ],
    [
      'events: one cleanup so far',
      { container: anExited(), tellsWhoStopped: 'events', stopEvidence: evidence() },
      up,
      'pending',
      'running',
    ],
    [
      'events: not heard yet, a moment after the death',
      { container: anExited({ exitedAt: ago(200) }), tellsWhoStopped: 'events' },
      up,
      'pending',
      'running',
    ],
    [
      'events: not heard, long after the death',
      { container: anExited({ exitedAt: ago(MINUTE) }), tellsWhoStopped: 'events' },
      up,
      'unknown',
      'running',
    ],
    [
      'events: a crash signal',
      { container: anExited({ exitCode: 139 }), tellsWhoStopped: 'events', stopEvidence: evidence() },
      up,
      'nobody',
      'running',
    ],
    [
      'never',
      { container: anExited(), tellsWhoStopped: 'never', stopEvidence: evidence({ cleanups: 2 }) },
      up,
      'unknown',
      'running',
    ],
    ['its process vanished', { container: aContainer({ processVanished: true }) }, up, 'nobody', 'running'],
  ])('%s', (_, changes, record, stoppedBy, wish) => {
    const learnt = after(record, changes);
    expect(learnt.life.death?.stoppedBy).toBe(stoppedBy);
    expect(learnt.intent.wish.value).toBe(wish);
  });

  it.each<[string, Partial<Inspection>, ContainerRecord, Life['death']]>([
    ['an act of ours', { container: stopped, byUs: true }, up, aDeath({ endedBy: 'us' })],
    [
      'a restart at the engine',
      { container: stopped, stopEvidence: evidence({ restarted: true }) },
      up,
      aDeath({ endedBy: 'restart' }),
    ],
    [
      "a restart by the engine's own policy, which came after it",
      { container: anExited(), stopEvidence: evidence({ restartedByPolicy: true }) },
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
    expect(after(record, changes).life.death?.endedBy).toBe(death?.endedBy);
  });

  it('is nobody where a first look came between its end and the restart by the policy of the engine', () => {
    const died = { container: anExited(), tellsWhoStopped: 'events' } as const;
    const judged = after(up, { ...died, stopEvidence: evidence() });
    const learnt = learntFrom(judged, {
      ...died,
      stopEvidence: evidence({ cleanups: 2, restartedByPolicy: true }),
    });
    expect(learnt.record).toMatchObject({
      life: { death: { stoppedBy: 'nobody' } },
      intent: { wish: { value: 'running' } },
    });
  });

  it('is known within five seconds where only events tell', () => {
    const events = { container: anExited(), tellsWhoStopped: 'events' } as const;
    const judged = after(up, { ...events, stopEvidence: evidence() });
    const fifth = { now: NOON + 5 * SECOND, ...events };
    expect(after(judged, { ...fifth, stopEvidence: evidence() })).toMatchObject({
      life: { death: { stoppedBy: 'nobody' } },
      intent: { wish: { value: 'running' } },
    });
    expect(after(judged, { ...fifth, stopEvidence: evidence({ cleanups: 2 }) })).toMatchObject({
      life: { death: { stoppedBy: 'person' } },
      intent: { wish: { value: 'stopped', by: 'engine' } },
    });
    expect(after(judged, { ...fifth, stopEvidence: null }).life.death?.stoppedBy).toBe('unknown');
  });

  it.each<[Inspection['tellsWhoStopped'], string]>([
    ['events', 'person'],
    ['never', 'unknown'],
  ])('is heard later only where two cleanups tell it (%s)', (tellsWhoStopped, stoppedBy) => {
    const died = { container: anExited({ exitedAt: ago(MINUTE) }), tellsWhoStopped };
    const { record } = learntFrom(up, died);
    expect(record.life.death?.stoppedBy).toBe('unknown');
    const heard = after(record, { ...died, stopEvidence: evidence({ diedAt: ago(MINUTE), cleanups: 2 }) });
    expect(heard.life.death?.stoppedBy).toBe(stoppedBy);
  });
});

describe('who stopped it, on a busy host where only events tell', () => {
  const exited = anExited({ exitedAt: NOON });
  const at = (ms: number, stopEvidence: StopEvidence): Partial<Inspection> => ({
    container: exited,
    tellsWhoStopped: 'events',
    now: NOON + ms,
    stopEvidence,
  });
  const unclean = evidence({ cleanedUpAt: null, cleanups: 0 });
  const died = after(aRecord(), at(50, unclean));

  it('stays open while the engine has not cleaned up, for twenty seconds at most', () => {
    const late = after(died, at(1_050, unclean));
    expect(late.life.death).toMatchObject({ stoppedBy: 'pending', pendingUntil: NOON + 2_050 });
    expect(after(late, at(20_000, unclean)).life.death).toMatchObject({ stoppedBy: 'nobody' });
  });

  it('stays open until the engine has cleaned up after nothing for five seconds, for twenty at most', () => {
    const heard = evidence({ cleanedUpAt: NOON + 200, engineCleanedUpAt: NOON + 1_900 });
    const open = after(died, at(1_900, heard));
    expect(open.life.death).toMatchObject({ stoppedBy: 'pending', pendingUntil: NOON + 6_900 });
    expect(after(open, at(6_800, { ...heard, cleanups: 2 })).life.death?.stoppedBy).toBe('person');
    expect(after(open, at(6_900, heard)).life.death?.stoppedBy).toBe('nobody');
    const busy = { ...heard, engineCleanedUpAt: NOON + 16_000 };
    expect(after(open, at(16_000, busy)).life.death?.pendingUntil).toBe(NOON + 20_000);
    expect(after(open, at(20_000, busy)).life.death?.stoppedBy).toBe('nobody');
  });
});

describe('who stopped it, where only events tell and they come late', () => {
  const stopped = { container: anExited({ exitedAt: NOON }), tellsWhoStopped: 'events' } as const;
  const heard = evidence({ cleanedUpAt: NOON + 200 });
  const open = after(aRecord(), { ...stopped, now: NOON + 200, stopEvidence: heard });
  const later = (ms: number, changes: Partial<Inspection>) =>
    after(open, { ...stopped, now: NOON + ms, stopEvidence: heard, ...changes }).life.death;

  it('stays open as much longer as the latest of them was heard late', () => {
    const late = { stopEvidence: { ...heard, heardLateMs: 3_000 } };
    expect(later(7_900, late)).toMatchObject({ stoppedBy: 'pending', pendingUntil: NOON + 8_000 });
    expect(later(8_000, late)).toMatchObject({ stoppedBy: 'nobody' });
  });

  it('stays open while they are missing, for five minutes at most', () => {
    const missing = { eventsMissing: true };
    const pending = { stoppedBy: 'pending', pendingUntil: NOON + MINUTE + SECOND };
    expect(later(MINUTE, missing)).toMatchObject(pending);
    expect(later(MINUTE, {})).toMatchObject({ stoppedBy: 'nobody' });
    expect(later(5 * MINUTE, missing)).toMatchObject({ stoppedBy: 'nobody' });
  });

  it('is open from the start where they are missing', () => {
    const unheard = { ...stopped, now: NOON + MINUTE, stopEvidence: null, eventsMissing: true };
    expect(after(aRecord(), unheard).life.death?.stoppedBy).toBe('pending');
    expect(after(aRecord(), { ...unheard, eventsMissing: false }).life.death?.stoppedBy).toBe('unknown');
  });
});

describe('who ended a run of ours that was never ready, on a busy host where only events tell', () => {
  it('is decided after a second: two clean-ups prove nothing there', () => {
    const stopEvidence = evidence({ cleanedUpAt: NOON + 900 });
    const died = after(aRecord({ up: false, run: null }), {
      container: anExited({ exitedAt: NOON }),
      tellsWhoStopped: 'events',
      begunByUs: true,
      now: NOON + 900,
      stopEvidence,
    });
    expect(died.life.death).toMatchObject({ stoppedBy: 'pending', pendingUntil: NOON + SECOND });
  });
});

describe('a death', () => {
  it('is reported once, with how long the run had lasted', () => {
    const exited = anExited({ startedAt: ago(HOUR), exitCode: 3 });
    const learnt = learntFrom(aRecord({ run: aRun(ago(HOUR)) }), { container: exited });
    expect(kinds(learnt)).toEqual(['died']);
    expect(learnt.record.life.death).toMatchObject({ at: NOON, exitCode: 3, ranForMs: HOUR });
    expect(kinds(learntFrom(learnt.record, { container: exited, now: NOON + MINUTE }))).toEqual([]);
  });

  it('is confirmed by the next full check, and not by a look at one', () => {
    const fresh = after(aRecord(), { container: anExited() });
    expect(fresh.life.death?.confirmed).toBe(false);
    expect(after(fresh, { container: anExited(), fullCheck: false }).life.death?.confirmed).toBe(false);
    expect(after(fresh, { container: anExited() }).life.death?.confirmed).toBe(true);
  });

  it('is not confirmed while events that tell of stops are missing, for five minutes at most', () => {
    const fresh = after(aRecord(), { container: anExited({ exitedAt: NOON }) });
    const later = (ms: number, changes: Partial<Inspection>) =>
      after(fresh, { container: anExited({ exitedAt: NOON }), now: NOON + ms, ...changes }).life.death;
    const missing = { eventsMissing: true, tellsWhoStopped: 'events' } as const;
    expect(later(MINUTE, missing)?.confirmed).toBe(false);
    expect(later(MINUTE, { ...missing, tellsWhoStopped: 'flag' })?.confirmed).toBe(true);
    expect(later(5 * MINUTE, missing)?.confirmed).toBe(true);
  });

  it('counts as out of memory only together with 137, since the flag is never reset', () => {
    const died = (exitCode: number) =>
      learntFrom(aRecord(), { container: anExited({ exitCode, oomKilled: true }) });
    expect(died(137).record.life.death?.oomKilled).toBe(true);
    expect(died(3).record.life.death?.oomKilled).toBe(false);
  });

  it('in the future, or before the start, is counted from now', () => {
    for (const exitedAt of [NOON + HOUR, ago(2 * DAY)]) {
      expect(after(aRecord(), { container: anExited({ exitedAt }) }).life.death).toMatchObject({
        at: NOON,
        ranForMs: null,
      });
    }
  });
});
