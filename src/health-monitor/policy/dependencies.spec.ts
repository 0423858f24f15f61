import { describe, expect, it } from 'vitest';
import {
  aChecked,
  aContainer,
  aDeath,
  ago,
  anExited,
  aRecord,
  aRun,
  HOUR,
  NOON,
  rulesFor,
  SECOND,
  type FlatRecord,
} from '../../../test/support/situation.js';
import type { ContainerRules } from '../../common/options/index.js';
import type { Container } from '../runtime/index.js';
import { buildDependencyGraph, findBlockers, type Dependency, type Neighbour } from './dependencies.js';

const HOSTS = { attic: { runtime: { ssh: 'attic' } } };

function graphOf(
  containers: readonly (string | Partial<Container>)[],
  rules: Record<string, ContainerRules> = {},
  preset: 'none' | 'archipelago' = 'none',
  externals: readonly string[] = [],
) {
  const all = containers.map((container) =>
    aContainer(typeof container === 'string' ? { name: container } : container),
  );
  const byName = new Map(all.map((container) => [container.name, container]));
  return buildDependencyGraph(
    all,
    (name) => rulesFor(byName.get(name)!, { preset, containers: rules, hosts: HOSTS }),
    new Set(externals),
  );
}
const needs = (graph: ReturnType<typeof graphOf>, name: string) =>
  (graph.dependencies.get(name) ?? []).map(({ anyOf }) => anyOf.join('|'));

describe('who needs whom', () => {
  it('is found by name, and by app id on either side', () => {
    const graph = graphOf(['archy-db', 'app', 'web'], {
      app: { dependsOn: ['db'] },
      web: { dependsOn: ['archy-app', 'archy-db'] },
    });
    expect(needs(graph, 'app')).toEqual(['archy-db']);
    expect(needs(graph, 'web')).toEqual(['app', 'archy-db']);
    expect(graph.problems).toEqual([]);
  });

  it('reports unknown names and leaves them out', () => {
    const graph = graphOf(['app', 'db'], { app: { dependsOn: ['nobody', 'db'] } });
    expect(needs(graph, 'app')).toEqual(['db']);
    expect(graph.problems).toEqual([
      'app depends on nobody, but there is no container or external of that name; it is not waited for.',
    ]);
  });

  it('is an external where no container has the name, also of those that need it through another', () => {
    const rules = { app: { dependsOn: ['nas', 'db'] }, web: { dependsOn: ['app'] } };
    const graph = graphOf(['app', 'db', 'web'], rules, 'none', ['nas', 'internet']);
    expect([...graph.externals]).toEqual([['app', [['nas']]]]);
    expect([...graph.externalsBelow]).toEqual([
      ['app', new Set(['nas'])],
      ['web', new Set(['nas'])],
    ]);
    expect(needs(graph, 'app')).toEqual(['db']);
    expect(graph.problems).toEqual([]);
  });

  it('is kept apart where it is of another host, with the condition, and is no cycle here', () => {
    const graph = graphOf(['app', 'db'], {
      app: { dependsOn: { 'attic/app': { condition: 'started', restart: true }, db: {} } },
      db: { dependsOn: ['attic/db'] },
    });
    expect(needs(graph, 'app')).toEqual(['db']);
    expect([...graph.elsewhere]).toEqual([
      ['app', [{ reference: 'attic/app', condition: 'started', restart: true }]],
      ['db', [{ reference: 'attic/db', condition: 'healthy', restart: false }]],
    ]);
    expect(graph.problems).toEqual([]);
  });

  it('is the container where an external has the same name, and that is said', () => {
    const graph = graphOf(['archy-nas', 'app'], { app: { dependsOn: ['nas'] } }, 'none', ['nas']);
    expect(needs(graph, 'app')).toEqual(['archy-nas']);
    expect(graph.externals.size).toBe(0);
    expect(graph.problems).toEqual([
      'nas is the name of a container and of an external; who depends on nas means the container. Give the external another id.',
    ]);
  });

  it('is an external that stands for an app elsewhere, as the preset knows it', () => {
    const graph = graphOf(['lnd'], {}, 'archipelago', ['bitcoin-knots']);
    expect([...graph.externals]).toEqual([['lnd', [['bitcoin-knots']]]]);
  });

  it('breaks cycles, reports them and goes on', () => {
    const graph = graphOf(['a', 'b', 'c'], {
      a: { dependsOn: ['b'] },
      b: { dependsOn: ['c'] },
      c: { dependsOn: ['a'] },
    });
    expect([needs(graph, 'a'), needs(graph, 'b'), needs(graph, 'c')]).toEqual([['b'], ['c'], []]);
    expect(graph.problems).toEqual([
      'These depend on each other in a circle: a → b → c → a. The last step is ignored.',
    ]);
    const itself = { name: 'a', labels: { 'health-monitor.depends-on': 'a' } };
    expect(graphOf([itself]).dependencies.get('a')).toBeUndefined();
  });

  it('has what is needed indirectly, and how deep each one stands', () => {
    const graph = graphOf(['top', 'mid', 'db'], { top: { dependsOn: ['mid'] }, mid: { dependsOn: ['db'] } });
    expect([...graph.below.get('top')!]).toEqual(['mid', 'db']);
    expect(['db', 'mid', 'top'].map((name) => graph.depth.get(name))).toEqual([0, 1, 2]);
  });

  it('takes any alternative of the preset that exists, and is silent about the others', () => {
    expect(needs(graphOf(['lnd', 'bitcoin-core'], {}, 'archipelago'), 'lnd')).toEqual(['bitcoin-core']);
    expect(needs(graphOf(['lnd', 'archy-bitcoin-knots', 'bitcoin'], {}, 'archipelago'), 'lnd')).toEqual([
      'archy-bitcoin-knots|bitcoin',
    ]);
    const alone = graphOf(['lnd'], {}, 'archipelago');
    expect([needs(alone, 'lnd'), alone.problems]).toEqual([[], []]);
  });

  it("reads Compose's label within the project only", () => {
    const compose = (project: string, service: string, dependsOn?: string): Partial<Container> => ({
      name: `${project}-${service}`,
      labels: {
        'com.docker.compose.project': project,
        'com.docker.compose.service': service,
        ...(dependsOn === undefined ? {} : { 'com.docker.compose.depends_on': dependsOn }),
      },
    });
    const graph = graphOf([
      compose('one', 'db'),
      compose('two', 'db'),
      compose('one', 'app', 'db:service_healthy:true,init:service_completed_successfully:false'),
      compose('one', 'init'),
      compose('two', 'web', 'db:service_started:false'),
    ]);
    expect(graph.dependencies.get('one-app')).toMatchObject([
      { anyOf: ['one-db'], condition: 'healthy', restart: true },
      { anyOf: ['one-init'], condition: 'completed', restart: false },
    ]);
    expect(graph.dependencies.get('two-web')).toMatchObject([{ anyOf: ['two-db'], condition: 'started' }]);
  });

  it('adds what the engine itself starts before it', () => {
    const graph = graphOf(['vpn', { name: 'app', requires: ['id of vpn', 'id of nobody known'] }]);
    expect(graph.dependencies.get('app')).toMatchObject([
      { anyOf: ['vpn'], condition: 'started', requiredByEngine: true },
    ]);
  });

  it('stands a chain of a thousand', () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `c${index}`);
    const rules = rulesFor(aContainer({ name: 'c1' }), { containers: { c1: { dependsOn: ['c0'] } } });
    const dependsOn = (name: string) =>
      name === 'c0' ? [] : [{ ...rules.dependsOn[0]!, anyOf: [`c${Number(name.slice(1)) - 1}`] }];
    const graph = buildDependencyGraph(
      names.map((name) => aContainer({ name })),
      (name) => ({ dependsOn: dependsOn(name) }),
    );
    expect(graph.depth.get('c999')).toBe(999);
  });
});

describe('what keeps a container from being started', () => {
  const dependency = (changes: Partial<Dependency> = {}): Dependency => ({
    anyOf: ['db'],
    condition: 'healthy',
    restart: false,
    shares: [],
    requiredByEngine: false,
    ...changes,
  });
  const neighbour = (container: Container | null, record: Partial<FlatRecord> = {}): Neighbour => ({
    container,
    record: aRecord({ name: 'db', ...record }),
  });
  const young = { startedAt: ago(SECOND) };
  const youngRun = { run: aRun(ago(SECOND)) };

  it.each<[string, Dependency['condition'], Neighbour, string | null]>([
    ['ready', 'healthy', neighbour(aContainer()), null],
    ['healthy', 'healthy', neighbour(aChecked('healthy')), null],
    ['unhealthy', 'healthy', neighbour(aChecked('unhealthy')), 'is unhealthy'],
    ['starting', 'healthy', neighbour(aChecked('starting', young), youngRun), 'is not healthy yet'],
    ['young', 'healthy', neighbour(aContainer(young), youngRun), 'has only just started'],
    ['young, and started is enough', 'started', neighbour(aContainer(young), youngRun), null],
    ['down', 'healthy', neighbour(anExited()), 'is down'],
    ['down', 'started', neighbour(anExited()), 'is down'],
    ['gone', 'healthy', neighbour(null), 'is gone for the moment'],
    ['paused', 'started', neighbour(aContainer({ state: 'paused' })), 'is paused'],
    ['restarting', 'started', neighbour(aContainer({ state: 'restarting' })), 'is down'],
    ['never started', 'started', neighbour(aContainer({ state: 'created', startedAt: null })), 'is created'],
    [
      'off by choice',
      'healthy',
      neighbour(anExited(), { wish: { value: 'stopped', by: 'person', who: 'ann', at: NOON } }),
      'is off by choice',
    ],
    [
      'on hold',
      'healthy',
      neighbour(anExited(), { hold: { reason: 'backup', by: 'ann', since: NOON, until: NOON + 1 } }),
      'is on hold',
    ],
    [
      'no longer on hold',
      'healthy',
      neighbour(anExited(), { hold: { reason: 'backup', by: 'ann', since: NOON, until: NOON } }),
      'is down',
    ],
    ['given up', 'healthy', neighbour(anExited(), { givenUp: { at: NOON, reason: 'died' } }), 'was given up'],
    ['completed', 'completed', neighbour(anExited({ exitCode: 0 })), null],
    ['failed, not completed', 'completed', neighbour(anExited({ exitCode: 1 })), 'is down'],
    ['still at it', 'completed', neighbour(aContainer(), { readySince: ago(HOUR) }), 'has only just started'],
  ])('%s', (_, condition, it, what) => {
    const blockers = findBlockers([dependency({ condition })], () => it, NOON);
    expect(blockers).toEqual(what === null ? [] : [{ name: 'db', what }]);
  });

  const wish = (by: 'person' | 'engine' | 'first-sight') => ({
    wish: { value: 'stopped', by, who: null, at: NOON } as const,
  });
  const job = anExited({ exitCode: 0 });
  const done = { death: aDeath({ exitCode: 0 }) };
  const untold = (ranForMs: number) => ({
    death: aDeath({ exitCode: 0, stoppedBy: 'unknown', ranForMs }),
  });

  it.each<[string, Neighbour, string | null]>([
    ['a job that is done', neighbour(job, done), null],
    [
      'a job that was done before it was first seen',
      neighbour(job, { ...done, ...wish('first-sight') }),
      null,
    ],
    ['a job that is done, where nobody can tell', neighbour(job, untold(SECOND)), null],
    ['a service that ended, where nobody can tell', neighbour(job, untold(HOUR)), 'is down'],
    ['stopped by a person', neighbour(job, { ...done, ...wish('person') }), 'is off by choice'],
    ["stopped by the engine's word", neighbour(job, { ...done, ...wish('engine') }), 'is off by choice'],
    [
      'on hold',
      neighbour(job, { ...done, hold: { reason: 'backup', by: 'ann', since: NOON, until: null } }),
      'is on hold',
    ],
    ['failed', neighbour(anExited(), { death: aDeath() }), 'is down'],
    [
      'went down with the host',
      neighbour(job, { death: aDeath({ exitCode: 0, withHost: true }) }),
      'is down',
    ],
    [
      'still being judged',
      neighbour(job, { death: aDeath({ exitCode: 0, stoppedBy: 'pending' }) }),
      'is down',
    ],
    ['never started', neighbour(aContainer({ state: 'created', startedAt: null })), null],
    ['paused', neighbour(aContainer({ state: 'paused' })), 'is paused'],
    ['gone', neighbour(null), 'is gone for the moment'],
  ])('is of what the engine requires: %s', (_, it, what) => {
    const required = dependency({ condition: 'started', requiredByEngine: true });
    expect(findBlockers([required], () => it, NOON)).toEqual(what === null ? [] : [{ name: 'db', what }]);
  });

  it('is none of several, when one is ready', () => {
    const all = new Map([
      ['a', neighbour(anExited())],
      ['b', neighbour(aContainer())],
    ]);
    const anyOf = dependency({ anyOf: ['a', 'b'], condition: 'started' });
    expect(findBlockers([anyOf], (name) => all.get(name), NOON)).toEqual([]);
    all.set('b', neighbour(anExited(), { wish: { value: 'stopped', by: 'person', who: null, at: NOON } }));
    expect(findBlockers([anyOf], (name) => all.get(name), NOON)).toEqual([{ name: 'a', what: 'is down' }]);
  });
});
