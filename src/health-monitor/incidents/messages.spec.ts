import { describe, expect, it } from 'vitest';
import {
  backingOff,
  condition,
  down,
  givenUp,
  IncidentStory,
  stopped,
  up,
  waitingFor,
} from '../../../test/support/conditions.js';
import {
  aCheck,
  aChecked,
  aContainer,
  aDeath,
  ago,
  anAttempt,
  anExited,
  HOUR,
  MINUTE,
  NOON,
  SECOND,
  type FlatRecord,
} from '../../../test/support/situation.js';
import { leave } from '../policy/index.js';
import type { Condition } from './condition.js';
import { endedByItself } from './messages.js';
import { updateIncidents } from './update-incidents.js';

const firstMessage = (first: Condition, now = NOON) => new IncidentStory().step(now, first).messages[0];

describe('the message that', () => {
  const refused = (attempt: Parameters<typeof anAttempt>[1]) =>
    down('app', NOON, backingOff, { attempts: [anAttempt(NOON, attempt)] });

  it('a start failed carries the engine’s reason, masked', () => {
    expect(firstMessage(refused({ outcome: 'refused', detail: 'no such file: token=abc' }))).toBe(
      'Auto-restart failed (attempt 1/3). Container state: exited. no such file: token=•••.',
    );
    expect(firstMessage(refused({ outcome: 'timed-out' }))).toBe(
      'Auto-restart failed (attempt 1/3). Container state: exited. The engine did not answer in time.',
    );
  });

  it.each([
    [
      'died',
      'Container restarted (3/3 attempts) and exited again with 1. May need manual attention. Next try at 13:00.',
    ],
    [
      'unhealthy',
      'Container restarted (3/3 attempts) and is still not healthy. May need manual attention. Next try at 13:00.',
    ],
    [
      'refused',
      'Auto-restart failed (3/3 attempts). The engine refused to start it. May need manual attention. Next try at 13:00.',
    ],
    [
      'engine-tries-used-up',
      'Its own restart policy does not bring it back; it exited with 1. Not restarted. May need manual attention.',
    ],
  ] as const)('it was given up says why: %s', (reason, message) => {
    expect(firstMessage(givenUp('app', NOON, { givenUp: { at: NOON, reason } }))).toBe(message);
  });

  it('it keeps crashing says how often, and who restarts it', () => {
    const loop = (record: Partial<FlatRecord>) =>
      up('app', { crashLoopSince: NOON, readySince: NOON, ...record });
    expect(firstMessage(loop({ engineDeaths: [1, 2, 3, 4], death: aDeath({ exitCode: 139 }) }))).toBe(
      'Exited 4 times in 10 minutes (last: 139, SIGSEGV). Its own restart policy restarts it each time; the monitor leaves it alone.',
    );
    const healedDeaths = [1, 2, 3, 4];
    expect(firstMessage(loop({ healedDeaths, death: aDeath({ exitCode: 1 }) }))).toBe(
      'Exited 4 times in 24 hours (last: 1). It was restarted each time. It may need you.',
    );
    expect(firstMessage(loop({ healedDeaths, attempts: [anAttempt(NOON, { kind: 'restart' })] }))).toBe(
      'Restarted 4 times in 24 hours, since its health check failed. It may need you.',
    );
  });

  it('it is unhealthy says since when, with the words of its check, and why it is left alone', () => {
    const failing = condition('app', {
      container: aChecked('unhealthy', {
        name: 'app',
        healthCheck: aCheck({ lastOutput: 'connection\nrefused, password=hunter2' }),
      }),
      record: { unhealthySince: ago(2 * MINUTE) },
      decision: leave('unhealthy-told', ''),
    });
    expect(firstMessage(failing)).toBe(
      'Its health check has failed for 2 minutes: connection refused, password=•••. Left alone because it is set to tell, not to restart.',
    );
  });

  it('it is down in mode observe says for how long', () => {
    const observed = down('app', NOON, leave('observing', ''), { attempts: [] });
    expect(firstMessage(observed, NOON + 83 * SECOND)).toBe(
      'It exited with 1. Down for 1 minute 23 seconds. Not restarted: the monitor only observes.',
    );
  });

  it('it is stuck says what to do', () => {
    const stuck = condition('app', {
      container: aContainer({ name: 'app', state: 'stopping' }),
      record: { unsettledSince: ago(10 * MINUTE), readySince: null },
      decision: leave('stuck', 'The engine has been stopping it.'),
    });
    expect(firstMessage(stuck)).toBe('The engine has been stopping it.');
  });

  it('long work is done says how long it took', () => {
    const { message, incidentId } = endedByItself(
      condition('app', {
        container: anExited({ name: 'app', exitCode: 0 }),
        record: { death: aDeath({ ranForMs: 72 * HOUR }) },
      }),
    );
    expect(message).toBe('It ended by itself with exit 0 after 3 days. Not restarted.');
    expect(incidentId).toBeNull();
  });

  it('it is back names who is back, too', () => {
    const story = new IncidentStory({ nbxplorer: ['app'], 'archy-btcpay-server': ['app'] })
      .step(
        NOON,
        givenUp('app', NOON),
        down('nbxplorer', NOON, waitingFor('app')),
        down('archy-btcpay-server', NOON, waitingFor('app')),
      )
      .step(
        NOON + 5 * MINUTE,
        up('app', { readySince: NOON + 4 * MINUTE }),
        up('nbxplorer', { readySince: NOON + 4 * MINUTE }),
        up('archy-btcpay-server', { readySince: NOON + 4 * MINUTE }),
      );
    expect(story.messages[1]).toBe('Down for 4 minutes. Also back: nbxplorer, archy-btcpay-server.');
  });

  it('it is back names nobody twice, and nobody who was turned off meanwhile', () => {
    const waiting = (name: string, at: number) => down(name, at, waitingFor('app'));
    const off = stopped('wiki');
    const story = new IncidentStory({ web: ['app'], wiki: ['app'] })
      .step(NOON, givenUp('app', NOON), waiting('web', NOON), waiting('wiki', NOON))
      .step(NOON + MINUTE, givenUp('app', NOON), up('web', { readySince: NOON + MINUTE }), off)
      .step(NOON + 2 * MINUTE, givenUp('app', NOON), waiting('web', NOON + 2 * MINUTE), off)
      .step(
        NOON + 5 * MINUTE,
        up('app', { readySince: NOON + 4 * MINUTE }),
        up('web', { readySince: NOON + 4 * MINUTE }),
        off,
      );
    expect(story.messages[1]).toBe('Down for 4 minutes. Also back: web.');
  });

  it('it is back names seven of many', () => {
    const names = Array.from({ length: 9 }, (_, index) => `web-${index}`);
    const story = new IncidentStory(Object.fromEntries(names.map((name) => [name, ['app']])))
      .step(NOON, givenUp('app', NOON), ...names.map((name) => down(name, NOON, waitingFor('app'))))
      .step(
        NOON + 5 * MINUTE,
        up('app', { readySince: NOON + 4 * MINUTE }),
        ...names.map((name) => up(name, { readySince: NOON + 4 * MINUTE })),
      );
    expect(story.messages[1]).toMatch(/web-5, web-6 and 2 more\.$/);
  });

  it('people get tells machines what the Rust monitor told them', () => {
    const { messages } = updateIncidents({
      incidents: new Map(),
      conditions: new Map([['archy-app', givenUp('archy-app', NOON)]]),
      below: new Map(),
      stableAfterMs: 1,
      now: NOON,
    });
    expect(messages).toMatchObject([
      {
        level: 'error',
        title: 'archy-app was given up',
        details: {
          container: 'archy-app',
          app_id: 'app',
          state: 'exited',
          attempt: 3,
          tier: 'application',
          exit_code: 1,
        },
      },
    ]);
  });
});
