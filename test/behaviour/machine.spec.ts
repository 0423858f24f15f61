import { afterEach, describe, expect, it } from 'vitest';
import { ServerTimes } from '../../src/common/clock/index.js';
import { readRecording, replay } from '../../src/health-monitor/recording/index.js';
import { DAY, HOUR, MINUTE, SECOND } from '../support/situation.js';
import { worldWithTwoDisks } from '../support/two-disks.js';
import { GIB, MIB, World, type WorldOptions } from '../support/world.js';

const NO_SPACE = 'PANIC:  could not write to file "pg_wal/xlogtemp.29": No space left on device';

let world: World;
afterEach(() => world.stop());

async function made(options?: WorldOptions): Promise<void> {
  world = await worldWithTwoDisks(options);
}

/** The database is kept down, since its disk is full. */
async function keptDown(): Promise<void> {
  await made();
  world.host.disk('/', 12 * MIB);
  world.runtime.write('db', NO_SPACE);
  world.runtime.crash('db', 1);
  await world.advance(MINUTE, SECOND);
}

const open = () => world.monitor.incidents().filter(({ status }) => status === 'open');
const disks = () => world.monitor.status().machine!.fileSystems;

describe('a disk without space', () => {
  it('keeps down what fails for it, as one incident, and spends nothing; then all is back in order', async () => {
    await made();
    world.host.disk('/', 12 * MIB);
    world.runtime.write('db', NO_SPACE);
    world.runtime.refuseStart('app', 'mkdir /var/lib/containers/app: no space left on device');
    world.runtime.onStart('db', { diesAfterMs: 500, exitCode: 1 });
    world.runtime.crash('db', 1);
    world.runtime.crash('app', 1);
    const before = world.acts.length;
    await world.advance(9 * MINUTE, SECOND);

    expect(world.told).toEqual(['host.disk']);
    expect(world.notifications.at(-1)).toMatchObject({ level: 'error', title: 'No space is left on /' });
    expect(world.notifications.at(-1)!.message).toContain('No space left on device');
    expect(open()).toMatchObject([{ kind: 'disk-full', cause: { container: null, machine: '/' } }]);
    expect(
      open()[0]!
        .victims.map(({ container }) => container)
        .toSorted(),
    ).toEqual(['app', 'db']);
    for (const name of ['db', 'app'])
      expect(world.view(name)).toMatchObject({
        status: 'waiting',
        attempts: 0,
        decision: { code: 'no-space' },
      });
    // At most the one start that was refused before anybody knew.
    expect(world.acts.length - before).toBeLessThanOrEqual(1);
    expect(disks()).toMatchObject([{ mount: '/', standing: 'full', ofEngine: true }, { standing: 'ok' }]);

    world.host.disk('/', 30 * GIB);
    world.runtime.refuseStart('app', null);
    world.runtime.onStart('db');
    await world.advance(3 * MINUTE, SECOND);
    expect(['db', 'app'].map((name) => world.view(name).status)).toEqual(['healthy', 'healthy']);
    expect(open()).toEqual([]);
    await world.advance(HOUR, 10 * SECOND);
    expect(world.told).toEqual(['host.disk', 'host.disk_ok']);
    expect(world.notifications.at(-1)!.message).toMatch(/Also back: .*db/);
  });

  it('is tried with one container every 10 minutes, in turn, as long as it lasts', async () => {
    await made();
    world.host.disk('/', 12 * MIB);
    for (const name of ['db', 'app']) {
      world.runtime.refuseStart(name, 'no space left on device');
      world.runtime.write(name, NO_SPACE);
      world.runtime.crash(name, 1);
    }
    const tried: string[] = [];
    const start = world.runtime.start.bind(world.runtime);
    const names = new Map(['db', 'app'].map((name) => [world.runtime.peek(name).id, name]));
    world.runtime.start = (id, ...rest) => {
      tried.push(names.get(id)!);
      return start(id, ...rest);
    };
    await world.advance(62 * MINUTE, 5 * SECOND);
    expect(tried.length).toBeGreaterThanOrEqual(5);
    expect(tried.length).toBeLessThanOrEqual(6);
    expect(tried.every((name, index) => index === 0 || name !== tried[index - 1])).toBe(true);
    expect(world.told).toEqual(['host.disk']);
    expect(world.view('db').attempts).toBe(0);
  });

  it('keeps down no longer what could be started after all', async () => {
    await made();
    world.host.disk('/', 12 * MIB);
    for (const name of ['db', 'app']) {
      world.runtime.write(name, NO_SPACE);
      world.runtime.crash(name, 1);
    }
    await world.advance(12 * MINUTE, SECOND);
    expect(['db', 'app'].map((name) => world.view(name).status)).toEqual(['healthy', 'healthy']);
    await world.advance(3 * MINUTE, SECOND);
    expect(open()).toMatchObject([{ kind: 'disk' }]);
    expect(world.told).toEqual(['host.disk']);
  });

  it('keeps down nothing by itself, and not what fails for another reason', async () => {
    await made();
    world.host.disk('/', 12 * MIB);
    await world.advance(2 * MINUTE, SECOND);
    world.runtime.crash('other', 1);
    await world.advance(10 * SECOND, SECOND);
    expect(world.view('other').status).toBe('healthy');
  });

  it('is no reason where there is space on all that the container needs', async () => {
    await made();
    world.host.disk('/mnt/data', 12 * MIB);
    world.runtime.write('app', NO_SPACE);
    world.runtime.crash('app', 1);
    await world.advance(10 * SECOND, SECOND);
    expect(world.view('app').status).toBe('healthy');
    world.runtime.write('db', NO_SPACE);
    world.runtime.crash('db', 1);
    await world.advance(10 * SECOND, SECOND);
    expect(world.view('db').decision.code).toBe('no-space');
    const full = open().filter(({ kind }) => kind === 'disk-full');
    expect(full).toMatchObject([{ cause: { machine: '/mnt/data' }, victims: [{ container: 'db' }] }]);
  });

  it('holds those that need what it keeps down', async () => {
    await made({ containers: { app: { dependsOn: { db: { condition: 'started' } } } } });
    world.host.disk('/mnt/data', 12 * MIB);
    world.runtime.write('db', NO_SPACE);
    world.runtime.crash('db', 1);
    world.runtime.crash('app', 1);
    await world.advance(5 * MINUTE, SECOND);
    expect(open()).toMatchObject([{ kind: 'disk-full' }]);
    expect(
      open()[0]!
        .victims.map(({ container }) => container)
        .toSorted(),
    ).toEqual(['app', 'db']);
    expect(world.told).toEqual(['host.disk']);
  });

  it('is known over a restart of the monitor, and told no second time', async () => {
    await keptDown();
    const before = world.acts.length;
    await world.restart();
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts.length).toBe(before);
    expect(world.view('db').decision.code).toBe('no-space');
    world.host.disk('/', 30 * GIB);
    await world.advance(3 * MINUTE, SECOND);
    expect(world.view('db').status).toBe('healthy');
    expect(world.told).toEqual(['host.disk', 'host.disk_ok']);
  });

  it('is tried at once when a person asks', async () => {
    await keptDown();
    await world.monitor.retry('db', 'ann');
    await world.advance(5 * SECOND, SECOND);
    expect(world.view('db').state).toBe('running');
  });

  it('ends without a word of what it kept down when that is stopped on purpose', async () => {
    await keptDown();
    await world.monitor.stop('db', 'ann');
    world.host.disk('/', 30 * GIB);
    await world.advance(3 * MINUTE, SECOND);
    expect(open()).toEqual([]);
    expect(world.told).toEqual(['host.disk', 'host.disk_ok']);
  });
});

describe('a recording', () => {
  it('of a full disk says the same again', async () => {
    await made();
    world.host.disk('/', 12 * MIB);
    world.runtime.write('db', NO_SPACE);
    world.runtime.refuseStart('app', 'no space left on device');
    for (const name of ['db', 'app']) world.runtime.crash(name, 1);
    await world.advance(12 * MINUTE, SECOND);
    world.host.disk('/', 30 * GIB);
    world.runtime.refuseStart('app', null);
    await world.advance(3 * MINUTE, SECOND);
    const replayed = [...replay(readRecording(world.monitor.recording()))];
    expect(replayed.filter(({ fact }) => fact.kind === 'machine-read').length).toBeGreaterThan(1);
    expect(replayed.flatMap(({ now }) => now.messages.map(({ type }) => type))).toEqual(world.told);
    expect(replayed.filter(({ differs }) => differs)).toEqual([]);
    expect(world.monitor.recording()).not.toContain('/mnt/data/db');
  });
});

describe('little space', () => {
  it('is told once, when it has lasted, and again when there is clearly more', async () => {
    await made();
    world.host.disk('/', 3 * GIB);
    await world.advance(3 * MINUTE, 5 * SECOND);
    expect(world.told).toEqual([]);
    expect(open()).toMatchObject([{ kind: 'disk' }]);
    for (let turn = 0; turn < 10; turn++) {
      world.host.disk('/', (turn % 2 === 0 ? 5.5 : 4.5) * GIB);
      await world.advance(2 * MINUTE, 5 * SECOND);
    }
    expect(world.told).toEqual(['host.disk']);
    expect(world.monitor.status().incidents).toMatchObject({ open: 1, wrong: 0, soon: 1 });
    world.host.disk('/', 20 * GIB);
    await world.advance(2 * MINUTE, 5 * SECOND);
    expect(world.told).toEqual(['host.disk', 'host.disk_ok']);
  });

  it('that was short for a moment is not told', async () => {
    await made();
    world.host.disk('/', 3 * GIB);
    await world.advance(3 * MINUTE, 5 * SECOND);
    world.host.disk('/', 20 * GIB);
    await world.advance(10 * MINUTE, 5 * SECOND);
    expect(world.told).toEqual([]);
    expect(open()).toEqual([]);
  });

  it('is foretold, once, from how it goes, also over a restart of the monitor', async () => {
    await made({ host: { everyMs: 5 * MINUTE } });
    let free = 60;
    for (let hour = 0; hour < 14; hour++) {
      free -= 1;
      world.host.disk('/mnt/data', free * GIB);
      await world.advance(HOUR, MINUTE);
    }
    expect(world.told).toEqual(['host.disk']);
    expect(world.notifications.at(-1)).toMatchObject({ level: 'warning', title: '/mnt/data fills up' });
    expect(world.notifications.at(-1)!.message).toMatch(/full in about 2 days/);
    await world.restart();
    await world.advance(HOUR, MINUTE);
    expect(world.told).toEqual(['host.disk']);
    expect(open()).toMatchObject([{ kind: 'disk', cause: { machine: '/mnt/data' } }]);
    await world.advance(DAY, 5 * MINUTE);
    expect(world.told).toEqual(['host.disk', 'host.disk_ok']);
  });

  it('is not told where it is switched off, and what was told before ends in silence', async () => {
    await made();
    world.host.disk('/', 3 * GIB);
    await world.advance(7 * MINUTE, 5 * SECOND);
    expect(world.told).toEqual(['host.disk']);
    const { store } = world;
    await world.stop();
    const later = new World({ host: false });
    Object.assign(later, { store });
    world = later.running('db');
    world.clock.advance(2 * DAY);
    await world.start();
    await world.advance(5 * MINUTE, SECOND);
    expect(world.told).toEqual([]);
    expect(open()).toEqual([]);
    expect(world.monitor.status().machine).toBeNull();
  });
});

describe('a read-only file system', () => {
  it('is told at once when a container should write to it, and again when that can be', async () => {
    await made();
    world.host.readOnly.add('/mnt/data');
    await world.advance(2 * MINUTE, 5 * SECOND);
    expect(world.told).toEqual(['host.disk']);
    expect(world.notifications.at(-1)).toMatchObject({ level: 'error', title: '/mnt/data is read-only' });
    expect(open()).toMatchObject([{ kind: 'disk-read-only' }]);
    expect(disks()).toMatchObject([
      { mount: '/' },
      { mount: '/mnt/data', readOnly: true, standing: 'read-only' },
    ]);
    world.host.readOnly.clear();
    await world.advance(2 * MINUTE, 5 * SECOND);
    expect(world.told).toEqual(['host.disk', 'host.disk_ok']);
  });

  it('is none where volumes are only read, or the container is off', async () => {
    await made();
    world.running({ name: 'reader', volumes: [{ path: '/mnt/films', isWritable: false }] });
    world.running({ name: 'off', volumes: [{ path: '/mnt/films', isWritable: true }] });
    world.host.disk('/mnt/films', 40 * GIB, '/mnt/films');
    world.host.readOnly.add('/mnt/films');
    await world.check();
    await world.monitor.stop('off', 'ann');
    await world.advance(3 * MINUTE, 5 * SECOND);
    expect(world.told).toEqual([]);
  });
});

describe('the machine as a whole', () => {
  it('that waits for memory is told once, and when it no longer does', async () => {
    await made();
    world.host.pressure = 0.3;
    await world.advance(3 * MINUTE, 5 * SECOND);
    expect(world.told).toEqual(['host.memory_pressure']);
    world.host.pressure = 0.07;
    await world.advance(3 * MINUTE, 5 * SECOND);
    expect(world.told).toEqual(['host.memory_pressure']);
    world.host.pressure = 0.01;
    await world.advance(3 * MINUTE, 5 * SECOND);
    expect(world.told).toEqual(['host.memory_pressure', 'host.memory_ok']);
  });

  it('whose clock is far off is told once two servers say so, and that it is right once it was set', async () => {
    await made();
    const times = world.get(ServerTimes);
    const theirs = () => new Date(world.clock.now() + 2 * HOUR).toUTCString();
    times.note('https://a.example', theirs());
    await world.advance(3 * MINUTE, 5 * SECOND);
    expect(world.told).toEqual([]);
    times.note('https://b.example', theirs());
    await world.advance(3 * MINUTE, 5 * SECOND);
    expect(world.told).toEqual(['host.clock']);
    expect(world.notifications.at(-1)!.message).toContain('2 hours behind');
    world.clock.jumpWallClock(2 * HOUR);
    await world.advance(3 * MINUTE, 5 * SECOND);
    expect(world.told).toEqual(['host.clock', 'host.clock_ok']);
  });

  it('that stays as it is makes no facts', async () => {
    await made();
    await world.advance(2 * MINUTE, 5 * SECOND);
    for (let turn = 0; turn < 20; turn++) {
      world.host.disk('/', (40 - turn / 10) * GIB);
      await world.advance(MINUTE, 5 * SECOND);
    }
    const facts = world.monitor
      .recording()
      .split('\n')
      .filter((line) => line.includes('"machine-read"'));
    expect(facts).toHaveLength(1);
  });
});
