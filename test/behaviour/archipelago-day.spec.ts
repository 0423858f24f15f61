import { afterEach, describe, expect, it } from 'vitest';
import { readRecording, replay } from '../../src/health-monitor/recording/index.js';
import { Router } from '../support/router.js';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { GIB, MIB, World } from '../support/world.js';

const WARMING_UP = { exitCode: 28, output: 'error code: -28\nerror message:\nVerifying blocks…' };
const SYNCHRONISED = JSON.stringify({ initialblockdownload: false, verificationprogress: 1 });
const NO_SPACE = 'PANIC:  could not write to file "pg_wal/xlogtemp.29": No space left on device';

const APPS = [
  'btcpay-db',
  'nextcloud-db',
  'immich_postgres',
  'immich_redis',
  'bitcoin-knots',
  'lnd',
  'nbxplorer',
  'btcpay-server',
  'nextcloud',
  'immich_server',
  'tor',
];

let world: World;
const closing: Router[] = [];
afterEach(async () => {
  await world.stop();
  for (const router of closing.splice(0)) await router.away();
});

async function server(...answer: ConstructorParameters<typeof Router>): Promise<Router> {
  const router = await new Router(...answer).back();
  closing.push(router);
  return router;
}

/** Time passes, and real sockets get their turn. */
async function pass(ms: number, step = 15 * SECOND): Promise<void> {
  for (let passed = 0; passed < ms; passed += step) {
    await world.advance(Math.min(step, ms - passed), SECOND);
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Hours in which nothing happens, and of which nobody hears anything. */
async function quiet(hours: number): Promise<void> {
  const before = world.told.length;
  for (let passed = 0; passed < hours * HOUR; passed += MINUTE) {
    await world.advance(MINUTE, 5 * SECOND);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(world.told.slice(before)).toEqual([]);
}

const says = (name: string, exitCode: number, output: string) =>
  world.runtime.onExec(name, () => ({ exitCode, output }));
const statusOf = (name: string) => world.view(name).status;
const lncliSays = (state: string) => says('lnd', 0, JSON.stringify({ state }));

/** What people were told since this was last asked. */
function toldNow(): string[] {
  const before = heard;
  heard = world.told.length;
  return world.told.slice(before);
}
let heard = 0;

describe('a day of an Archipelago server', () => {
  it('is told in one message for each problem and one for its end, and replays', async () => {
    heard = 0;
    const internet = await server();
    let index = 'unavailable index';
    const electrum = await server((socket) =>
      socket.once('data', () => socket.end(`{"id":1,"error":"${index}","result":null}\n`)),
    );
    world = new World({
      preset: 'archipelago',
      engine: { storageRoot: '/var/lib/containers' },
      externals: { internet: { tcp: internet.at, name: 'The internet' } },
      containers: { tor: { dependsOn: ['internet'] } },
      recording: { keepBytes: 100_000_000 },
    });
    world.host.disk('/', 40 * GIB, '/var/lib/containers');
    world.running(...APPS, {
      name: 'electrs',
      reach: {
        published: [{ port: 50_001, host: '127.0.0.1', hostPort: electrum.port }],
        addresses: [],
        hostNetwork: false,
      },
    });
    for (const name of ['btcpay-db', 'nextcloud-db', 'immich_postgres'])
      says(name, 0, '/var/run/postgresql:5432 - accepting connections');
    says('immich_redis', 0, 'PONG');
    says('tor', 0, 'Bootstrapped 100 TAG=done');
    says('bitcoin-knots', 0, SYNCHRONISED);
    lncliSays('SERVER_ACTIVE');
    await world.start({ healing: false });
    await pass(10 * MINUTE);
    expect(world.told).toEqual([]);

    // 06:00. A power cut. All come back; bitcoind verifies for 20 minutes, and the wallet of lnd is locked.
    world.runtime.onExec('bitcoin-knots', () => WARMING_UP);
    lncliSays('LOCKED');
    await world.reboot();
    await pass(5 * MINUTE);
    expect(statusOf('bitcoin-knots')).toBe('not-yet');
    expect(statusOf('electrs')).toBe('not-yet');
    expect(toldNow()).toEqual(['container.unhealthy lnd']);
    expect(world.notifications[0]!.message).toContain('Its wallet is locked: unlock it.');
    await pass(15 * MINUTE);
    says('bitcoin-knots', 0, SYNCHRONISED);
    // Its owner is up.
    lncliSays('SERVER_ACTIVE');
    await pass(15 * MINUTE);
    expect(['bitcoin-knots', 'lnd'].map(statusOf)).toEqual(['healthy', 'healthy']);
    expect(toldNow()).toEqual(['container.recovered lnd']);

    await quiet(2);
    // 09:00. The router is changed, which takes an hour; tor gives up meanwhile, as it does.
    await internet.away();
    await pass(5 * MINUTE);
    expect(toldNow()).toEqual(['external.down']);
    const acts = world.acts.length;
    world.runtime.crash('tor', 1);
    await pass(55 * MINUTE);
    expect(statusOf('tor')).toBe('waiting');
    expect(world.acts.length).toBe(acts);
    await internet.back();
    await pass(10 * MINUTE);
    expect(statusOf('tor')).toBe('healthy');
    expect(toldNow()).toEqual(['external.up']);

    await quiet(1);
    // 11:00. electrs has built its index.
    index = '';
    electrum.answer = (socket) => socket.once('data', () => socket.end('{"id":2,"result":null}\n'));
    await pass(5 * MINUTE);
    expect(statusOf('electrs')).toBe('healthy');

    await quiet(3);
    // 14:00. Somebody fills the disk, and makes space again after ten minutes.
    world.host.disk('/', 12 * MIB);
    world.runtime.write('nextcloud-db', NO_SPACE);
    world.runtime.onStart('nextcloud-db', { diesAfterMs: 500, exitCode: 1 });
    world.runtime.crash('nextcloud-db', 1);
    world.runtime.crash('nextcloud', 1);
    await pass(10 * MINUTE);
    expect(['nextcloud-db', 'nextcloud'].map(statusOf)).toEqual(['waiting', 'waiting']);
    world.host.disk('/', 40 * GIB);
    world.runtime.onStart('nextcloud-db');
    await pass(30 * MINUTE);
    expect(['nextcloud-db', 'nextcloud'].map(statusOf)).toEqual(['healthy', 'healthy']);
    expect(toldNow()).toEqual(['host.disk', 'host.disk_ok']);

    await quiet(11);
    // 02:00. The backup holds Nextcloud, and stops it meanwhile.
    await world.monitor.hold('nextcloud', 'backup', 'cron', 2 * HOUR);
    await world.runtime.userStop('nextcloud');
    await pass(40 * MINUTE);
    expect(statusOf('nextcloud')).toBe('held');
    await world.runtime.userStart('nextcloud');
    await world.monitor.release('nextcloud', 'cron');
    await pass(5 * MINUTE);
    expect(statusOf('nextcloud')).toBe('healthy');

    // 03:12. A database crashes, and what needs it with it.
    world.runtime.crash('immich_postgres', 139);
    world.runtime.crash('immich_server', 1);
    await pass(30 * MINUTE);
    expect(['immich_postgres', 'immich_server'].map(statusOf)).toEqual(['healthy', 'healthy']);
    expect(world.acts.slice(-2)).toEqual(['start immich_postgres', 'start immich_server']);
    expect(toldNow()).toEqual([]);
    expect(world.monitor.incidents().filter(({ status }) => status === 'open')).toEqual([]);

    await quiet(2);

    const recording = readRecording(world.monitor.recording());
    expect(recording.facts.length).toBeGreaterThan(100);
    expect([...replay(recording)].filter(({ differs }) => differs)).toEqual([]);
  });
});
