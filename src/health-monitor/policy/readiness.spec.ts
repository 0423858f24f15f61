import { describe, expect, it } from 'vitest';
import {
  aCheck,
  aChecked,
  aContainer,
  ago,
  anExited,
  aRecord,
  aRun,
  HOUR,
  MINUTE,
  NOON,
  SECOND,
} from '../../../test/support/situation.js';
import { CONTAINER_STATES } from '../../common/events/index.js';
import { type Container } from '../runtime/index.js';
import { believedHealth, isDown, isReady, isUp, stableAt } from './readiness.js';

const upSince = (since: number) => aRecord({ run: aRun(since) });

describe('up and down', () => {
  it.each(CONTAINER_STATES)('%s', (state) => {
    const container = aContainer({ state });
    expect(isUp(container)).toBe(state === 'running');
    expect(isDown(container)).toBe(['exited', 'stopped', 'created'].includes(state));
  });

  it('created without a start time is neither: it was never started', () => {
    const container = aContainer({ state: 'created', startedAt: null });
    expect([isUp(container), isDown(container)]).toEqual([false, false]);
  });

  it('running without its process is down', () => {
    const container = aContainer({ processVanished: true });
    expect([isUp(container), isDown(container)]).toEqual([false, true]);
  });
});

describe('health, as far as it can be believed', () => {
  it.each<[string, Container, string]>([
    ['no check', aContainer(), 'none'],
    ['healthy', aChecked('healthy'), 'healthy'],
    ['unhealthy', aChecked('unhealthy'), 'unhealthy'],
    ['starting', aChecked('starting', { startedAt: ago(SECOND) }), 'starting'],
    ['an old word of one that is down', anExited({ health: 'unhealthy', healthCheck: aCheck() }), 'none'],
    [
      'starting for ever, and never checked: nobody runs the checks here',
      aChecked('starting', { healthCheck: aCheck({ lastRunAt: null }), startedAt: ago(151 * SECOND) }),
      'none',
    ],
    [
      'starting, and the first check may still come',
      aChecked('starting', { healthCheck: aCheck({ lastRunAt: null }), startedAt: ago(149 * SECOND) }),
      'starting',
    ],
    [
      'starting, in a long start period',
      aChecked('starting', {
        healthCheck: aCheck({ lastRunAt: null, startPeriodMs: HOUR }),
        startedAt: ago(HOUR),
      }),
      'starting',
    ],
    [
      'unhealthy, by a check that has not run for long',
      aChecked('unhealthy', { healthCheck: aCheck({ lastRunAt: ago(151 * SECOND) }) }),
      'none',
    ],
  ])('%s', (_, container, health) => expect(believedHealth(container, NOON)).toBe(health));
});

describe('ready to be depended on', () => {
  it.each<[string, Container, number, boolean]>([
    ['healthy', aChecked('healthy', { startedAt: NOON }), NOON, true],
    ['not healthy yet', aChecked('starting', { startedAt: NOON }), NOON, false],
    ['unhealthy', aChecked('unhealthy'), ago(HOUR), false],
    ['up for 4.9 s', aContainer({ startedAt: ago(4_900) }), ago(4_900), false],
    ['up for 5 s', aContainer({ startedAt: ago(5_000) }), ago(5_000), true],
    ['down', anExited(), ago(HOUR), false],
    ['paused', aContainer({ state: 'paused' }), ago(HOUR), false],
    ['in a run that is newer than what we remember', aContainer({ startedAt: NOON }), ago(HOUR), false],
  ])('%s', (_, container, since, ready) => {
    expect(isReady(container, upSince(since).life, NOON)).toBe(ready);
  });
});

it('is stable ten minutes after its start, and not before ten after the last attempt', () => {
  const attempts = [{ at: ago(MINUTE), kind: 'restart', outcome: 'timed-out', detail: null } as const];
  const run = aRun(ago(2 * MINUTE));
  expect(stableAt(aRecord({ run }), { stableAfterMs: 10 * MINUTE })).toBe(NOON + 8 * MINUTE);
  expect(stableAt(aRecord({ run, attempts }), { stableAfterMs: 10 * MINUTE })).toBe(NOON + 9 * MINUTE);
});
