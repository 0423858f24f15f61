import { afterEach, describe, expect, it } from 'vitest';
import { ServerTimes } from '../../src/common/clock/index.js';
import { readRecording, replay } from '../../src/health-monitor/recording/index.js';
import { Router } from '../support/router.js';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { worldWithTwoDisks } from '../support/two-disks.js';
import { GIB, MIB, World, type WorldOptions } from '../support/world.js';

const NO_SPACE = 'PANIC:  could not write: No space left on device';
let world: World;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  const replayed = [...replay(readRecording(world.monitor.recording()))];
  await world.stop();
  for (const close of closing.splice(0)) await close();
  expect(replayed.filter(({ differs }) => differs)).toEqual([]);
});
async function aRouter(): Promise<Router> {
  const router = await new Router().back();
  closing.push(() => router.away());
  return router;
}
async function pass(ms: number, step = 5 * SECOND): Promise<void> {
  for (let passed = 0; passed < ms; passed += step) {
    await world.advance(Math.min(step, ms - passed), SECOND);
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
async function made(options?: WorldOptions): Promise<void> {
  world = await worldWithTwoDisks(options);
}
const open = () => world.monitor.incidents().filter(({ status }) => status === 'open');
const full = (mount: string, ...names: string[]) => {
  world.host.disk(mount, 12 * MIB);
  for (const name of names) {
    if (world.runtime.peek(name).state !== 'running') continue;
    world.runtime.write(name, NO_SPACE);
    world.runtime.refuseStart(name, 'no space left on device');
    world.runtime.crash(name, 1);
  }
};
const free = (mount: string, ...names: string[]) => {
  world.host.disk(mount, 40 * GIB);
  for (const name of names) world.runtime.refuseStart(name, null);
};

describe('a disk without space', () => {
  it('is told once when the only one that needs it is made anew meanwhile', async () => {
    await made();
    full('/mnt/data', 'db');
    await world.advance(3 * MINUTE, SECOND);
    expect(world.told).toEqual(['host.disk']);
    world.runtime.remove('db');
    await world.advance(3 * MINUTE, SECOND);
    world.running({ name: 'db', volumes: [{ path: '/mnt/data/db', isWritable: true }] });
    world.runtime.refuseStart('db', 'no space left on device');
    world.runtime.write('db', NO_SPACE);
    world.runtime.crash('db', 1);
    await world.advance(5 * MINUTE, SECOND);
    expect(world.told).toEqual(['host.disk']);
  });
  it('is told once when the engine is away as the monitor comes up', async () => {
    await made();
    full('/', 'app');
    await world.advance(3 * MINUTE, SECOND);
    expect(world.told).toEqual(['host.disk']);
    await world.stop();
    world.runtime.goAway();
    await world.start();
    await world.advance(5 * MINUTE, SECOND);
    world.runtime.comeBack();
    await world.advance(5 * MINUTE, SECOND);
    expect(world.told.filter((one) => one.startsWith('host'))).toEqual(['host.disk']);
    expect(world.view('app').attempts).toBe(0);
  });
  it('that fills and is freed over and over is told of once', async () => {
    await made();
    for (let time = 0; time < 6; time++) {
      full('/', 'app');
      await world.advance(3 * MINUTE, SECOND);
      free('/', 'app');
      await world.advance(4 * MINUTE, SECOND);
    }
    expect(world.told.filter((type) => type.startsWith('host'))).toEqual(['host.disk', 'host.disk_ok']);
    expect(open().filter(({ cause }) => cause.machine !== undefined)).toEqual([]);
  });
  it('that is short of space over and over is told of once', async () => {
    await made();
    for (let time = 0; time < 6; time++) {
      world.host.disk('/', 3 * GIB);
      await world.advance(7 * MINUTE, SECOND);
      free('/');
      await world.advance(4 * MINUTE, SECOND);
    }
    expect(world.told).toEqual(['host.disk', 'host.disk_ok']);
    expect(open()).toEqual([]);
  });
  it('is as pressure on memory in this, which comes and goes', async () => {
    await made();
    for (let time = 0; time < 6; time++) {
      world.host.pressure = 0.3;
      await world.advance(4 * MINUTE, SECOND);
      world.host.pressure = 0;
      await world.advance(4 * MINUTE, SECOND);
    }
    expect(world.told).toEqual(['host.memory_pressure', 'host.memory_ok']);
    expect(open()).toEqual([]);
  });
  it('is over when there is space, also when the clock was set back meanwhile', async () => {
    await made();
    full('/', 'app');
    await world.advance(3 * MINUTE, SECOND);
    world.clock.jumpWallClock(-2 * HOUR);
    await world.advance(3 * MINUTE, SECOND);
    free('/', 'app');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.view('app').status).toBe('healthy');
    expect(open()).toEqual([]);
    expect(world.told).toEqual(['host.disk', 'host.disk_ok']);
  });
  it('is tried with others than the one on hold, which is waited for no more', async () => {
    await made();
    full('/', 'app', 'other');
    await world.advance(3 * MINUTE, SECOND);
    world.runtime.refuseStart('app', null);
    world.runtime.refuseStart('other', null);
    await world.monitor.hold('app', 'x', 'ann');
    await world.advance(13 * MINUTE, SECOND);
    expect(world.acts.at(-1)).toBe('start other');
    await world.advance(1 * MINUTE, SECOND);
    free('/');
    await world.advance(10 * MINUTE, SECOND);
    expect(world.told).toEqual(['host.disk', 'host.disk_ok']);
  });
  it('starts nothing that a person stopped meanwhile', async () => {
    await made();
    full('/', 'app', 'other');
    await world.advance(3 * MINUTE, SECOND);
    await world.monitor.stop('app', 'ann');
    free('/', 'app', 'other');
    await world.advance(20 * MINUTE, SECOND);
    expect(world.acts).toEqual(['stop app', 'start other']);
    expect(world.told).toEqual(['host.disk', 'host.disk_ok']);
  });
});

describe('a disk without space and an external that is away', () => {
  const options = (router: Router): WorldOptions => ({
    externals: { router: { tcp: router.at, name: 'The router' } },
    containers: { app: { dependsOn: ['router'] } },
  });
  it('are two problems: the external is back while the disk keeps down what needed it', async () => {
    const router = await aRouter();
    await made(options(router));
    await pass(MINUTE);
    await router.away();
    await pass(3 * MINUTE);
    world.runtime.crash('app', 1);
    await pass(2 * MINUTE);
    expect(world.told).toEqual(['external.down']);
    world.host.disk('/', 12 * MIB);
    world.runtime.refuseStart('app', 'no space left on device');
    await router.back();
    await pass(5 * MINUTE);
    expect(world.told).toEqual(['external.down', 'host.disk', 'external.up']);
    free('/', 'app');
    await pass(5 * MINUTE);
    expect(world.told).toEqual(['external.down', 'host.disk', 'external.up', 'host.disk_ok']);
    expect(world.view('app')).toMatchObject({ status: 'healthy' });
    expect(open()).toEqual([]);
  });
  it('are two problems: there is space again while what lacked it waits for the external', async () => {
    const router = await aRouter();
    await made(options(router));
    await pass(MINUTE);
    full('/', 'app');
    await pass(3 * MINUTE);
    await router.away();
    await pass(3 * MINUTE);
    free('/', 'app');
    await pass(6 * MINUTE);
    expect(world.told).toEqual(['host.disk', 'external.down', 'host.disk_ok']);
    await router.back();
    await pass(5 * MINUTE);
    expect(world.told).toEqual(['host.disk', 'external.down', 'host.disk_ok', 'external.up']);
    expect(world.view('app')).toMatchObject({ status: 'healthy' });
    expect(open()).toEqual([]);
  });
  it('are told once each over an outage, a restart, two clock changes and a hold', async () => {
    const router = await aRouter();
    await made(options(router));
    await pass(MINUTE);
    await router.away();
    full('/', 'app', 'other');
    await pass(3 * MINUTE);
    world.clock.jumpWallClock(-3 * HOUR);
    await pass(2 * MINUTE);
    await world.stop();
    world.runtime.goAway();
    await world.start({ healing: false });
    await pass(4 * MINUTE);
    world.runtime.comeBack();
    await pass(3 * MINUTE);
    await world.monitor.hold('other', 'x', 'ann');
    world.clock.jumpWallClock(5 * HOUR);
    await pass(2 * MINUTE);
    free('/', 'app', 'other');
    await router.back();
    await pass(5 * MINUTE);
    await world.monitor.release('other', 'ann');
    await pass(8 * MINUTE);
    expect(['app', 'other'].map((one) => world.view(one).status)).toEqual(['healthy', 'healthy']);
    expect(open()).toEqual([]);
    const told = world.told.filter((one) => !one.startsWith('engine'));
    expect(told.toSorted()).toEqual(['external.down', 'external.up', 'host.disk', 'host.disk_ok']);
  });
});

describe('a disk without space', () => {
  it('touches nothing that runs: what ails is not restarted before there is space', async () => {
    world = new World({ engine: { storageRoot: '/var/lib/containers' } });
    world.host.disk('/', 40 * GIB, '/var/lib/containers');
    world.running({ name: 'db', healthCheck: { startPeriodMs: 0 }, health: 'healthy' }, 'app');
    await world.start();
    full('/', 'app');
    await world.advance(2 * MINUTE, SECOND);
    await world.ailing('db', 20 * MINUTE);
    expect(world.acts).not.toContain('restart db');
    expect(world.view('db')).toMatchObject({
      status: 'waiting',
      attempts: 0,
      decision: { code: 'no-space' },
    });
    expect(world.told).toEqual(['host.disk']);
    free('/', 'app');
    world.runtime.setHealth('db', 'healthy');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.told).toEqual(['host.disk', 'host.disk_ok']);
    expect(open()).toEqual([]);
  });

  it('is tried with others than one that can never be started', async () => {
    world = new World({ engine: { storageRoot: '/var/lib/containers' } });
    world.host.disk('/', 40 * GIB, '/var/lib/containers');
    world.running('vpn', { name: 'app', requires: ['vpn'] }, 'other');
    await world.start();
    full('/', 'app', 'other');
    await world.advance(3 * MINUTE, SECOND);
    world.runtime.remove('vpn');
    await world.advance(30 * MINUTE, SECOND);
    expect(world.view('app').decision.code).toBe('requirement-gone');
    world.runtime.refuseStart('other', null);
    await world.advance(21 * MINUTE, SECOND);
    expect(world.view('other').status).toBe('healthy');
  });
});

describe('an external that is away for long', () => {
  it('hides no failure of what needs it only through one that is well', async () => {
    const router = await aRouter();
    world = new World({
      externals: { router: { tcp: router.at } },
      containers: { web: { dependsOn: ['router'] }, chat: { dependsOn: ['web'] } },
    });
    await world.running('web', 'chat').start();
    await pass(MINUTE);
    await router.away();
    await pass(3 * MINUTE);
    world.runtime.onStart('chat', { diesAfterMs: 500 });
    world.runtime.crash('chat', 1);
    await pass(15 * MINUTE);
    expect(world.view('web').status).toBe('healthy');
    expect(world.told).toContain('container.given_up chat');
  });
});

describe('what is wrong with the machine as a whole', () => {
  it('is over once that is known, also after nobody knew it for a while', async () => {
    await made();
    world.host.pressure = 0.3;
    await world.advance(3 * MINUTE, SECOND);
    world.host.pressure = null;
    await world.advance(3 * MINUTE, SECOND);
    expect(open()).toMatchObject([{ kind: 'memory-pressure' }]);
    world.host.pressure = 0;
    await world.advance(3 * MINUTE, SECOND);
    expect(open()).toEqual([]);
    expect(world.told).toEqual(['host.memory_pressure', 'host.memory_ok']);
  });

  it('is over for a later process, too, which hears of the time some while after its start', async () => {
    await made();
    const isOff = (byMs: number): void => {
      for (const server of ['https://a.example', 'https://b.example'])
        world.get(ServerTimes).note(server, new Date(world.clock.now() + byMs).toUTCString());
    };
    isOff(2 * HOUR);
    await world.advance(3 * MINUTE, SECOND);
    await world.restart();
    await world.advance(3 * MINUTE, SECOND);
    expect(open()).toMatchObject([{ kind: 'clock' }]);
    isOff(0);
    await world.advance(3 * MINUTE, SECOND);
    expect(open()).toEqual([]);
    expect(world.told).toEqual(['host.clock', 'host.clock_ok']);
  });
});
