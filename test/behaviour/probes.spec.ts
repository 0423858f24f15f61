import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Probe } from '../../src/common/options/index.js';
import { readRecording, replay } from '../../src/health-monitor/recording/index.js';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));
afterEach(() => world.stop());

const CHECK: Probe = { exec: ['check'] };
const probed = (...probe: Probe[]): WorldOptions => ({ containers: { app: { probe } } });

/** What the probe of `app` says from now on; `75` is "not yet". */
const says = (exitCode: number, output = '', name = 'app') =>
  world.runtime.onExec(name, () => ({ exitCode, output }));

describe('a container with a probe', () => {
  it('is healthy while the probe succeeds, and shows what it says', async () => {
    await make(probed(CHECK)).running('app').start();
    says(0, 'ready');
    await world.advance(MINUTE);
    expect(world.view('app')).toMatchObject({
      status: 'healthy',
      health: 'healthy',
      probe: { health: 'ok' },
      progress: null,
    });
    expect(world.view('app').rules['probes']).toEqual({ value: ['exec check'], from: 'config' });
  });

  it('is restarted after three failures in a row that lasted a minute, and tells its words', async () => {
    await make(probed(CHECK)).running('app').start();
    await world.advance(MINUTE);
    says(3, 'no database');
    await world.advance(50 * SECOND);
    expect(world.view('app').status).toBe('healthy');
    // Asked every 27 to 33 seconds: it has failed after 54 to 99, and is restarted a minute later.
    await world.advance(52 * SECOND);
    expect(world.view('app')).toMatchObject({
      status: 'unhealthy',
      probe: { health: 'failed', sentence: 'no database.' },
    });
    world.runtime.onStart('app', {});
    await world.advance(70 * SECOND);
    expect(world.acts).toEqual(['restart app']);
    const unhealthy = world.events.find(({ type }) => type === 'container.unhealthy');
    expect(unhealthy?.data).toMatchObject({ reason: expect.stringContaining('no database.') as string });
    says(0);
    await world.advance(3 * MINUTE, SECOND);
    expect(world.view('app').status).toBe('healthy');
    expect(world.told).toEqual([]);
  });

  it('is unhealthy when the engine’s own check fails, whatever the probe says', async () => {
    await make(probed(CHECK)).running({ name: 'app', health: 'healthy' }).start();
    world.runtime.setHealth('app', 'unhealthy');
    await world.advance(20 * SECOND);
    expect(world.view('app')).toMatchObject({ health: 'unhealthy', probe: { health: 'ok' } });
  });

  it('counts a failure within its time to start for not yet, and is not restarted for it', async () => {
    await make(probed({ ...CHECK, startMs: 10 * MINUTE }))
      .running('app')
      .start();
    world.runtime.crash('app', 139);
    says(1, 'refused');
    await world.advance(9 * MINUTE, SECOND);
    expect(world.view('app')).toMatchObject({ status: 'not-yet', decision: { code: 'not-yet' } });
    expect(world.acts).toEqual(['start app']);
    await world.advance(4 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start app', 'restart app']);
  });

  it('is asked by a label, and never at a place that is not its own', async () => {
    await make()
      .running(
        {
          name: 'app',
          labels: { 'health-monitor.probe': 'exec check -q', 'health-monitor.probe-every': '5' },
        },
        { name: 'other', labels: { 'health-monitor.probe': 'http http://10.0.0.1/' } },
      )
      .start();
    says(1);
    await world.advance(20 * SECOND);
    expect(world.view('app').probe?.health).toBe('failed');
    expect(world.view('other').probe).toBeNull();
    expect(world.view('other').rules['probes']).toEqual({ value: [], from: 'default' });
  });

  it('is restarted as soon while other containers come', async () => {
    await make(probed(CHECK)).running('app').start();
    says(0);
    await world.advance(MINUTE);
    says(1);
    for (let index = 0; index < 5; index++) {
      world.running(`job-${index}`);
      await world.advance(40 * SECOND, SECOND);
    }
    expect(world.acts).toEqual(['restart app']);
  });

  it('keeps nobody waiting when it cannot be asked', async () => {
    const containers: WorldOptions['containers'] = {
      app: { probe: { tcp: ':80' } },
      strict: { dependsOn: { app: { condition: 'healthy' } } },
    };
    await make({ containers }).running('app', 'strict').start();
    for (const name of ['app', 'strict']) world.runtime.crash(name, 139);
    await world.advance(45 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start app', 'start strict']);
    expect(world.told).toEqual([]);
  });

  it('has labels that cannot be meant left out and told, and is not restarted for them', async () => {
    const reach = { published: [], addresses: [], hostNetwork: true };
    const labels = ['http :99999/', 'http :0/', 'tcp :70000', 'exec sh -c "exit 0"', 'exec \u001b[2J'];
    await make()
      .running(
        ...labels.map((label, index) => ({
          name: `app-${index}`,
          labels: { 'health-monitor.probe': label },
          reach,
        })),
        {
          name: 'patient',
          labels: { 'health-monitor.probe': 'exec check', 'health-monitor.probe-timeout': '601' },
        },
      )
      .start();
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    for (const [index] of labels.entries())
      expect(world.view(`app-${index}`).rules['probes']).toEqual({ value: [], from: 'default' });
    expect(world.view('patient').rules['probes']).toMatchObject({ from: 'label' });
  });

  it('is replayed as it was, from a recording without what is sent with its questions', async () => {
    await make({
      containers: {
        app: { probe: [{ exec: ['check', 'S3CR-arg'] }, { tcp: ':80' }] },
        web: { probe: { http: 'http://127.0.0.1:1/status?key=S3CR-query' } },
        node: { probe: { rpc: ':80', method: 'unlock', params: ['S3CR-param'] } },
      },
    })
      .running('app', 'web', 'node', {
        name: 'other',
        labels: { 'health-monitor.probe': 'exec check S3CR-label' },
      })
      .start();
    says(75, 'Syncing.');
    await world.advance(40 * MINUTE, 2 * SECOND);
    says(1, 'bad');
    await world.advance(5 * MINUTE, 2 * SECOND);
    const text = world.monitor.recording();
    expect(text).toContain('Syncing.');
    expect(text).not.toContain('S3CR');
    const again = [...replay(readRecording(text))];
    expect(again.length).toBeGreaterThan(1);
    expect(again.filter(({ differs }) => differs)).toEqual([]);
  });

  it('is left as it is while the engine is away or cannot run the command', async () => {
    await make(probed(CHECK)).running('app').start();
    await world.advance(MINUTE);
    world.runtime.goAway();
    await world.advance(20 * MINUTE, SECOND);
    world.runtime.comeBack();
    await world.advance(20 * SECOND);
    expect(world.view('app').status).toBe('healthy');
    expect(world.acts).toEqual([]);
  });
});

describe('a container that says not yet', () => {
  it('is never restarted, spends no attempt, and shows how far it has come', async () => {
    await make(probed(CHECK)).running('app').start();
    says(75, 'Rebuilding the index.');
    await world.advance(25 * MINUTE, SECOND);
    expect(world.view('app')).toMatchObject({
      status: 'not-yet',
      health: 'starting',
      attempts: 0,
      decision: { code: 'not-yet', reason: 'Not ready yet: Rebuilding the index.' },
      progress: { sentence: 'Rebuilding the index.', share: null, leftMs: null },
    });
    expect(world.acts).toEqual([]);
    expect(world.told).toEqual([]);
  });

  it('is told once when it gets no further for thirty minutes, and not while it does', async () => {
    let block = 0;
    await make(probed(CHECK)).running('app').start();
    world.runtime.onExec('app', () => ({ exitCode: 75, output: `Block ${block++}.` }));
    await world.advance(2 * HOUR, 2 * SECOND);
    expect(world.told).toEqual([]);
    says(75, 'Block 99.');
    await world.advance(2 * HOUR, 2 * SECOND);
    expect(world.told).toEqual(['container.unhealthy app']);
    expect(world.notifications[0]).toMatchObject({
      title: 'app does not get ready',
      message: expect.stringMatching(
        /^It gets no further: Block 99\. It has been so for \d+ .*\. It is not restarted: /,
      ) as string,
    });
    says(0);
    await world.advance(5 * MINUTE, SECOND);
    expect(world.told).toEqual(['container.unhealthy app', 'container.recovered app']);
    expect(world.acts).toEqual([]);
  });

  it.each([2 * HOUR, -2 * HOUR])(
    'is told after thirty minutes, also when the clock is set by %d',
    async (by) => {
      await make(probed(CHECK)).running('app').start();
      says(75, 'Syncing.');
      await world.advance(5 * MINUTE, SECOND);
      world.clock.jumpWallClock(by);
      await world.advance(20 * MINUTE, SECOND);
      expect(world.view('app').decision.code).toBe('not-yet');
      expect(world.told).toEqual([]);
      await world.advance(10 * MINUTE, SECOND);
      expect(world.told).toEqual(['container.unhealthy app']);
    },
  );

  it('keeps those waiting that need it healthy, and not those that need it started', async () => {
    const containers: WorldOptions['containers'] = {
      app: { probe: CHECK },
      strict: { dependsOn: { app: { condition: 'healthy' } } },
      lenient: { dependsOn: { app: { condition: 'started' } } },
    };
    await make({ containers }).running('app', 'strict', 'lenient').start();
    says(75, 'Syncing.');
    for (const name of ['app', 'strict', 'lenient']) world.runtime.crash(name, 139);
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start app', 'start lenient']);
    expect(world.view('strict')).toMatchObject({ status: 'waiting', blockedBy: ['app'], attempts: 0 });
    says(0);
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual(['start app', 'start lenient', 'start strict']);
  });

  it('is not given up for that after its last attempt', async () => {
    await make(probed(CHECK)).running('app').start();
    says(75, 'Verifying blocks.');
    for (let times = 0; times < 3; times++) {
      world.runtime.crash('app', 139);
      await world.advance(2 * MINUTE, SECOND);
    }
    await world.advance(20 * MINUTE, SECOND);
    expect(world.view('app').status).toBe('not-yet');
    expect(world.told).toEqual([]);
  });
});

describe('probes over the network', () => {
  const servers: Server[] = [];
  afterEach(() => servers.splice(0).forEach((server) => server.close().closeAllConnections()));

  /** A server whose answer can be changed, and what a container needs to be reached there. */
  async function serve(answer: { status: number; body?: string }) {
    const server = createServer((_, response) => response.writeHead(answer.status).end(answer.body ?? ''));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      addresses: [],
      hostNetwork: false,
      published: [{ port: 80, host: '127.0.0.1', hostPort: port }],
    };
  }

  /** Time passes, and real sockets get their turn. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 5 * SECOND) {
      await world.advance(5 * SECOND, SECOND);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const http: Probe = { http: ':80/' };

  it('that fail in three containers at once count for nothing for five minutes, and that is told', async () => {
    const answers = ['a', 'b', 'c'].map((name) => ({ name, answer: { status: 200 } }));
    const containers = Object.fromEntries(answers.map(({ name }) => [name, { probe: http }]));
    make({ containers });
    for (const { name, answer } of answers) world.running({ name, reach: await serve(answer) });
    await world.start();
    await pass(MINUTE);
    for (const { answer } of answers) answer.status = 503;
    await pass(4 * MINUTE);
    expect(world.told).toEqual(['monitor.network_doubted']);
    expect(world.acts).toEqual([]);
    await pass(6 * MINUTE);
    expect(world.acts.length).toBeGreaterThanOrEqual(2);
  });

  it('that fail in three containers while another one is well have them restarted as usual', async () => {
    const answers = ['a', 'b', 'c', 'well'].map((name) => ({ name, answer: { status: 200 } }));
    make({ containers: Object.fromEntries(answers.map(({ name }) => [name, { probe: http }])) });
    for (const { name, answer } of answers) world.running({ name, reach: await serve(answer) });
    await world.start();
    await pass(MINUTE);
    for (const { name, answer } of answers) if (name !== 'well') answer.status = 503;
    await pass(6 * MINUTE);
    expect(world.told).not.toContain('monitor.network_doubted');
    expect(world.acts.length).toBeGreaterThanOrEqual(3);
  });

  it('tell of a wallet that only a person can unlock at once, as what needs you', async () => {
    const probe: Probe = { http: ':80/', needsYou: { json: { state: 'LOCKED' } } };
    make({ containers: { app: { probe } } });
    world.running({ name: 'app', reach: await serve({ status: 200, body: '{"state":"LOCKED"}' }) });
    await world.start();
    await pass(2 * MINUTE);
    expect(world.told).toEqual(['container.unhealthy app']);
    expect(world.notifications[0]?.title).toBe('app needs you');
    expect(world.acts).toEqual([]);
  });

  it('show how far one has come that works meanwhile', async () => {
    const probe: Probe = { http: ':80/', progress: 'verificationprogress' };
    make({ containers: { app: { probe } } });
    world.running({
      name: 'app',
      reach: await serve({ status: 200, body: '{"verificationprogress":0.873}' }),
    });
    await world.start();
    await pass(MINUTE);
    expect(world.view('app')).toMatchObject({
      status: 'healthy',
      progress: { share: 0.873 },
      decision: { reason: 'Works, and goes on: It answered 200 (87.3 %).' },
    });
  });
});
