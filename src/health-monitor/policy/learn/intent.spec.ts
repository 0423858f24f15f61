import { describe, expect, it } from 'vitest';
import { after, BOOTED_NOW, evidence, kinds, learntFrom } from '../../../../test/support/inspection.js';
import {
  aContainer,
  aDeath,
  ago,
  anExited,
  aRecord,
  changed,
  DAY,
  HOUR,
  MINUTE,
  NOON,
  rulesFor,
  SECOND,
} from '../../../../test/support/situation.js';
import type { Inspection } from './inspection.js';

describe('first sight', () => {
  it.each<[string, Partial<Inspection>, 'running' | 'stopped']>([
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
  ])('%s', (_, changes, wish) => expect(after(undefined, changes).intent.wish.value).toBe(wish));
});

describe('a stop by hand', () => {
  const up = aRecord();
  const stopped = anExited({ stoppedByUser: true });

  it('heard later does not overrule what a person asked for after the death', () => {
    const died = { container: anExited({ exitedAt: ago(MINUTE) }), tellsWhoStopped: 'events' } as const;
    const wish = { value: 'running', by: 'person', who: 'ann', at: ago(SECOND) } as const;
    const asked = changed(after(up, died), { wish });
    const learnt = learntFrom(asked, {
      ...died,
      stopEvidence: evidence({ diedAt: ago(MINUTE), cleanups: 2 }),
    });
    expect(learnt.record.intent.wish).toEqual(wish);
    expect(kinds(learnt)).toEqual([]);
  });

  it('seen after a person asked for it again does not overrule that', () => {
    const wish = { value: 'running', by: 'person', who: 'ann', at: ago(SECOND) } as const;
    const container = anExited({ stoppedByUser: true, exitedAt: ago(MINUTE) });
    expect(after(changed(up, { wish }), { container }).intent.wish).toEqual(wish);
  });

  it('is a person, too, when one stops what is down already', () => {
    const down = after(up, { container: anExited() });
    const learnt = learntFrom(down, { container: stopped, now: NOON + SECOND });
    expect(learnt.record.intent.wish).toMatchObject({ value: 'stopped', by: 'engine' });
    expect(kinds(learnt)).toEqual(['stopped-by-person']);
  });

  it('is a person also when one stops what was asked for, and did not come up', () => {
    const wish = { value: 'running', by: 'person', who: 'ann', at: NOON } as const;
    const down = changed(after(up, { container: anExited() }), { wish });
    const learnt = learntFrom(down, { container: stopped, now: NOON + SECOND });
    expect(learnt.record.intent.wish).toMatchObject({ value: 'stopped', by: 'engine' });
  });

  it('is a person, but changes no wish, during a hold', () => {
    const held = aRecord({ hold: { reason: 'backup', by: 'ann', since: NOON, until: null } });
    expect(after(held, { container: stopped })).toMatchObject({
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
    expect(after(off, { container: startedNow }).intent.wish).toMatchObject({
      value: 'running',
      by: 'engine',
    });
  });

  it('stay when we start it, or when it runs during a hold', () => {
    expect(after(off, { container: startedNow, byUs: true }).intent.wish.value).toBe('stopped');
    const held = changed(off, { hold: { reason: 'backup', by: 'ann', since: NOON, until: null } });
    expect(after(held, { container: startedNow }).intent.wish.value).toBe('stopped');
  });
});

describe('a hold', () => {
  it('ends at its time, and not before', () => {
    const held = aRecord({ hold: { reason: 'update', by: 'ann', since: ago(HOUR), until: NOON } });
    expect(after(held, { now: NOON - 1 }).intent.hold).not.toBeNull();
    const learnt = learntFrom(held);
    expect(learnt.record.intent.hold).toBeNull();
    expect(kinds(learnt)).toEqual(['hold-over']);
  });
});
