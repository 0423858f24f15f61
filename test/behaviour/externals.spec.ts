import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readRecording, replay } from '../../src/health-monitor/recording/index.js';
import { Router } from '../support/router.js';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await world.stop();
  for (const close of closing.splice(0)) await close();
});

async function aRouter(): Promise<Router> {
  const router = await new Router().back();
  closing.push(() => router.away());
  return router;
}

/** A page whose answer can be changed, and is not given before that time. */
async function aPage(answer: { status: number; body?: string }, from = Promise.resolve()): Promise<string> {
  const server: HttpServer = createHttpServer((_, response) => {
    void from.then(() => response.writeHead(answer.status).end(answer.body ?? ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Time passes, and real sockets get their turn. */
async function pass(ms: number, step = 5 * SECOND): Promise<void> {
  for (let passed = 0; passed < ms; passed += step) {
    await world.advance(Math.min(step, ms - passed), SECOND);
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Time passes until it is so, ten minutes at most. */
async function until(isSo: () => boolean): Promise<void> {
  for (let passed = 0; !isSo() && passed < 10 * MINUTE; passed += SECOND) await pass(SECOND, SECOND);
  expect(isSo()).toBe(true);
}

const statusOf = (id: string) => world.monitor.externals().find((one) => one.id === id)?.status;
const incidents = () => world.monitor.incidents();
const toldOfContainers = () => world.told.filter((type) => type.startsWith('container.'));

const behind = (router: Router, more: WorldOptions = {}): WorldOptions => ({
  externals: { router: { tcp: router.at, name: 'The router' } },
  ...more,
  containers: {
    web: { dependsOn: ['router'] },
    mail: { dependsOn: ['router'] },
    chat: { dependsOn: ['web'] },
    ...more.containers,
  },
});

async function begin(options: WorldOptions, ...names: string[]): Promise<void> {
  world = new World(options);
  await world.running(...names).start({ healing: false });
  await pass(2 * MINUTE + 10 * SECOND);
}

describe('a router that is away for an hour', () => {
  it('is one incident, in which those that need it wait and spend nothing, and are healed in order after it', async () => {
    const router = await aRouter();
    await begin(behind(router), 'web', 'mail', 'chat', 'other');
    expect(world.monitor.externals()).toMatchObject([
      { id: 'router', name: 'The router', asked: `tcp ${router.at}`, status: 'up' },
    ]);

    await router.away();
    await until(() => statusOf('router') === 'down');
    expect(world.told).toEqual(['external.down']);
    expect(world.notifications[0]).toMatchObject({
      title: 'The router is down',
      message: expect.stringContaining('web, mail, chat need it') as string,
    });
    for (const name of ['web', 'mail', 'chat']) world.runtime.crash(name, 1);
    await pass(HOUR, 15 * SECOND);

    expect(world.acts).toEqual([]);
    expect(world.view('web')).toMatchObject({
      status: 'waiting',
      attempts: 0,
      dependsOn: ['router'],
      blockedBy: ['router'],
      decision: { code: 'waiting-for-dependency', reason: 'Waits: The router is down.' },
    });
    expect(world.view('other').status).toBe('healthy');
    expect(world.told).toEqual(['external.down']);
    expect(incidents()).toMatchObject([
      {
        kind: 'external',
        status: 'open',
        cause: { container: null, external: 'router' },
        victims: [{ container: 'web' }, { container: 'mail' }, { container: 'chat' }],
      },
    ]);
    expect(world.monitor.status()).toMatchObject({
      externals: { total: 1, down: 1 },
      incidents: { open: 1, wrong: 1 },
    });

    await router.back();
    await until(() => statusOf('router') === 'up');
    await pass(3 * MINUTE);
    expect(world.acts.slice(0, 2).sort()).toEqual(['start mail', 'start web']);
    expect(world.acts.slice(2)).toEqual(['start chat']);
    expect(world.told).toEqual(['external.down', 'external.up']);
    expect(world.notifications[1]?.message).toMatch(/^It was away for .*\. Also back: web, mail, chat\.$/);
    expect(incidents()).toMatchObject([{ status: 'resolved', endedBy: 'itself' }]);

    const replayed = [...replay(readRecording(world.monitor.recording()))];
    expect(replayed.some(({ fact }) => fact.kind === 'external-answered')).toBe(true);
    expect(replayed.filter(({ differs }) => differs)).toEqual([]);
  });

  it('leaves alone what runs and is well', async () => {
    const router = await aRouter();
    await begin(behind(router), 'web', 'mail', 'chat');
    await router.away();
    await until(() => statusOf('router') === 'down');
    await pass(10 * MINUTE, 15 * SECOND);
    expect(['web', 'mail', 'chat'].map((name) => world.view(name).status)).toEqual(Array(3).fill('healthy'));
    expect(incidents()).toMatchObject([{ kind: 'external', victims: [] }]);
    expect(world.acts).toEqual([]);
  });

  it('brings back what was given up before', async () => {
    const router = await aRouter();
    await begin(behind(router), 'web', 'mail', 'chat');
    world.runtime.onStart('web', { diesAfterMs: 500 });
    world.runtime.crash('web', 1);
    await until(() => world.view('web').status === 'given-up');
    const before = world.acts.length;
    await router.away();
    await until(() => statusOf('router') === 'down');
    await pass(5 * MINUTE, 15 * SECOND);
    expect(world.acts).toHaveLength(before);
    world.runtime.onStart('web', {});
    await router.back();
    await until(() => world.view('web').status === 'healthy');
    expect(world.acts.length).toBeGreaterThan(before);
    const rearmed = world.events.find(({ type }) => type === 'container.rearmed');
    expect(rearmed?.data).toMatchObject({ reason: 'The router is back; trying again.' });
  });

  it('is the cause of what went down since it last answered, and gives the attempts back', async () => {
    const router = await aRouter();
    await begin(behind(router), 'web', 'mail', 'chat');
    world.runtime.onStart('web', { diesAfterMs: 500 });
    await router.away();
    world.runtime.crash('web', 1);
    await until(() => statusOf('router') === 'down');
    expect(world.acts.length).toBeLessThan(3);
    await pass(10 * MINUTE, 15 * SECOND);
    expect(world.acts.length).toBeLessThan(3);
    expect(world.view('web')).toMatchObject({ status: 'waiting', attempts: 0 });
    expect(incidents().filter(({ status }) => status === 'open')).toMatchObject([
      { kind: 'external', victims: [{ container: 'web' }] },
    ]);
    expect(toldOfContainers()).toEqual([]);
  });

  it('goes on after a restart of the monitor, and nobody is told of it again', async () => {
    const router = await aRouter();
    await begin(behind(router), 'web', 'mail', 'chat');
    await router.away();
    await until(() => statusOf('router') === 'down');
    world.runtime.crash('web', 1);
    await pass(5 * MINUTE, 15 * SECOND);
    await world.stop();
    await world.start({ healing: false });
    await pass(5 * MINUTE, 15 * SECOND);
    expect(statusOf('router')).toBe('down');
    expect(world.view('web').status).toBe('waiting');
    expect(world.told).toEqual(['external.down']);
    await router.back();
    await until(() => world.view('web').status === 'healthy');
    await pass(2 * MINUTE);
    expect(world.acts).toEqual(['start web']);
    expect(world.told).toEqual(['external.down', 'external.up']);
    expect(incidents()).toHaveLength(1);
  });

  it('that is over when the monitor comes up ends the incident of the process before', async () => {
    const router = await aRouter();
    await begin(behind(router), 'web', 'mail', 'chat');
    await router.away();
    await until(() => statusOf('router') === 'down');
    await world.stop();
    await router.back();
    await world.start({ healing: false });
    await pass(3 * MINUTE);
    expect(incidents()).toMatchObject([{ kind: 'external', status: 'resolved' }]);
    expect(world.told).toEqual(['external.down', 'external.up']);
  });

  it('has its incident ended in silence once nobody asks it any more', async () => {
    const router = await aRouter();
    await begin(behind(router), 'web', 'mail', 'chat');
    await router.away();
    await until(() => statusOf('router') === 'down');
    await world.stop();
    const { store } = world;
    world = new World({});
    Object.assign(world, { store });
    await world.running('web').start();
    expect(world.monitor.externals()).toEqual([]);
    expect(incidents()).toMatchObject([{ kind: 'external', status: 'resolved', endedBy: 'person' }]);
    expect(world.told).toEqual([]);
  });
});

describe('an external', () => {
  it('that comes and goes is told of once, and again when it stays away', async () => {
    const router = await aRouter();
    await begin(behind(router), 'web');
    for (let time = 0; time < 3; time++) {
      await router.away();
      await until(() => statusOf('router') === 'down');
      await router.back();
      await until(() => statusOf('router') === 'up');
      await pass(2 * MINUTE);
    }
    expect(world.told).toEqual(['external.down', 'external.up']);
    expect(incidents()).toHaveLength(1);
    await router.away();
    await until(() => statusOf('router') === 'down');
    await pass(12 * MINUTE, 15 * SECOND);
    expect(world.told).toEqual(['external.down', 'external.up', 'external.down']);
  });

  it('that failed once keeps a container that is down from being started, and is no incident', async () => {
    const answer = { status: 200 };
    const externals = { nas: { http: await aPage(answer), name: 'The NAS', everyMs: MINUTE } };
    await begin({ externals, containers: { photos: { dependsOn: { nas: {} } } } }, 'photos');
    answer.status = 500;
    await until(() => world.runtime.acts.length === 0 && isFailing('nas'));
    world.runtime.crash('photos', 1);
    await pass(10 * SECOND);
    expect(world.view('photos')).toMatchObject({
      status: 'waiting',
      decision: { reason: 'Waits: The NAS did not answer just now.' },
    });
    answer.status = 200;
    await until(() => world.view('photos').status === 'healthy');
    expect(world.acts).toEqual(['start photos']);
    expect(world.told).toEqual([]);
  });

  it('that is not ready holds back those that need it, and is told of when it gets no further', async () => {
    const answer = { status: 200, body: '{"state":"resilvering"}' };
    const http = await aPage(answer);
    const nas = { http, notYet: { json: { state: 'resilvering' } } } as const;
    await begin({ externals: { nas }, containers: { photos: { dependsOn: ['nas'] } } }, 'photos');
    world.runtime.crash('photos', 1);
    await pass(20 * MINUTE, 15 * SECOND);
    expect(statusOf('nas')).toBe('not-yet');
    expect(world.view('photos')).toMatchObject({
      status: 'waiting',
      decision: { reason: 'Waits: nas is not ready yet.' },
    });
    expect(world.told).toEqual([]);
    await pass(12 * MINUTE, 15 * SECOND);
    expect(world.told).toEqual(['external.down']);
    expect(world.notifications[0]?.title).toBe('nas does not get ready');
    answer.body = '{"state":"ok"}';
    await until(() => world.view('photos').status === 'healthy');
    expect(world.acts).toEqual(['start photos']);
  });

  it('is asked while the engine is away, and three that fail at once are no doubt about the network', async () => {
    const routers = await Promise.all([aRouter(), aRouter(), aRouter()]);
    const externals = Object.fromEntries(routers.map((router, index) => [`r${index}`, { tcp: router.at }]));
    await begin({ externals }, 'web');
    world.runtime.goAway();
    for (const router of routers) await router.away();
    await until(() => ['r0', 'r1', 'r2'].every((id) => statusOf(id) === 'down'));
    expect(world.told.filter((type) => type === 'external.down')).toHaveLength(3);
    expect(world.told).not.toContain('monitor.network_doubted');
  });

  it('that has not answered yet holds back what is down, until the first answer', async () => {
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const http = await aPage({ status: 200 }, answered);
    world = new World({
      check: { startupDelayMs: 0 },
      externals: { nas: { http, timeoutMs: MINUTE } },
      containers: { web: { dependsOn: ['nas'] } },
    });
    world.running('web');
    world.runtime.crash('web', 1);
    await world.start({ healing: false });
    await pass(5 * SECOND);
    expect(world.acts).toEqual([]);
    expect(statusOf('nas')).toBe('unknown');
    expect(world.view('web').decision.reason).toBe('Waits: nas has not answered yet.');
    answer();
    await until(() => world.acts.length > 0);
    expect(statusOf('nas')).toBe('up');
  });

  it('of the name of a container is not what that name means', async () => {
    const router = await aRouter();
    await begin(
      { externals: { db: { tcp: router.at } }, containers: { web: { dependsOn: ['db'] } } },
      'db',
      'web',
    );
    await router.away();
    await until(() => statusOf('db') === 'down');
    world.runtime.crash('web', 1);
    await until(() => world.acts.length > 0);
    expect(world.acts).toEqual(['start web']);
  });
});

/** Whether the latest thing that was heard of it was a failure: the recording has it. */
function isFailing(id: string): boolean {
  const facts = readRecording(world.monitor.recording()).facts.map(({ fact }) => fact);
  const latest = facts.findLast((fact) => fact.kind === 'external-answered' && fact.external === id);
  return latest?.kind === 'external-answered' && latest.answers.isFailing;
}
