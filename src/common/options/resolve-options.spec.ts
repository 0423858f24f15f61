import 'reflect-metadata';
import { useContainer } from 'class-validator';
import { EventEmitter } from 'node:events';
import { hostname } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import {
  DEFAULT_OPTIONS,
  HealthMonitorOptionsError,
  resolveExtras,
  resolveOptions,
  type HealthMonitorExtras,
} from './index.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

function problemsOf(input: unknown, extras?: HealthMonitorExtras): readonly string[] {
  try {
    resolveOptions(input, extras);
  } catch (error) {
    if (error instanceof HealthMonitorOptionsError) return error.problems;
    throw error;
  }
  return [];
}

const closed: HealthMonitorExtras = { http: false, socket: false };

const HOSTS = { attic: { runtime: { ssh: 'attic' } }, nas: { runtime: { tcp: 'https://nas:2376' } } };

describe('what the host writes', () => {
  it('gets every default of the contract', () => {
    expect(resolveOptions({ access: 'open' })).toEqual({
      nodeId: hostname(),
      mode: 'heal',
      watch: 'all',
      preset: 'archipelago',
      runtime: {
        kind: 'auto',
        socketPath: null,
        command: ['sudo', 'podman'],
        timeoutMs: 10_000,
        ssh: null,
        sshConfig: null,
        tcp: null,
        tls: null,
        insecure: false,
      },
      hosts: {},
      check: { intervalMs: 60_000, startupDelayMs: 120_000, events: true },
      restart: {
        maxAttempts: 3,
        backoffMs: [10_000, 30_000, 90_000],
        stableAfterMs: 600_000,
        rearmAfterMs: 3_600_000,
        adoptStopped: false,
        tierSettleMs: 5_000,
        maxConcurrent: 2,
        on: 'auto',
        unhealthy: 'restart',
        unhealthyForMs: 60_000,
        engineGraceMs: 10_000,
      },
      memory: { intervalMs: 300_000, windowSamples: 288, rule: 'trend', growthPercent: 50 },
      host: {
        everyMs: 60_000,
        disk: { freeShare: 0.1, freeBytes: 5_368_709_120, foretellMs: 259_200_000 },
        memoryPressure: 0.1,
        clockOffMs: 300_000,
      },
      notifications: { keep: 20 },
      recording: { keepBytes: 1_000_000 },
      webhooks: { endpoints: [], egress: 'lan', allowCidrs: [], denyCidrs: [] },
      access: 'open',
      storage: { kind: 'sqlite', path: './data/health-monitor.db' },
      containers: {},
      externals: {},
    });
  });

  it('may be nothing at all while REST and the socket are off', () => {
    expect(resolveOptions(undefined, closed)).toMatchObject({ access: null, mode: 'heal' });
  });

  it('is kept, key by key, beside the defaults of its neighbours', () => {
    const resolved = resolveOptions({
      nodeId: 'node-1',
      access: 'open',
      check: { intervalMs: 250, events: undefined },
      restart: { backoffMs: [0] },
      storage: { kind: 'memory' },
      webhooks: {
        endpoints: [{ id: 'home', url: 'https://example.org/hook', secret: SECRET, events: ['container.*'] }],
      },
      containers: {
        lnd: { tier: 'core', dependsOn: { bitcoin: { condition: 'healthy' } } },
        'archy-web': { dependsOn: ['lnd'] },
      },
    });
    expect(resolved.nodeId).toBe('node-1');
    expect(resolved.check).toEqual({ intervalMs: 250, startupDelayMs: 120_000, events: true });
    expect(resolved.restart).toMatchObject({ maxAttempts: 3, backoffMs: [0] });
    expect(resolved.storage).toEqual({ kind: 'memory' });
    expect(resolved.webhooks.endpoints).toEqual([
      { id: 'home', url: 'https://example.org/hook', secret: SECRET, events: ['container.*'] },
    ]);
    expect(resolved.containers['lnd']).toEqual({
      tier: 'core',
      dependsOn: { bitcoin: { condition: 'healthy' } },
    });
    expect(resolved.containers['archy-web']).toEqual({ dependsOn: ['lnd'] });
  });

  it('may switch off the watching of the machine, and says of a part of it only that', () => {
    expect(resolveOptions({ access: 'open', host: false }).host).toBeNull();
    expect(resolveOptions({ access: 'open', host: { disk: { freeShare: 0.2 } } }).host).toEqual({
      ...DEFAULT_OPTIONS.host,
      disk: { ...DEFAULT_OPTIONS.host.disk, freeShare: 0.2 },
    });
  });

  it('is neither changed nor frozen, and the result follows no later change of it', () => {
    class Door {
      readonly asked: string[] = [];
      constructor(readonly key: string) {}
      authenticate(): null {
        this.asked.push(this.key);
        return null;
      }
    }
    const access = new Door('a');
    const written = { access, restart: { backoffMs: [1, 2] }, containers: { lnd: { ignore: true } } };
    const before = structuredClone({ ...written, access: null });
    const resolved = resolveOptions(written);
    expect(structuredClone({ ...written, access: null })).toEqual(before);
    written.restart.backoffMs.push(3);
    written.containers.lnd.ignore = false;
    expect(resolved.restart.backoffMs).toEqual([1, 2]);
    expect(resolved.containers['lnd']).toEqual({ ignore: true });
    expect(resolved.access).toBe(access);
    expect(Object.isFrozen(access)).toBe(false);
  });

  it('becomes frozen all the way down', () => {
    const resolved = resolveOptions({ access: 'open', containers: { lnd: { dependsOn: ['bitcoin'] } } });
    const thawed: string[] = [];
    const look = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) thawed.push(path);
      Object.entries(value).forEach(([key, inner]) => look(inner, `${path}.${key}`));
    };
    look(resolved, 'options');
    look(DEFAULT_OPTIONS, 'defaults');
    expect(thawed).toEqual([]);
  });
});

describe('problems', () => {
  it('are told all at once, one line each, with path and expectation', () => {
    const input = {
      access: 'open',
      mode: 'watch',
      check: { intervalMs: '60000' },
      restart: { maxAttempts: 0, backoffMs: [] },
      containers: { 'archy-lnd': { tier: 'backend' } },
    };
    expect(problemsOf(input)).toEqual([
      "mode: expected one of 'heal', 'observe'",
      'check.intervalMs: expected a whole number of milliseconds from 10 to 86400000',
      'restart.maxAttempts: expected a whole number from 1 to 100',
      'restart.backoffMs: expected a list of 1 to 100 whole numbers of milliseconds from 0 to 86400000',
      "containers.archy-lnd.tier: expected one of 'database', 'core', 'dependent', 'application', 'frontend'",
    ]);
    expect(() => resolveOptions(input)).toThrow(
      /^HealthMonitorModule cannot start with these options:\n {2}- mode: /,
    );
  });

  it('never show a value, which may be a secret', () => {
    const input = {
      access: { authenticate: 'hunter2-a' },
      nodeId: { x: 'hunter2-b' },
      webhooks: {
        allowCidrs: ['hunter2-c'],
        endpoints: [
          {
            id: 'hunter2 d',
            url: 'https://user:hunter2-e@example.org',
            secret: 'whsec_hunter2',
            events: ['hunter2-f'],
          },
          'hunter2-g',
        ],
      },
      runtime: { command: 'hunter2-h' },
      storage: { kind: 'hunter2-i', path: 3 },
    };
    expect(problemsOf(input)).toHaveLength(11);
    expect(problemsOf(input).join('\n')).not.toContain('hunter2');
  });

  it.each([
    [{ access: 'open', intervall: 1 }, 'intervall: unknown option; expected nodeId, mode, watch, '],
    [
      { access: 'open', restart: { maxAttempt: 1 } },
      'restart.maxAttempt: unknown option; did you mean maxAttempts?',
    ],
    [
      { access: 'open', check: { intervalms: 1 } },
      'check.intervalms: unknown option; did you mean intervalMs?',
    ],
    [
      { access: 'open', containers: { 'a.b': { teir: 'core' } } },
      'containers["a.b"].teir: unknown option; did you mean tier?',
    ],
    [
      {
        access: 'open',
        webhooks: { endpoints: [{ id: 'a', url: 'http://a/b', format: 'ntfy', secrets: '' }] },
      },
      'webhooks.endpoints[0].secrets: unknown option; did you mean secret?',
    ],
    [
      { access: 'open', containers: { a: { dependsOn: { b: { conditions: 'healthy' } } } } },
      'containers.a.dependsOn.b.conditions: unknown option; did you mean condition?',
    ],
    [
      { access: 'open', storage: { kind: 'memory', path: './x.db' } },
      'storage.path: expected the path of a file, and only',
    ],
    [{ access: 'open', storage: {} }, "storage.kind: expected one of 'sqlite', 'memory', 'postgres'"],
    [
      { access: 'open', webhooks: { endpoints: [{ id: 'a' }] } },
      'webhooks.endpoints[0].url: expected an http or https URL',
    ],
    [{ access: 'open', webhooks: { endpoints: [[]] } }, 'webhooks.endpoints[0]: expected an object'],
    [{ access: 'open', webhooks: { endpoints: {} } }, 'webhooks.endpoints: expected a list'],
    [{ access: 'open', containers: { a: [] } }, 'containers.a: expected an object'],
    [{ access: 'open', containers: [] }, 'containers: expected an object, by name'],
    [{ access: 'open', check: null }, 'check: expected an object'],
    [{ access: 'open', check: [] }, 'check: expected an object'],
    [{ access: 'open', mode: null }, 'mode: expected one of'],
    [
      { access: 'open', containers: { a: { dependsOn: ['b', 3] } } },
      'containers.a.dependsOn: expected a list of names, or',
    ],
    [
      { access: 'open', containers: { a: { dependsOn: 'b' } } },
      'containers.a.dependsOn: expected a list of names, or',
    ],
    [
      { access: 'open', containers: { a: { dependsOn: ['a'] } } },
      'containers.a.dependsOn: expected other containers',
    ],
    [
      { access: 'open', containers: { a: { dependsOn: ['local/a'] } } },
      'containers.a.dependsOn: expected other containers',
    ],
    ...['b', 'attic/b'].map((itself): [unknown, string] => [
      { access: 'open', hosts: HOSTS, containers: { 'attic/b': { dependsOn: { [itself]: {} } } } },
      'containers["attic/b"].dependsOn: expected other containers',
    ]),
    [
      { access: 'open', hosts: HOSTS, containers: { a: { dependsOn: ['b', 'cellar/c'] } } },
      'containers.a.dependsOn: there is no host "cellar" in hosts; there are: attic, nas',
    ],
    [
      { access: 'open', containers: { a: { dependsOn: { 'attic/b': {} } } } },
      'containers.a.dependsOn: there is no host "attic" in hosts; there are none',
    ],
    [
      { access: 'open', hosts: HOSTS, containers: { 'cellar/a': {} } },
      'containers["cellar/a"]: there is no host "cellar" in hosts; there are: attic, nas',
    ],
    ...['/b', 'attic/', 'attic/b/c', 'local/ '].map((name): [unknown, string] => [
      { access: 'open', hosts: HOSTS, containers: { a: { dependsOn: [name] } } },
      'containers.a.dependsOn: expected NAME, or HOST/NAME for one of another host',
    ]),
    [
      { access: 'open', containers: { a: { leakRestartWindow: '3:00-5:00' } } },
      'containers.a.leakRestartWindow: expected a time',
    ],
    [{ access: 'close' }, "access: expected 'open', or an object with a function authenticate(handshake)"],
  ])('%j: %s', (input, line) => {
    const problems = problemsOf(input);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(line);
  });

  it.each([[null], ['open'], [[]], [3]])('options that are %j are refused as such', (input) => {
    expect(problemsOf(input, closed)).toEqual(['options: expected an object']);
  });

  it('name a webhook id that is there twice', () => {
    const endpoint = { id: 'home', url: 'http://192.168.1.2/x' };
    expect(
      problemsOf({ access: 'open', webhooks: { endpoints: [endpoint, { ...endpoint, id: 'b' }, endpoint] } }),
    ).toEqual(['webhooks.endpoints[2].id: expected an id of its own; endpoint [0] has the same']);
  });

  it('do not depend on the container the host gave to class-validator', () => {
    const nothing = (): never => {
      throw new Error('not here');
    };
    useContainer({ get: nothing }, { fallbackOnErrors: true });
    expect(problemsOf({ access: 'open', mode: 'x' })).toHaveLength(1);
  });

  it('are told of an object with a circle in it, too', () => {
    const circle: Record<string, unknown> = { access: 'open' };
    circle['containers'] = { a: circle };
    expect(problemsOf(circle)).toContainEqual(expect.stringContaining('containers.a.access: unknown option'));
  });

  it.each([
    ['{"containers": {"constructor": {"ignore": true}}}', 'containers.constructor'],
    ['{"containers": {"__proto__": {"ignore": true}}}', 'containers.__proto__'],
    ['{"containers": {"toString": {}}}', 'containers.toString'],
    ['{"containers": {"a": {"dependsOn": {"valueOf": {}}}}}', 'containers.a.dependsOn.valueOf'],
    ['{"containers": {"a": {"constructor": 1}}}', 'containers.a.constructor'],
    [
      '{"webhooks": {"endpoints": [{"id": "a", "url": "http://a", "__proto__": {}}]}}',
      'webhooks.endpoints[0].__proto__',
    ],
    ['{"__proto__": {"mode": 1}}', '__proto__'],
    ['{"constructor": 1}', 'constructor'],
  ])('tell of a name that every object has anyway: %s', (written, path) => {
    expect(problemsOf(JSON.parse(written), closed)).toEqual([
      `${path}: expected another name; every object in JavaScript has this one`,
    ]);
  });

  it('tell of what is inherited and not written, which would count half', () => {
    const inherited = {
      __proto__: { mode: 'observe' },
      restart: { __proto__: { maxAttempts: 0 } },
      containers: { __proto__: { lnd: { ignore: true } }, 'archy-web': { ignore: 1 } },
    };
    expect(problemsOf(inherited, closed)).toEqual([
      'containers.archy-web.ignore: expected true or false',
      'restart.maxAttempts: expected to be written here, and not inherited',
      'containers.lnd: expected to be written here, and not inherited',
      'mode: expected to be written here, and not inherited',
    ]);
    expect(() => resolveExtras({ http: { __proto__: { path: ':id' } } as object })).toThrow(
      'http.path: expected to be written here, and not inherited',
    );
  });

  it('are none of an instance with methods of its own, nor of what has no prototype', () => {
    class Written {
      mode = 'observe';
      method(): void {
        throw new Error('not to be called');
      }
    }
    expect(problemsOf(new Written(), closed)).toEqual([]);
    expect(problemsOf(Object.assign(Object.create(null), { mode: 'heal' }), closed)).toEqual([]);
  });

  it('are none of what the object behind access inherits', () => {
    const access = Object.create({ authenticate: () => null }) as object;
    expect(problemsOf({ access })).toEqual([]);
  });
});

describe('a PostgreSQL', () => {
  const url = 'postgresql://me:hunter2@db.example:5433/home?sslmode=require';
  const EITHER = 'storage: expected either url or pool, and not both';
  const pool = () => Object.assign(new EventEmitter(), { connect: () => Promise.reject(new Error('never')) });

  it('is reached by its URL, in a schema of ours, in no container of this machine', () => {
    const { storage } = resolveOptions({ access: 'open', storage: { kind: 'postgres', url } });
    expect(storage).toEqual({ kind: 'postgres', url, pool: null, schema: 'health_monitor', container: null });
  });

  it("is reached by the host's own pool, which stays as it is", () => {
    const own = pool();
    const written = { kind: 'postgres', pool: own, schema: 'archy', container: 'postgres-1' };
    const { storage } = resolveOptions({ access: 'open', storage: written });
    expect(storage).toEqual({
      kind: 'postgres',
      url: null,
      pool: own,
      schema: 'archy',
      container: 'postgres-1',
    });
    expect([(storage as { pool?: unknown }).pool, Object.isFrozen(own)]).toEqual([own, false]);
  });

  it.each([
    [{ url: 'postgres://localhost/x' }],
    [{ url: 'postgresql:///x?host=/var/run/postgresql' }],
    [{ url, schema: '_a1' }],
  ])('may be %j', (storage) => {
    expect(problemsOf({ access: 'open', storage: { kind: 'postgres', ...storage } })).toEqual([]);
  });

  it.each([
    [{}, 'storage: expected url or pool, and neither is there'],
    [{ url, pool: pool() }, EITHER],
    [{ url: 'mysql://me:hunter2@db/x' }, 'storage.url: expected postgresql://'],
    [{ url: 'me:hunter2@db' }, 'storage.url: expected postgresql://'],
    [{ url: 'postgres://me:hunter2%zz@db/x' }, 'storage.url: expected postgresql://'],
    [{ pool: { connect: 'hunter2' } }, 'storage.pool: expected a Pool of the package pg'],
    [{ url, schema: 'hunter2"; drop' }, 'storage.schema: expected a plain name'],
    [{ url, schema: 'Upper' }, 'storage.schema: expected a plain name'],
    [{ url, schema: 'pg_x' }, 'storage.schema: expected a plain name'],
    [
      { url, container: 'attic/hunter2' },
      'storage.container: expected the name of a container on this machine',
    ],
    [{ url, path: './x.db' }, 'storage.path: expected the path of a file, and only'],
  ])('may not be %j', (storage, expected) => {
    const problems = problemsOf({ access: 'open', storage: { kind: 'postgres', ...storage } });
    expect(problems).toEqual([expect.stringContaining(expected)]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('has options of its own only', () => {
    const storage = { kind: 'sqlite', url, pool: pool(), schema: 'a', container: 'b' };
    expect(problemsOf({ access: 'open', storage })).toEqual(
      ['url', 'pool', 'schema', 'container'].map(
        (key) =>
          expect.stringMatching(
            new RegExp(`^storage\\.${key}: .* and only where kind is 'postgres'`),
          ) as string,
      ),
    );
  });
});

describe('what would boot and never work', () => {
  const hole = <T>(before: T, after: T): T[] => {
    const list = [before];
    list[2] = after;
    return list;
  };
  const endpoint = { id: 'a', url: 'http://a' };

  it.each([
    [{ runtime: { command: ['podman\0'] } }, 'runtime.command: expected a command'],
    [{ runtime: { command: ['sudo podman'] } }, 'runtime.command: expected a command'],
    [
      { runtime: { socketPath: '/run/podman\0.sock' } },
      "runtime.socketPath: expected the path of the engine's",
    ],
    [
      { runtime: { socketPath: 'tcp://10.0.0.1:8080' } },
      "runtime.socketPath: expected the path of the engine's",
    ],
    [{ runtime: { socketPath: 'ssh://root@host/run/x.sock' } }, 'runtime.socketPath: expected the path'],
    [{ runtime: { socketPath: 'unix://' } }, 'runtime.socketPath: expected the path'],
    [{ runtime: { socketPath: '~/podman.sock' } }, 'runtime.socketPath: expected the path'],
    [{ runtime: { socketPath: '/run/podman/' } }, 'runtime.socketPath: expected the path'],
    [{ runtime: { socketPath: `/${'x'.repeat(107)}` } }, 'runtime.socketPath: expected the path'],
    [{ host: true }, 'host: expected an object, or false'],
    [{ host: { everyMs: 1 } }, 'host.everyMs: expected a whole number of milliseconds from 10'],
    [{ host: { disk: { freeShare: 10 } } }, 'host.disk.freeShare: expected a share, a number from 0 to 0.9'],
    [{ host: { disk: { freebytes: 1 } } }, 'host.disk.freebytes: unknown option; did you mean freeBytes?'],
    [{ host: { memoryPressure: 10 } }, 'host.memoryPressure: expected a share'],
    [{ nodeId: 'node\0' }, 'nodeId: expected a name'],
    [{ storage: { kind: 'sqlite', path: './x\0.db' } }, 'storage.path: expected the path of a file'],
    [{ storage: { kind: 'sqlite', path: './data/' } }, 'storage.path: expected the path of a file'],
    [{ storage: { kind: 'sqlite', path: 'file::memory:' } }, 'storage.path: expected the path of a file'],
    [{ storage: { kind: 'sqlite', path: 'sqlite:///x.db' } }, 'storage.path: expected the path of a file'],
    [{ containers: { 'a\0': {} } }, 'containers: expected an object, by name'],
    [{ containers: { a: { dependsOn: ['b\0'] } } }, 'containers.a.dependsOn: expected a list of names'],
    [
      { containers: { a: { leakRestartWindow: ['02:00-04:00'] } } },
      'containers.a.leakRestartWindow: expected',
    ],
    [{ restart: { backoffMs: hole(1, 2) } }, 'restart.backoffMs: expected a list of 1 to 100 whole numbers'],
    [{ runtime: { command: hole('sudo', 'podman') } }, 'runtime.command: expected a command'],
    [
      { containers: { a: { dependsOn: hole('b', 'c') } } },
      'containers.a.dependsOn: expected a list of names',
    ],
    [{ webhooks: { allowCidrs: hole('10.0.0.0/8', '10.0.0.0/8') } }, 'webhooks.allowCidrs: expected a list'],
    [
      { webhooks: { endpoints: hole(endpoint, { ...endpoint, id: 'b' }) } },
      'webhooks.endpoints[1]: expected',
    ],
    [
      { webhooks: { endpoints: [{ ...endpoint, events: hole('memory.*', 'memory.*') }] } },
      'webhooks.endpoints[0].events: expected a list',
    ],
    [{ webhooks: { endpoints: [{ id: 'a', url: 'http://a\0' }] } }, 'webhooks.endpoints[0].url: expected an'],
    [{ webhooks: { endpoints: [{ id: 'a', url: 'http://a:0' }] } }, 'webhooks.endpoints[0].url: expected an'],
  ])('%j is told at boot', (input, line) => {
    const problems = problemsOf({ access: 'open', ...input });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(line);
  });

  it.each([
    [{}, 'http://127.0.0.1:1/x', 'is a loopback address'],
    [{}, 'http://localhost:3000/x', 'is a loopback address'],
    [{}, 'http://[::1]/x', 'is a loopback address'],
    [{}, 'http://0.0.0.0/x', 'is a unspecified address'],
    [{}, 'http://169.254.169.254/x', 'belongs to a metadata service'],
    [{ egress: 'public' as const }, 'http://192.168.1.2/x', 'is a private address'],
    [{ denyCidrs: ['192.168.0.0/16'] }, 'http://192.168.1.2/x', 'is in denyCidrs'],
    [
      { egress: 'strict' as const, allowCidrs: ['10.0.0.0/8'] },
      'http://192.168.1.2/x',
      'is not in allowCidrs',
    ],
  ])('a webhook where none may go is told at boot, without its address: %j, %s', (webhooks, url, why) => {
    const endpoints = [{ ...endpoint, url }];
    const [problem, ...more] = problemsOf({ access: 'open', webhooks: { ...webhooks, endpoints } });
    expect(problem).toContain(`webhooks.endpoints[0].url: expected where webhooks may go; this ${why}`);
    expect(problem).not.toContain(new URL(url).hostname);
    expect(more).toEqual([]);
  });

  it('webhooks to which nothing is allowed are told at boot', () => {
    const webhooks = { egress: 'strict', endpoints: [endpoint, { id: 'b', url: 'http://10.0.0.1' }] };
    expect(problemsOf({ access: 'open', webhooks })).toEqual([
      "webhooks.allowCidrs: expected at least one range, since egress 'strict' reaches nothing else",
    ]);
    expect(problemsOf({ access: 'open', webhooks: { egress: 'strict' } })).toEqual([]);
  });

  it('an ntfy webhook without a topic is told at boot, with every other mistake', () => {
    const endpoints = [endpoint, { id: 'b', url: 'https://ntfy.sh/', format: 'ntfy' }];
    expect(problemsOf({ access: 'open', mode: 'x', webhooks: { endpoints } })).toEqual([
      "mode: expected one of 'heal', 'observe'",
      'webhooks.endpoints[1].url: expected the topic as its last part: 1 to 64 letters, digits, - or _',
    ]);
  });

  it('a webhook on this machine may be allowed', () => {
    const webhooks = { endpoints: [{ id: 'a', url: 'http://127.0.0.1:1/x' }], allowCidrs: ['127.0.0.1/32'] };
    expect(problemsOf({ access: 'open', webhooks })).toEqual([]);
  });

  it.each([
    ['/run/podman/podman.sock', '/run/podman/podman.sock'],
    ['./podman.sock', './podman.sock'],
    ['unix:///run/podman/podman.sock', '/run/podman/podman.sock'],
    ['unix:/run/podman/podman.sock', '/run/podman/podman.sock'],
  ])('a socket at %s is taken for what it means: %s', (socketPath, path) => {
    expect(resolveOptions({ access: 'open', runtime: { socketPath } }).runtime.socketPath).toBe(path);
  });

  it.each([
    [{ runtime: { command: ['/opt/my tools/podman', '--log-level=error'] } }],
    [{ storage: { kind: 'sqlite', path: 'C:\\data\\x.db' } }],
    [{ runtime: { socketPath: `/${'x'.repeat(106)}` } }],
  ])('%j may work', (input) => {
    expect(problemsOf({ access: 'open', ...input })).toEqual([]);
  });
});

afterEach(() => useContainer(undefined as never));

describe('webhook ids', () => {
  it.each([
    ['a', 0],
    ['1.a-b_c', 0],
    ['a'.repeat(64), 0],
    ['a'.repeat(65), 1],
    ['', 1],
    ['.', 1],
    ['..', 1],
    ['-a', 1],
    ['a/b', 1],
  ])('%j: %i problems', (id, problems) => {
    expect(problemsOf({ access: 'open', webhooks: { endpoints: [{ id, url: 'http://a' }] } })).toHaveLength(
      problems,
    );
  });
});

describe('webhook secrets', () => {
  const of = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 9).toString('base64')}`;
  const problems = (secret: string): number =>
    problemsOf({ access: 'open', webhooks: { endpoints: [{ id: 'a', url: 'http://a', secret }] } }).length;

  it('have 24 to 64 bytes in base64', () => {
    expect([23, 24, 64, 65].map((bytes) => problems(of(bytes)))).toEqual([1, 0, 0, 1]);
    expect([SECRET.slice(6), `${SECRET}!`, `${SECRET.replace('=', '')}`].map(problems)).toEqual([1, 1, 0]);
  });

  it('are base64 as it is encoded', () => {
    expect(
      ['A'.repeat(32), 'A'.repeat(33), `${'A'.repeat(32)}=`].map((text) => problems(`whsec_${text}`)),
    ).toEqual([0, 1, 1]);
  });
});

describe('address ranges', () => {
  it.each([
    ['192.168.1.0/24', 0],
    ['127.0.0.1/32', 0],
    ['fd00::/8', 0],
    ['192.168.1.1', 1],
    ['10/8', 1],
    ['0177.0.0.1/32', 1],
    ['10.0.0.0/33', 1],
    ['fd00::/129', 1],
  ])('%s: %i problems', (range, problems) => {
    expect(problemsOf({ access: 'open', webhooks: { allowCidrs: [range] } })).toHaveLength(problems);
  });
});

describe('access', () => {
  it('left out says what to write, and names what is on', () => {
    expect(problemsOf({})).toEqual([
      expect.stringMatching(/^access: missing, and REST \(http\) and the socket \(socket\) .*Write access: /),
    ]);
    expect(problemsOf({}, { http: false })).toEqual([
      expect.stringMatching(/^access: missing, and the socket \(socket\) would/),
    ]);
    expect(problemsOf({}, { socket: false })).toEqual([
      expect.stringMatching(/^access: missing, and REST \(http\) would/),
    ]);
    expect(problemsOf({}, closed)).toEqual([]);
  });
});

describe('extras', () => {
  it('have defaults', () => {
    expect(resolveExtras()).toEqual({
      http: { path: 'health-monitor' },
      socket: { namespace: '/health-monitor' },
      dashboard: null,
      metrics: { access: 'viewer' },
      decorators: [],
      overrides: [],
      isGlobal: false,
    });
  });

  it('come in one form, however slashes were written', () => {
    expect(
      resolveExtras({ http: { path: '/a/b/' }, socket: { namespace: 'c' }, dashboard: {} }),
    ).toMatchObject({
      http: { path: 'a/b' },
      socket: { namespace: '/c' },
      dashboard: { path: 'a/b/dashboard' },
    });
    expect(resolveExtras({ http: false, socket: false })).toMatchObject({
      http: null,
      socket: null,
      metrics: { access: 'viewer' },
    });
    expect(resolveExtras({ metrics: false }).metrics).toBeNull();
    expect(resolveExtras({ metrics: { access: 'open' } }).metrics).toEqual({ access: 'open' });
  });

  it('keep the providers they were given as they are', () => {
    const useValue = new (class Counted {
      static made = 0;
      constructor() {
        (this.constructor as typeof Counted).made++;
      }
    })();
    expect(resolveExtras({ overrides: [{ provide: 'x', useValue }] }).overrides).toEqual([
      { provide: 'x', useValue },
    ]);
    expect((useValue.constructor as unknown as { made: number }).made).toBe(1);
  });

  it.each([
    [{ http: { path: ':id' } }, 'http.path: expected a path'],
    [{ http: { path: '../x' } }, 'http.path: expected a path'],
    [{ http: { path: 'a/./x' } }, 'http.path: expected a path'],
    [{ dashboard: { path: 'a/..' } }, 'dashboard.path: expected a path'],
    [{ socket: { namespace: '/..' } }, 'socket.namespace: expected a namespace'],
    [{ dashboard: { path: 'health-monitor' } }, 'dashboard.path: expected a path where REST does not answer'],
    [{ http: { path: 'a/b/' }, dashboard: { path: '/A/b' } }, 'dashboard.path: expected a path where REST'],
    [{ dashboard: { path: 'health-monitor/containers/all' } }, 'dashboard.path: expected a path where REST'],
    [
      { http: { path: 'a/assets' }, dashboard: { path: 'a' } },
      'dashboard.path: expected a path of which REST',
    ],
    [{ metrics: { access: 'everybody' } }, "metrics.access: expected one of 'viewer', 'open'"],
    [{ metrics: true }, 'metrics: expected an object'],
    [{ http: false, metrics: {} }, 'metrics: expected REST to be on'],
    [{ dashboard: { path: 'health-monitor/metrics' } }, 'dashboard.path: expected a path where REST'],
    [{ decorators: ['Public'] }, 'decorators: expected a list of class decorators'],
    [{ overrides: [undefined] }, 'overrides: expected a list of providers'],
    [{ overrides: [{ useValue: 1 }] }, 'overrides: expected a list of providers'],
    [{ socket: { namespace: '/' } }, 'socket.namespace: expected a namespace of its own'],
    [{ sockets: false }, 'socket'],
    [
      { http: { path: 'a' }, dashboard: {}, socket: false },
      'dashboard: expected REST and the socket to be on',
    ],
  ])('%j: %s', (extras, line) => {
    expect(() => resolveExtras(extras as HealthMonitorExtras)).toThrow(line);
  });

  it('are told of all at once', () => {
    const extras: HealthMonitorExtras = {
      http: { path: '..' },
      socket: false,
      dashboard: {},
      isGlobal: 1 as never,
    };
    expect(() => resolveExtras(extras)).toThrow(
      /\n {2}- http\.path: .*\n {2}- isGlobal: .*\n {2}- dashboard: expected REST and the socket to be on/,
    );
  });

  it('let the page be beside REST, above it, or where REST does not answer', () => {
    for (const path of [
      'health',
      'health-monitor/page',
      'health-monitor/status-page',
      'ops/health-monitor',
    ]) {
      expect(resolveExtras({ dashboard: { path } }).dashboard).toEqual({ path });
    }
    expect(resolveExtras({ http: { path: 'a/b' }, dashboard: { path: 'a' } }).dashboard).toEqual({
      path: 'a',
    });
  });
});
