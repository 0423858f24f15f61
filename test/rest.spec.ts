import { Logger, type INestApplication } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HealthMonitorModule, ContainerRuntime, type HealthMonitorOptions } from '../src/index.js';
import { InMemoryRuntime } from '../src/testing/index.js';

const PEOPLE: Record<string, { id: string; role: 'viewer' | 'operator' }> = {
  look: { id: 'vera', role: 'viewer' },
  act: { id: 'otto', role: 'operator' },
};

let app: INestApplication;
let runtime: InMemoryRuntime;

async function boot(options: HealthMonitorOptions = {}): Promise<void> {
  const module = await Test.createTestingModule({
    imports: [
      ScheduleModule.forRoot(),
      HealthMonitorModule.forRoot({
        access: { authenticate: ({ token }) => PEOPLE[token ?? ''] ?? null },
        storage: { kind: 'memory' },
        check: { startupDelayMs: 0, intervalMs: 1_000 },
        containers: { web: { dependsOn: ['db'] } },
        ...options,
        overrides: [{ provide: ContainerRuntime, useValue: runtime }],
      }),
    ],
  }).compile();
  app = module.createNestApplication({ logger: false });
  Logger.overrideLogger(false);
  await app.listen(0, '127.0.0.1');
  await expect.poll(async () => (await call('GET', 'containers')).body).toHaveLength(3);
}

async function call(
  method: string,
  path: string,
  { token = 'act', body }: { token?: string | null; body?: unknown } = {},
): Promise<{ status: number; body: any }> {
  const response = await fetch(`${await app.getUrl()}/health-monitor/${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
}

const state = (name: string) => runtime.peek(name).state;

beforeEach(async () => {
  runtime = new InMemoryRuntime();
  const startedAt = Date.now() - 3_600_000;
  for (const name of ['db', 'web', 'archy-lnd']) runtime.add({ name, state: 'running', startedAt });
  await boot();
});

afterEach(() => app.close());

describe('looking', () => {
  it('tells a viewer of what is no container, and of whom it is needed by', async () => {
    await app.close();
    await boot({
      externals: { nas: { tcp: '127.0.0.1:1', name: 'The NAS', failureThreshold: 1, everyMs: 1_000 } },
      containers: { web: { dependsOn: ['db', 'nas'] } },
    });
    expect((await call('GET', 'externals', { token: null })).status).toBe(401);
    const isDown = async () => (await call('GET', 'externals', { token: 'look' })).body[0].status;
    await expect.poll(isDown, { timeout: 30_000 }).toBe('down');
    expect((await call('GET', 'externals', { token: 'look' })).body).toEqual([
      {
        id: 'nas',
        name: 'The NAS',
        asked: 'tcp 127.0.0.1:1',
        status: 'down',
        sentence: 'Connection refused at 127.0.0.1:1.',
        since: expect.any(String) as string,
        progress: null,
      },
    ]);
    expect((await call('GET', 'containers/web')).body.dependsOn).toEqual(['db', 'nas']);
    expect((await call('GET', 'status')).body).toMatchObject({ externals: { total: 1, down: 1 } });
  });

  it('tells the status, the containers, and one container with its history', async () => {
    const status = await call('GET', 'status', { token: 'look' });
    expect(status.body).toMatchObject({
      mode: 'heal',
      engine: { reachable: true },
      containers: { total: 3, healthy: 3 },
      store: { kind: 'memory' },
      webhooks: null,
    });
    const { body } = await call('GET', 'containers/web', { token: 'look' });
    expect(body).toMatchObject({
      name: 'web',
      status: 'healthy',
      dependsOn: ['db'],
      decision: { code: 'healthy' },
    });
    expect(body.history.length).toBeGreaterThan(0);
  });

  it('finds a container by its app id, too', async () => {
    expect((await call('GET', 'containers/lnd')).body.name).toBe('archy-lnd');
  });

  it('is refused without a token, and acting to those who may only look', async () => {
    expect((await call('GET', 'containers', { token: null })).status).toBe(401);
    expect((await call('GET', 'containers', { token: 'guess' })).status).toBe(401);
    expect((await call('POST', 'containers/web/stop', { token: 'look' })).status).toBe(403);
    expect(state('web')).toBe('running');
  });

  it('answers 404 for a container that is not there, and every problem of bad input', async () => {
    expect((await call('GET', 'containers/nobody')).status).toBe(404);
    const { status, body } = await call('POST', 'containers/web/hold', {
      body: { reason: '', forMs: -1, extra: 1 },
    });
    expect(status).toBe(400);
    expect(body.message).toHaveLength(3);
  });
});

describe('a hold', () => {
  it.each([
    ['blank', { reason: '   ' }],
    ['a line break', { reason: '\n' }],
    ['not to be seen', { reason: '\u200b\u2060' }],
    ['too long', { reason: 'x'.repeat(201) }],
  ])('is refused when its reason is %s', async (_, body) => {
    expect((await call('POST', 'containers/web/hold', { body })).status).toBe(400);
    expect((await call('GET', 'containers/web')).body.hold).toBeNull();
  });

  it('is refused for null milliseconds, which would be none', async () => {
    const body = { reason: 'backup', forMs: null };
    expect((await call('POST', 'containers/web/hold', { body })).status).toBe(400);
  });
});

describe('acting', () => {
  it('stops a container and leaves it off, until it is started again', async () => {
    expect((await call('POST', 'containers/web/stop')).body).toMatchObject({
      wish: 'stopped',
      status: 'stopped',
    });
    expect(state('web')).toBe('exited');
    const checked = (await call('GET', 'status')).body.lastCheckAt;
    await expect.poll(async () => (await call('GET', 'status')).body.lastCheckAt).not.toBe(checked);
    expect(state('web')).toBe('exited');
    expect((await call('GET', 'containers/web')).body.decision.reason).toMatch(
      /^Stopped by otto at \d\d:\d\d; left off\.$/,
    );

    expect((await call('POST', 'containers/web/start')).body).toMatchObject({ wish: 'running' });
    expect(state('web')).toBe('running');
  });

  it('tells what a stop would mean, and does nothing', async () => {
    const { body } = await call('POST', 'containers/db/stop?dryRun=true');
    expect(body).toEqual({ dependents: ['web'], stopTimeoutMs: 10_000 });
    expect(state('db')).toBe('running');
  });

  it('leaves a held container alone, and heals it when it is released', async () => {
    const { body } = await call('POST', 'containers/web/hold', { body: { reason: 'backup', forMs: 60_000 } });
    expect(body).toMatchObject({ desired: 'held', status: 'held', hold: { reason: 'backup', by: 'otto' } });
    runtime.crash('web', 1);
    await expect.poll(async () => (await call('GET', 'containers/web')).body.state).toBe('exited');
    expect((await call('GET', 'containers/web')).body.status).toBe('held');
    await call('POST', 'containers/web/release');
    await expect.poll(() => state('web')).toBe('running');
  });

  it('restarts, and re-arms one that was given up', async () => {
    const before = runtime.peek('web').startedAt;
    expect((await call('POST', 'containers/web/restart')).status).toBe(200);
    expect(runtime.peek('web').startedAt).not.toBe(before);

    runtime.refuseStart('db', 'a volume is gone');
    runtime.crash('db', 1);
    await expect.poll(async () => (await call('GET', 'containers/db')).body.attempts).toBe(1);
    runtime.refuseStart('db', null);
    expect((await call('POST', 'containers/db/retry')).status).toBe(200);
    await expect.poll(() => state('db')).toBe('running');
  });

  it('tells the engine’s own words when it refuses', async () => {
    await call('POST', 'containers/web/stop');
    runtime.refuseStart('web', 'no such volume');
    const { status, body } = await call('POST', 'containers/web/start');
    expect(status).toBe(502);
    expect(body.message).toContain('no such volume');
  });

  it('does one thing at a time to a container', async () => {
    const release = runtime.hang('stop', 'web');
    const stopping = call('POST', 'containers/web/stop');
    await expect.poll(async () => (await call('GET', 'containers/web')).body.wish).toBe('stopped');
    expect((await call('POST', 'containers/web/start')).status).toBe(409);
    release();
    expect((await stopping).status).toBe(200);
  });

  it('lets a person’s stop wait for a start of the monitor’s own, and then stops it', async () => {
    const release = runtime.hang('start', 'web');
    runtime.crash('web', 1);
    await expect.poll(async () => (await call('GET', 'containers/web')).body.attempts).toBe(1);
    const stopping = call('POST', 'containers/web/stop');
    const isAnswered = Promise.race([stopping.then(() => true), call('GET', 'status').then(() => false)]);
    expect(await isAnswered).toBe(false);
    release();
    expect((await stopping).status).toBe(200);
    expect(state('web')).toBe('exited');
    expect((await call('GET', 'containers/web')).body).toMatchObject({ wish: 'stopped', status: 'stopped' });
  });

  it('answers 503 while the engine is away', async () => {
    runtime.goAway('The socket is gone.');
    await expect.poll(async () => (await call('GET', 'status')).body.engine.reachable).toBe(false);
    const { status, body } = await call('POST', 'containers/web/restart');
    expect(status).toBe(503);
    expect(body.message).toContain('The socket is gone.');
  });
});

describe('incidents', () => {
  it('are listed with cause, evidence and timeline', async () => {
    runtime.write('db', 'connecting with password=hunter2');
    runtime.crash('db', 139);
    await expect.poll(() => state('db')).toBe('running');
    const open = async () => (await call('GET', 'incidents?status=open', { token: 'look' })).body;
    await expect.poll(open).toHaveLength(1);
    const [incident] = await open();
    expect(incident).toMatchObject({
      kind: 'down',
      cause: { container: 'db', evidence: { exitCode: 139, signal: 'SIGSEGV', oomKilled: false } },
    });
    expect(incident.cause.evidence.log.join()).not.toContain('hunter2');
    expect(incident.timeline.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining(['container.exited', 'container.restarted']),
    );
    expect((await call('GET', 'incidents?status=nonsense')).status).toBe(400);
  });
});
