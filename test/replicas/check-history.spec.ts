import { describe, expect, it } from 'vitest';
import type { HealthEvent } from '../../src/common/events/index.js';
import { problemsOf } from './check-history.js';
import type { ClientStep, History } from './history.js';

const at = '2026-01-01T00:00:00.000Z';

const event = (seq: number, more: object = {}): HealthEvent => ({
  seq,
  at,
  type: 'container.exited',
  container: 'db',
  data: { reason: 'It ended.' },
  ...more,
});
const held = (seq: number, reason: string) => event(seq, { type: 'container.held', data: { reason } });
const told = (seq: number, timestamp: string) =>
  event(seq, {
    type: 'notification.created',
    data: {
      notification: { type: 'container.given_up', timestamp },
      details: { container: 'db' },
    },
  });
const hook = (id: string, timestamp: string) => ({
  id,
  event: 'container.given_up',
  container: 'db',
  timestamp,
});
const given = (epoch: string, ...seqs: number[]): ClientStep => ({
  kind: 'events',
  epoch,
  events: seqs.map((seq) => event(seq)),
});
const all = (epoch: string, head: number): ClientStep => ({ kind: 'snapshot', epoch, head });

const history = (more: Partial<History> = {}): History => ({
  clients: new Map(),
  engine: [],
  answered: [],
  webhooks: [],
  freezes: [],
  log: [event(1), event(2)],
  ...more,
});
const clients = (steps: Record<string, ClientStep[]>) => history({ clients: new Map(Object.entries(steps)) });
const died = (time: number) => ({ kind: 'died', container: 'db', at: time }) as const;
const asked = (by: string, time: number) => ({ kind: 'asked', container: 'db', by, at: time }) as const;

describe('the check of a history', () => {
  it('finds nothing where every promise was kept', () => {
    const kept = history({
      clients: new Map([
        ['a', [all('one', 4), given('one', 5, 6), given('one', 7)]],
        ['b', [all('one', 5), given('one', 6), all('two', 9), given('two', 10)]],
      ]),
      engine: [died(1), asked('a', 2), died(3), asked('b', 4), asked('b', 5)],
      answered: [{ container: 'db', reason: 'backup 7' }],
      webhooks: [hook('1', 'early'), hook('1', 'early'), hook('2', 'late')],
      log: [event(1), held(2, 'Held: backup 7'), told(3, 'early'), told(4, 'late')],
    });
    expect(problemsOf(kept)).toEqual([]);
  });

  it.each<[string, History, RegExp]>([
    ['a hole in the log', history({ log: [event(1), event(3)] }), /has 3 where 2 is due/],
    ['a number that a client missed', clients({ a: [all('one', 4), given('one', 6)] }), /some are missing/],
    ['a number that a client got twice', clients({ a: [all('one', 4), given('one', 5, 5)] }), /5 twice/],
    [
      'one that it got again later',
      clients({ a: [all('one', 4), given('one', 5), given('one', 5)] }),
      /5 twice/,
    ],
    ['events before a snapshot', clients({ a: [given('one', 5)] }), /before anything else/],
    ['events of another epoch', clients({ a: [all('one', 4), given('two', 5)] }), /another epoch/],
    [
      'two events of one number',
      clients({
        a: [all('one', 4), given('one', 5)],
        b: [all('one', 4), { kind: 'events', epoch: 'one', events: [event(5, { container: 'web' })] }],
      }),
      /5 is container.exited web .* for b, and container.exited db .* for a/,
    ],
    [
      'a start by two',
      history({ engine: [died(1), asked('a', 2), asked('b', 3)] }),
      /by a at 2 .* by b at 3/,
    ],
    [
      'a start by two that no freeze explains',
      history({
        engine: [died(1), asked('a', 2), asked('b', 30)],
        freezes: [{ replica: 'a', from: 3, to: 20 }],
      }),
      /by a at 2/,
    ],
    [
      'a second start after one freeze',
      history({
        engine: [died(1), asked('b', 5), asked('a', 21), died(22), asked('b', 23), asked('a', 24)],
        freezes: [{ replica: 'a', from: 3, to: 20 }],
      }),
      /by b at 23 .* by a at 24/,
    ],
    [
      'an act that was answered and lost',
      history({ answered: [{ container: 'db', reason: 'backup 8' }], log: [held(1, 'Held: backup 7')] }),
      /backup 8 was answered/,
    ],
    ['a webhook that never came', history({ log: [told(1, 'early')] }), /early never came/],
    [
      'a webhook that came again under another id',
      history({ log: [told(1, 'early')], webhooks: [hook('1', 'early'), hook('2', 'early')] }),
      /early came as 1, and again as 2/,
    ],
    [
      'webhooks in another order',
      history({
        log: [told(1, 'early'), told(2, 'late')],
        webhooks: [hook('2', 'late'), hook('1', 'early')],
      }),
      /late came before .* early/,
    ],
  ])('finds %s', (_, broken, problem) => {
    expect(problemsOf(broken)).toEqual([expect.stringMatching(problem)]);
  });

  it('excuses the one request that a replica was writing when it froze', () => {
    const engine = [died(1), asked('b', 12), asked('a', 21)];
    expect(problemsOf(history({ engine, freezes: [{ replica: 'a', from: 3, to: 20 }] }))).toEqual([]);
  });
});
