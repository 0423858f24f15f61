import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readRecording, replay } from '../../src/health-monitor/recording/index.js';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options: WorldOptions = {}) => (world = new World({ preset: 'archipelago', ...options }));
afterEach(() => world.stop());

/** What commands in a container end with from now on. */
const says = (name: string, exitCode: number, output = '') =>
  world.runtime.onExec(name, () => ({ exitCode, output }));
const chain = (initialblockdownload: boolean, verificationprogress: number) =>
  JSON.stringify({ initialblockdownload, verificationprogress });
const WARMING_UP = 'error code: -28\nerror message:\nVerifying blocks…';

describe('a preset’s probe that was never answered', () => {
  const containers: WorldOptions['containers'] = {
    immich: { dependsOn: { immich_redis: { condition: 'healthy' } } },
  };

  it('heals nothing and holds nobody, and the view says that it is not answered', async () => {
    await make({ containers }).running('immich_redis', 'immich').start();
    says('immich_redis', 1, 'Could not connect to Redis at 127.0.0.1:6379: Connection refused');
    for (const name of ['immich_redis', 'immich']) world.runtime.crash(name, 139);
    await world.advance(2 * HOUR, 2 * SECOND);
    expect(world.acts).toEqual(['start immich_redis', 'start immich']);
    expect(world.told).toEqual([]);
    expect(world.view('immich_redis')).toMatchObject({
      status: 'healthy',
      probe: {
        health: 'unanswered',
        sentence: expect.stringContaining('Connection refused') as string,
      },
    });
    expect(world.view('immich_redis').rules['probes']).toEqual({ value: ['exec redis-cli'], from: 'preset' });
  });

  it('says where it cannot be put at all, and nothing of that in the log', async () => {
    const log = vi.spyOn(Logger.prototype, 'warn');
    await make().running('mempool-api').start();
    await world.advance(2 * MINUTE, SECOND);
    expect(world.view('mempool-api').probe).toMatchObject({
      health: 'unanswered',
      sentence: expect.stringContaining('Its port 8999 cannot be reached') as string,
    });
    expect(world.view('mempool-api').health).toBe('none');
    expect(log.mock.calls.flat().join('\n')).not.toContain('8999');
    log.mockRestore();
  });

  it('says in the log where it cannot be put although a person gave it credentials', async () => {
    const log = vi.spyOn(Logger.prototype, 'warn');
    await make({ containers: { 'bitcoin-knots': { credentials: { env: 'S3CR_NAME' } } } })
      .running('bitcoin-knots')
      .start();
    await world.advance(2 * MINUTE, SECOND);
    const told = log.mock.calls.flat().filter((line) => String(line).includes('probe of bitcoin-knots'));
    expect(told).toEqual([expect.stringContaining('Its port 8332 cannot be reached')]);
    log.mockRestore();
  });

  it('counts once it was answered, also for a later process, and no more in a container that was made anew', async () => {
    await make({ containers }).running('immich_redis', 'immich').start();
    says('immich_redis', 0, 'PONG');
    await world.advance(2 * MINUTE, SECOND);
    expect(world.view('immich_redis').probe?.health).toBe('ok');
    says('immich_redis', 1, 'Connection refused');
    await world.restart();
    await world.advance(3 * MINUTE, SECOND);
    expect(world.view('immich_redis')).toMatchObject({
      status: 'unhealthy',
      probe: { health: 'failed', sentence: 'Connection refused.' },
    });
    world.runtime.recreate('immich_redis');
    await world.runtime.userStart('immich_redis');
    await world.advance(30 * MINUTE, 2 * SECOND);
    expect(world.view('immich_redis')).toMatchObject({ status: 'healthy', probe: { health: 'unanswered' } });
  });

  it('is told where a person wrote it, once for each reason', async () => {
    const log = vi.spyOn(Logger.prototype, 'warn');
    await make({ containers: { app: { probe: [{ tcp: ':80' }, { tcp: ':81' }] } } })
      .running('app')
      .start();
    await world.advance(2 * MINUTE, SECOND);
    const told = log.mock.calls.flat().filter((line) => String(line).includes('probe of app'));
    expect(told).toEqual([expect.stringContaining('port 80'), expect.stringContaining('port 81')]);
    expect(world.view('app').probe?.health).toBe('unanswered');
    log.mockRestore();
  });
});

describe('the answers that the preset understands', () => {
  it('have bitcoind that warms up keep those waiting that need it healthy, and it works while it synchronises', async () => {
    const containers: WorldOptions['containers'] = {
      lnd: { dependsOn: { 'bitcoin-knots': { condition: 'healthy' } }, probe: false },
    };
    await make({ containers }).running('bitcoin-knots', 'lnd', 'electrs').start();
    says('bitcoin-knots', 28, WARMING_UP);
    for (const name of ['bitcoin-knots', 'lnd', 'electrs']) world.runtime.crash(name, 139);
    await world.advance(20 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start bitcoin-knots', 'start electrs']);
    expect(world.view('bitcoin-knots')).toMatchObject({
      status: 'not-yet',
      decision: { reason: 'Not ready yet: Verifying blocks…' },
    });
    let share = 0.87;
    world.runtime.onExec('bitcoin-knots', () => ({ exitCode: 0, output: chain(true, (share += 0.0001)) }));
    await world.advance(30 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start bitcoin-knots', 'start electrs', 'start lnd']);
    expect(world.view('bitcoin-knots')).toMatchObject({
      status: 'healthy',
      health: 'healthy',
      decision: {
        reason: expect.stringMatching(
          /^Works, and goes on: It synchronises \(87\.\d %, about \d+ hours left\)\.$/,
        ) as string,
      },
    });
    expect(world.told).toEqual([]);
  });

  it('have a locked wallet told once as what needs a person, and not restarted', async () => {
    await make().running('lnd').start();
    says('lnd', 0, '{\n    "state": "LOCKED"\n}');
    await world.advance(3 * HOUR, 2 * SECOND);
    expect(world.told).toEqual(['container.unhealthy lnd']);
    expect(world.notifications[0]).toMatchObject({
      title: 'lnd needs you',
      message: 'Its wallet is locked: unlock it. It is not restarted: that would not help.',
    });
    expect(world.monitor.incidents()[0]?.cause.reason).toBe('Its wallet is locked: unlock it.');
    expect(world.view('lnd').probe).toMatchObject({ health: 'not-yet', needsYou: true });
    says('lnd', 0, '{\n    "state": "SERVER_ACTIVE"\n}');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.view('lnd').status).toBe('healthy');
    expect(world.acts).toEqual([]);
  });

  it('are replayed as they were', async () => {
    const credentials = { env: 'S3CR_NAME' };
    await make({ containers: { bitcoin: { credentials }, off: { probe: false } } })
      .running('lnd', 'immich_redis', 'bitcoin', 'off')
      .start();
    says('lnd', 0, '{"state":"RPC_ACTIVE"}');
    says('immich_redis', 0, 'PONG');
    await world.advance(10 * MINUTE, 2 * SECOND);
    says('immich_redis', 1, 'Connection refused');
    await world.advance(10 * MINUTE, 2 * SECOND);
    const text = world.monitor.recording();
    expect(text).not.toContain('S3CR');
    const again = [...replay(readRecording(text))];
    expect(again.length).toBeGreaterThan(1);
    expect(again.filter(({ differs }) => differs)).toEqual([]);
  });
});

describe('a person’s word on a probe that the preset knows', () => {
  it.each<[string, WorldOptions, Record<string, string>, [string | undefined, string]]>([
    ['another in its rules', { containers: { lnd: { probe: { exec: ['x'] } } } }, {}, ['exec x', 'config']],
    ['another by label', {}, { 'health-monitor.probe': 'exec y' }, ['exec y', 'label']],
    ['false', { containers: { lnd: { probe: false } } }, {}, [undefined, 'config']],
    ['an empty list', { containers: { lnd: { probe: [] } } }, {}, [undefined, 'config']],
    ['the label "none"', {}, { 'health-monitor.probe': 'none' }, [undefined, 'label']],
    ['no preset', { preset: 'none' }, {}, [undefined, 'default']],
    ['nothing', {}, {}, ['exec lncli', 'preset']],
  ])('is %s', async (_, options, labels, [words, from]) => {
    await make(options).running({ name: 'lnd', labels }).start();
    const { value, from: origin } = world.view('lnd').rules['probes'] as { value: string[]; from: string };
    expect([value[0], origin]).toEqual([words, from]);
  });

  it('may not be credentials for an app that is asked without any', async () => {
    const log = vi.spyOn(Logger.prototype, 'warn');
    await make({ containers: { lnd: { credentials: { env: 'LND_LOGIN' } } } })
      .running('lnd')
      .start();
    expect(log.mock.calls.flat().join('\n')).toContain('lnd: Its credentials are left out');
    log.mockRestore();
  });
});

describe('bitcoind with credentials', () => {
  let folder: string;
  let server: Server;
  let answer: { status: number; body: string };
  let logins: (string | undefined)[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bitcoind-'));
    logins = [];
    server = createServer((request, response) => {
      logins.push(request.headers.authorization);
      response.writeHead(answer.status).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    server.close().closeAllConnections();
    await rm(folder, { recursive: true });
  });

  /** Lets time pass, and real sockets get their turn, until the view is as it is to be. */
  const until = (expected: object): Promise<void> =>
    expect
      .poll(() => world.advance(5 * SECOND, SECOND).then(view), { timeout: 30_000, interval: 10 })
      .toMatchObject(expected);

  async function begin(): Promise<void> {
    const file = join(folder, '.cookie');
    await writeFile(file, '__cookie__:0123456789abcdef');
    const { port: hostPort } = server.address() as AddressInfo;
    const published = [{ port: 8332, host: '127.0.0.1', hostPort }];
    await make({ containers: { 'bitcoin-knots': { credentials: { file } } } })
      .running({ name: 'archy-bitcoin-knots', reach: { published, addresses: [], hostNetwork: false } })
      .start();
  }
  const result = (initialblockdownload: boolean, verificationprogress: number) =>
    JSON.stringify({ result: { initialblockdownload, verificationprogress }, error: null, id: 1 });
  const view = () => world.view('archy-bitcoin-knots');

  it('is asked over RPC, from its start over its synchronisation to its failure and return', async () => {
    answer = { status: 500, body: '{"error":{"code":-28,"message":"Loading block index…"},"id":1}' };
    await begin();
    await until({
      status: 'not-yet',
      decision: { reason: 'Not ready yet: Loading block index…' },
    });
    expect(logins.at(-1)).toBe(`Basic ${Buffer.from('__cookie__:0123456789abcdef').toString('base64')}`);
    answer = { status: 200, body: result(true, 0.873) };
    await until({
      status: 'healthy',
      decision: { reason: 'Works, and goes on: It synchronises (87.3 %).' },
    });
    answer = { status: 200, body: result(false, 0.99999) };
    await until({ status: 'healthy', decision: { reason: 'Healthy. Nothing to do.' } });
    answer = { status: 404, body: 'Not found' };
    await until({ status: 'unhealthy', decision: { code: 'unhealthy-told' } });
    answer = { status: 200, body: result(false, 0.99999) };
    await until({ status: 'healthy' });
    // A restart could harm its data.
    expect(world.acts).toEqual([]);
  });

  it('counts for nothing as long as it refuses the login', async () => {
    answer = { status: 401, body: '' };
    await begin();
    await until({ status: 'healthy', health: 'none', probe: { health: 'unanswered' } });
    expect(view().probe?.sentence).toContain('.cookie');
  });
});

describe('a container that said not yet to an earlier process', () => {
  const options: WorldOptions = {
    preset: 'none',
    check: { startupDelayMs: 0 },
    containers: {
      app: { probe: { exec: ['check'] } },
      strict: { dependsOn: { app: { condition: 'healthy' } } },
    },
  };

  it('is not taken to be ready by the next one before it is asked again', async () => {
    await make(options).running('app', 'strict').start();
    says('app', 75, 'Syncing.');
    await world.advance(2 * MINUTE, SECOND);
    expect(world.view('app').status).toBe('not-yet');
    await world.stop();
    world.runtime.crash('strict', 139);
    const answer = world.runtime.hang('exec');
    await world.start();
    await world.advance(MINUTE, SECOND);
    // It is looked at anew meanwhile.
    await world.monitor.hold('app', 'a look', 'ann');
    await world.monitor.release('app', 'ann');
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.view('app').status).toBe('not-yet');
    answer();
    says('app', 0, 'Ready.');
    await world.advance(2 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start strict']);
  });

  it('holds nobody once it is asked no more', async () => {
    await make(options).running('app', 'strict').start();
    says('app', 75, 'Syncing.');
    await world.advance(2 * MINUTE, SECOND);
    await world.stop();
    world.runtime.crash('strict', 139);
    const later = new World({ ...options, containers: { strict: options.containers!['strict']! } });
    Object.assign(later, {
      clock: world.clock,
      runtime: world.runtime,
      host: world.host,
      store: world.store,
    });
    world = later;
    await world.start();
    await world.advance(2 * MINUTE, SECOND);
    expect(world.view('app')).toMatchObject({ status: 'healthy', probe: null });
    expect(world.acts).toEqual(['start strict']);
  });
});
