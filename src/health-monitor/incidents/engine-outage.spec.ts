import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, NOON } from '../../../test/support/situation.js';
import { engineBack, engineLost } from './engine-outage.js';

const lost = engineLost(new Map(), NOON - MINUTE, 'Nothing listens.', 'engine', NOON)!;
const id = `${(NOON - MINUTE).toString(36)}-engine`;

describe('an engine that does not answer', () => {
  it('is one incident, one message and one event, once', () => {
    expect([...lost.incidents.values()]).toMatchObject([
      {
        id,
        kind: 'engine',
        stage: 'opened',
        openedAt: new Date(NOON - MINUTE).toISOString(),
        cause: { container: null, reason: 'Nothing listens.' },
      },
    ]);
    expect(lost.messages).toMatchObject([
      {
        type: 'engine.unreachable',
        level: 'error',
        message: 'Nothing listens. Nothing is decided and nothing is restarted until it answers.',
        container: null,
        incidentId: id,
      },
    ]);
    expect(lost.events).toEqual([
      {
        type: 'engine.unreachable',
        at: new Date(NOON).toISOString(),
        data: { reason: 'Nothing listens.', incidentId: id },
      },
    ]);
    expect(engineLost(lost.incidents, NOON, 'Still nothing.', 'engine', NOON + HOUR)).toBeNull();
  });

  it('and answers again says for how long it did not, and who is brought back', () => {
    const back = engineBack(lost.incidents, ['db', 'app'], NOON + MINUTE)!;
    const message = 'It was away for 2 minutes. Found down and being started: db and app.';
    expect(back.messages).toMatchObject([{ type: 'engine.reachable', level: 'info', message }]);
    expect(back.events).toEqual([
      {
        type: 'engine.reachable',
        at: new Date(NOON + MINUTE).toISOString(),
        data: { reason: message, incidentId: id },
      },
    ]);
    expect([...back.incidents.values()]).toMatchObject([{ stage: 'ended', endedBy: 'itself' }]);
    expect(engineBack(back.incidents, [], NOON + HOUR)).toBeNull();
    expect(engineLost(back.incidents, NOON + HOUR, 'Again.', 'engine', NOON + HOUR)?.incidents.size).toBe(2);
  });

  it('and answers again with all as it was says that', () => {
    expect(engineBack(lost.incidents, [], NOON)!.messages[0]!.message).toBe(
      'It was away for 1 minute. Nothing went down meanwhile.',
    );
  });
});
