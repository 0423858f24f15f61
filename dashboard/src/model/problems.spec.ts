import { describe, expect, it } from 'vitest';
import type { ContainerView, Incident, Status } from '../client.js';
import { dependents, isBack, neighbours, problems } from './problems.js';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const view = (name: string, dependsOn: string[] = [], status: Status = 'healthy') =>
  ({ name, dependsOn, status }) as unknown as ContainerView;
const containers = new Map(
  [view('db'), view('api', ['db', 'gone']), view('web', ['api']), view('other', ['db'])].map((one) => [
    one.name,
    one,
  ]),
);
const incident = (container: string, change: Partial<Incident> = {}) =>
  ({
    id: container,
    kind: 'down',
    status: 'open',
    openedAt: '2026-01-01T11:00:00Z',
    resolvedAt: null,
    cause: { container, reason: '', evidence: null },
    ...change,
  }) as Incident;

describe('problems', () => {
  it('puts what is given up first, then the oldest', () => {
    const views = new Map([['c', view('c', [], 'given-up')]]);
    const list = [
      incident('a', { openedAt: '2026-01-01T11:30:00Z' }),
      incident('b'),
      incident('c', { openedAt: '2026-01-01T11:50:00Z' }),
    ];
    expect(problems(list, views, NOW).map((one) => one.incident.id)).toEqual(['c', 'b', 'a']);
  });

  it('puts what only works on getting ready behind what is down, and before it what needs a person', () => {
    const patient = { ...view('a', [], 'not-yet'), probe: { needsYou: false } } as ContainerView;
    const locked = { ...view('b', [], 'not-yet'), probe: { needsYou: true } } as ContainerView;
    const views = new Map([patient, locked].map((one) => [one.name, one]));
    const list = [
      incident('a', { kind: 'unhealthy', openedAt: '2026-01-01T10:00:00Z' }),
      incident('b', { kind: 'unhealthy', openedAt: '2026-01-01T10:30:00Z' }),
      incident('nas', {
        kind: 'external',
        cause: { container: null, external: 'nas', reason: '', evidence: null },
      }),
    ];
    expect(problems(list, views, NOW).map((one) => one.incident.id)).toEqual(['nas', 'b', 'a']);
  });

  it('puts a silent host before all else, and what is on it behind what somebody can see', () => {
    const lost = { ...view('attic/lnd', [], 'unknown'), host: 'attic' } as ContainerView;
    const views = new Map(
      [lost, view('a', [], 'given-up'), view('b', [], 'unhealthy')].map((one) => [one.name, one]),
    );
    const list = [
      incident('attic/lnd', { host: 'attic' }),
      incident('a'),
      incident('b', { openedAt: '2026-01-01T11:30:00Z' }),
      incident('silent', {
        kind: 'engine',
        host: 'attic',
        cause: { container: null, name: 'The attic', reason: '', evidence: null },
      }),
    ];
    expect(problems(list, views, NOW).map((one) => one.incident.id)).toEqual([
      'silent',
      'a',
      'b',
      'attic/lnd',
    ]);
  });

  it('puts what is back already last, but not what keeps crashing', () => {
    const views = new Map(
      [view('a'), view('b', [], 'down'), view('c', [], 'crash-looping')].map((one) => [one.name, one]),
    );
    const list = [
      incident('a'),
      incident('b', { openedAt: '2026-01-01T11:30:00Z' }),
      incident('c', { kind: 'crash-loop' }),
    ];
    const found = problems(list, views, NOW);
    expect(found.map((one) => [one.incident.id, isBack(one)])).toEqual([
      ['c', false],
      ['b', false],
      ['a', true],
    ]);
  });

  it('keeps what ended for ten seconds, and leaves leaks out', () => {
    const list = [
      incident('just', { status: 'resolved', resolvedAt: '2026-01-01T11:59:51Z' }),
      incident('before', { status: 'resolved', resolvedAt: '2026-01-01T11:59:49Z' }),
      incident('leak', { kind: 'leak' }),
    ];
    expect(problems(list, new Map(), NOW).map((one) => one.incident.id)).toEqual(['just']);
  });
});

describe('dependencies', () => {
  it('finds one step each way, of what is there', () => {
    expect(neighbours('api', containers)).toEqual({ needs: ['db'], neededBy: ['web'] });
  });

  it('follows dependents all the way, also around a circle', () => {
    expect(dependents('db', containers)).toEqual(['api', 'other', 'web']);
    const circle = new Map([view('a', ['b']), view('b', ['a'])].map((one) => [one.name, one]));
    expect(dependents('a', circle)).toEqual(['b']);
  });
});
