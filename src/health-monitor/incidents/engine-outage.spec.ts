import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, NOON } from '../../../test/support/situation.js';
import { engineBack, engineLost, type Outage } from './engine-outage.js';
import type { Incidents } from './incidents.js';

const OUTAGE: Outage = {
  since: NOON - MINUTE,
  problem: 'Nothing listens.',
  by: 'engine',
  lasts: false,
  now: NOON,
};
const lostWith = (incidents: Incidents, changes: Partial<Outage> = {}) =>
  engineLost(incidents, { ...OUTAGE, ...changes });

const lost = lostWith(new Map())!;
const told = lostWith(lost.incidents, { lasts: true, problem: 'Still nothing.', now: NOON + MINUTE })!;
const id = `${(NOON - MINUTE).toString(36)}-engine`;
const REACHABLE = 'It was away for 2 minutes. Found down and being started: db and app.';

describe('an engine that does not answer', () => {
  it('is one incident and one event at once, and nobody’s message yet', () => {
    expect([...lost.incidents.values()]).toMatchObject([
      {
        id,
        kind: 'engine',
        stage: 'shown',
        openedAt: new Date(NOON - MINUTE).toISOString(),
        cause: { container: null, reason: 'Nothing listens.' },
      },
    ]);
    expect(lost.messages).toEqual([]);
    expect(lost.events).toEqual([
      {
        type: 'engine.unreachable',
        at: new Date(NOON).toISOString(),
        data: { reason: 'Nothing listens.', incidentId: id },
      },
    ]);
    expect(lostWith(lost.incidents)).toBeNull();
  });

  it('and lasts is one message, once, and no further event', () => {
    expect(told.messages).toMatchObject([
      {
        type: 'engine.unreachable',
        level: 'error',
        message: 'Nothing listens. Nothing is decided and nothing is restarted until it answers.',
        container: null,
        incidentId: id,
      },
    ]);
    expect(told.events).toEqual([]);
    expect([...told.incidents.values()]).toMatchObject([{ id, stage: 'opened' }]);
    expect(lostWith(told.incidents, { lasts: true, now: NOON + HOUR })).toBeNull();
  });

  it('and answers again before people were told is over, with an event and without a message', () => {
    const back = engineBack(lost.incidents, ['db', 'app'], NOON + MINUTE)!;
    expect(back.messages).toEqual([]);
    expect(back.events).toMatchObject([
      { type: 'engine.reachable', data: { reason: REACHABLE, incidentId: id } },
    ]);
    expect([...back.incidents.values()]).toMatchObject([{ stage: 'shown', sent: [], endedBy: 'itself' }]);
    expect(lostWith(back.incidents, { lasts: true, now: NOON + HOUR })?.messages).toHaveLength(1);
  });

  it('and answers again says for how long it did not, and who is brought back', () => {
    const back = engineBack(told.incidents, ['db', 'app'], NOON + MINUTE)!;
    expect(back.messages).toMatchObject([{ type: 'engine.reachable', level: 'info', message: REACHABLE }]);
    expect(back.events).toEqual([
      {
        type: 'engine.reachable',
        at: new Date(NOON + MINUTE).toISOString(),
        data: { reason: REACHABLE, incidentId: id },
      },
    ]);
    expect([...back.incidents.values()]).toMatchObject([{ stage: 'ended', endedBy: 'itself' }]);
    expect(engineBack(back.incidents, [], NOON + HOUR)).toBeNull();
    expect(lostWith(back.incidents, { since: NOON + HOUR, now: NOON + HOUR })?.incidents.size).toBe(2);
  });

  it('and answers again with all as it was says that', () => {
    expect(engineBack(told.incidents, [], NOON)!.messages[0]!.message).toBe(
      'It was away for 1 minute. Nothing went down meanwhile.',
    );
  });
});

describe('checks that fail through no fault of the engine’s', () => {
  const ours = lostWith(new Map(), { by: 'monitor' })!;

  it('are told at once, and so is their end', () => {
    expect(ours.messages).toMatchObject([{ type: 'monitor.check_failed' }]);
    expect(engineBack(ours.incidents, [], NOON + MINUTE)?.messages).toMatchObject([
      { type: 'monitor.check_succeeded' },
    ]);
  });

  it('are not told as such while the engine is away', () => {
    expect(lostWith(lost.incidents, { by: 'monitor' })).toBeNull();
    expect(lostWith(lost.incidents, { by: 'monitor', lasts: true })?.messages).toMatchObject([
      { type: 'engine.unreachable' },
    ]);
  });
});
