import { ServiceUnavailableException } from '@nestjs/common';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  HEALTH_MONITOR_OPTIONS,
  resolveOptions,
  type HealthMonitorOptions,
} from '../../src/common/options/index.js';
import { readRecording, replay } from '../../src/health-monitor/recording/index.js';
import { MemoryStore } from '../../src/common/store/index.js';
import { FakeDatabase, LEASE_MS, type FakeSharedStore } from '../support/fake-shared-store.js';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World } from '../support/world.js';

let world: World;
let database: FakeDatabase;
let store: FakeSharedStore;
afterEach(() => world.stop());

/** A replica on an engine, with the database of the monitor in the container `pg`, which needs `disk`. */
function make(options: HealthMonitorOptions = {}): World {
  const usual: HealthMonitorOptions = {
    preset: 'none',
    access: 'open',
    containers: { pg: { dependsOn: ['disk'] } },
    ...options,
  };
  const resolved = { ...resolveOptions(usual), storage: { kind: 'postgres', container: 'pg' } };
  world = new World({ ...usual, overrides: [{ provide: HEALTH_MONITOR_OPTIONS, useValue: resolved }] });
  database = new FakeDatabase(world.clock);
  world.store = store = database.handle();
  return world;
}

const decision = (name: string) => world.view(name).decision;
const recordOf = async (name: string) =>
  (await world.store.entries('container')).find(([key]) => key === name)![1];
const attemptsOf = async (name: string) => (await recordOf(name)).healing;

describe('a person who stops what the store needs', () => {
  it.each(['pg', 'disk'])('is obeyed once the other replicas have read that: %s', async (name) => {
    await make().running('pg', 'disk', 'app').start();
    let haveRead = (): void => undefined;
    store.shared.untilFollowed = () => new Promise((resolve) => (haveRead = resolve));
    const stopped = world.monitor.stop(name, 'me');
    await world.advance(SECOND);
    expect(world.acts).toEqual([]);
    haveRead();
    await stopped;
    expect(world.acts).toEqual([`stop ${name}`]);
    await world.monitor.stop('app', 'me');
    expect(world.acts).toEqual([`stop ${name}`, 'stop app']);
  });
});

describe('a lease that is about to end', () => {
  it('lets no act through, which spends no attempt, until it is renewed', async () => {
    await make().running('app').start();
    store.shared.leaseMs = 2_999;
    world.runtime.crash('app', 1);
    await world.advance(30 * SECOND);
    expect(world.acts).toEqual([]);
    expect(await attemptsOf('app')).toMatchObject({ attempts: [], asked: null });
    store.shared.leaseMs = 3_000;
    await world.advance(10 * SECOND);
    expect(world.acts).toEqual(['start app']);
    expect((await attemptsOf('app')).attempts).toHaveLength(1);
  });

  it.each(['start', 'stop', 'restart'] as const)(
    'has a person who asks for a %s told what to do',
    async (kind) => {
      await make().running('app').start();
      store.shared.leaseMs = 1_000;
      const asked = world.monitor[kind]('app', 'ann');
      await expect(asked).rejects.toThrow(ServiceUnavailableException);
      await expect(asked).rejects.toThrow('Try again in some seconds.');
      expect(world.acts).toEqual([]);
      expect(world.view('app').wish).toBe('running');
    },
  );
});

/** Kills the leader; the engine goes on with what it was asked for. */
async function kill(): Promise<void> {
  store.kill();
  await world.stop();
  world.clock.advance(LEASE_MS);
}

/** Another process leads. */
async function succeed(): Promise<void> {
  world.store = store = database.handle();
  await world.start({ healing: false });
}

async function takeOver(): Promise<void> {
  await kill();
  await succeed();
}

describe('an act without an outcome', () => {
  const quick = { check: { startupDelayMs: 0 } };

  it('is written down with the leader’s term and its deadline, and taken back with its outcome', async () => {
    await make(quick).running('app').start();
    const release = world.runtime.hang('start', 'app');
    world.runtime.crash('app', 1);
    await world.advance(2 * SECOND);
    const { asked } = await attemptsOf('app');
    expect(asked).toMatchObject({ kind: 'start', by: 'monitor', attempt: 1, term: 1 });
    expect(asked!.until - asked!.at).toBe(2 * MINUTE);
    release();
    await world.advance(2 * SECOND);
    expect((await attemptsOf('app')).asked).toBeNull();
  });

  it('is not repeated by a successor, which heals everything else', async () => {
    await make(quick).running('app', 'other').start();
    const release = world.runtime.hang('start', 'app');
    world.runtime.crash('app', 1);
    await world.advance(2 * SECOND);
    await takeOver();
    world.runtime.crash('other', 1);
    await world.advance(30 * SECOND);
    expect(world.acts).toEqual(['start other']);
    expect(decision('app')).toMatchObject({
      code: 'acting',
      reason: expect.stringContaining('Another process'),
    });
    release();
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual(['start other', 'start app']);
    expect(world.view('app')).toMatchObject({ state: 'running', wish: 'running' });
    expect(await attemptsOf('app')).toMatchObject({ asked: null, attempts: [{ outcome: 'done' }] });
  });

  it('is not repeated either when the leader was stopped in good order before the engine answered', async () => {
    await make(quick).running('app').start();
    const release = world.runtime.hang('start', 'app');
    world.runtime.crash('app', 1);
    await world.advance(2 * SECOND);
    await world.stop();
    expect((await attemptsOf('app')).asked).toMatchObject({ kind: 'start', term: 1 });
    await succeed();
    await world.advance(MINUTE, SECOND);
    release();
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual(['start app']);
  });

  it('is waited for no longer than its deadline', async () => {
    await make(quick).running('app').start();
    world.runtime.hang('start', 'app');
    world.runtime.crash('app', 1);
    await world.advance(2 * SECOND);
    await takeOver();
    const later: string[] = [];
    const start = world.runtime.start.bind(world.runtime);
    world.runtime.start = (...order) => {
      later.push('start');
      return start(...order);
    };
    await world.advance(110 * SECOND, SECOND);
    expect(later).toEqual([]);
    await world.advance(30 * SECOND, SECOND);
    expect(later).toEqual(['start']);
    expect((await attemptsOf('app')).attempts).toMatchObject([
      { outcome: 'timed-out' },
      { outcome: 'pending' },
    ]);
  });

  it('has ended when the container died in a run that it began', async () => {
    await make(quick).running('app').start();
    const release = world.runtime.hang('start', 'app');
    world.runtime.crash('app', 1);
    await world.advance(2 * SECOND);
    await kill();
    release();
    await world.settle();
    world.clock.advance(SECOND);
    world.runtime.crash('app', 1);
    await succeed();
    await world.advance(30 * SECOND);
    expect(world.acts).toEqual(['start app', 'start app']);
  });

  it('of a person who stops it is no crash, once the engine shows it down', async () => {
    await make(quick).running('app').start();
    const release = world.runtime.hang('stop', 'app');
    const stopped = world.monitor.stop('app', 'ann').catch(() => undefined);
    await world.advance(2 * SECOND);
    expect((await attemptsOf('app')).asked).toMatchObject({ kind: 'stop', by: 'person', term: 1 });
    await takeOver();
    await stopped;
    expect(decision('app').code).toBe('acting');
    release();
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual(['stop app']);
    expect(decision('app')).toMatchObject({
      code: 'stopped-by-person',
      reason: expect.stringContaining('ann'),
    });
    expect(world.told).toEqual([]);
  });

  it('is not repeated either by the next process where one alone has the store', async () => {
    const alone = (make(quick).store = new MemoryStore());
    await world.running('app').start();
    const release = world.runtime.hang('start', 'app');
    world.runtime.crash('app', 1);
    await world.advance(2 * SECOND);
    expect((await attemptsOf('app')).asked).not.toHaveProperty('term');
    const killed = vi.spyOn(alone, 'commit').mockResolvedValue([]);
    await world.stop();
    killed.mockRestore();
    await world.start({ healing: false });
    await world.advance(30 * SECOND);
    release();
    await world.advance(30 * SECOND);
    expect(world.acts).toEqual(['start app']);
  });

  it('keeps nobody from asking for it', async () => {
    await make(quick).running('app').start();
    const release = world.runtime.hang('start', 'app');
    world.runtime.crash('app', 1);
    await world.advance(2 * SECOND);
    await takeOver();
    release();
    await world.monitor.stop('app', 'ann');
    await world.advance(MINUTE, SECOND);
    expect(world.view('app')).toMatchObject({ wish: 'stopped', status: 'stopped' });
    expect((await attemptsOf('app')).asked).toBeNull();
  });
});

describe('a replica that cannot reach the database', () => {
  const fleet = async (options?: HealthMonitorOptions) => {
    await make(options).running('disk', 'pg', 'app').start();
    return world;
  };

  it('starts the container in which it runs, what that needs first, and nothing else', async () => {
    await fleet();
    store.cutOff();
    for (const name of ['disk', 'pg', 'app']) world.runtime.crash(name, 1);
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual(['start disk', 'start pg']);
    expect(decision('app')).toMatchObject({ code: 'store-away' });
    expect(decision('app').reason).toContain('once the database is back');
  });

  it('tells people once what it leaves down, and why', async () => {
    await fleet();
    store.cutOff();
    world.runtime.crash('app', 1);
    await world.advance(5 * MINUTE, SECOND);
    const about = world.notifications.filter(({ appId }) => appId === 'app');
    expect(about.map(({ message }) => message)).toEqual([
      "It exited with 1. Down for 1 minute. Not restarted: the monitor's database cannot be reached.",
    ]);
  });

  it('heals everything as usual once it leads again', async () => {
    await fleet();
    store.cutOff();
    for (const name of ['pg', 'app']) world.runtime.crash(name, 1);
    await world.advance(MINUTE, SECOND);
    store.reconnect();
    await world.advance(5 * SECOND);
    expect(world.acts).toEqual(['start pg', 'start app']);
  });

  it('leaves it off when a person stopped it at the engine', async () => {
    await fleet();
    store.cutOff();
    await world.runtime.userStop('pg');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    expect(decision('pg').code).toBe('stopped-by-person');
  });

  it('leaves it off when a person stopped it through the monitor, or holds it', async () => {
    await fleet();
    await world.monitor.stop('pg', 'ann');
    await world.monitor.hold('disk', 'backup', 'ann');
    store.cutOff();
    world.runtime.crash('disk', 1);
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual(['stop pg']);
  });

  it('restarts nothing, also not the database', async () => {
    make();
    await world
      .running('disk', { name: 'pg', health: 'healthy', healthCheck: { intervalMs: 30_000 } })
      .start();
    store.cutOff();
    await world.ailing('pg', 20 * MINUTE);
    expect(world.acts).toEqual([]);
    expect(decision('pg').code).toBe('store-away');
  });

  it('starts it no more often than any other', async () => {
    await fleet();
    store.cutOff();
    world.runtime.onStart('pg', { diesAfterMs: 100 });
    world.runtime.crash('pg', 1);
    await world.advance(10 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start pg', 'start pg', 'start pg']);
    expect(decision('pg').code).toBe('given-up');
  });

  it('starts it also when it knows nothing yet, though it has been off for long', async () => {
    make({ check: { startupDelayMs: 0 } }).running('disk');
    world.runtime.add({ name: 'pg' });
    world.runtime.add({ name: 'app' });
    for (const name of ['pg', 'app']) world.runtime.crash(name, 0);
    world.clock.advance(HOUR);
    store.cutOff();
    await world.start();
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual(['start pg']);
    expect(decision('app').code).toBe('stopped-at-first-sight');
  });

  it('leaves it off when it knows nothing yet, but sees that a person stopped it', async () => {
    make({ check: { startupDelayMs: 0 } }).running('disk', 'pg');
    await world.runtime.userStop('pg');
    world.clock.advance(HOUR);
    store.cutOff();
    await world.start();
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual([]);
  });

  it('does for people nothing but start it', async () => {
    await fleet();
    await world.monitor.stop('pg', 'ann');
    store.cutOff();
    for (const asked of [
      world.monitor.restart('pg', 'ann'),
      world.monitor.stop('disk', 'ann'),
      world.monitor.start('app', 'ann'),
      world.monitor.hold('app', 'backup', 'ann'),
      world.monitor.retry('app', 'ann'),
    ]) {
      await expect(asked).rejects.toThrow(ServiceUnavailableException);
      await expect(asked).rejects.toThrow('Bring the database back and try again.');
    }
    const { onlyReads } = world.monitor.status();
    expect(onlyReads?.startable.toSorted()).toEqual(['disk', 'pg']);
    await world.monitor.start('pg', 'ann');
    expect(world.acts).toEqual(['stop pg', 'start pg']);
  });

  it('only watches where it is to observe', async () => {
    await fleet({ mode: 'observe' });
    store.cutOff();
    world.runtime.crash('pg', 1);
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    expect(decision('pg').code).toBe('store-away');
  });

  it('begins with the documents that it has when it only followed before', async () => {
    await fleet();
    await world.monitor.hold('pg', 'backup', 'ann');
    const other = database.handle();
    other.shared.sayReach(1);
    await other.open();
    database.lead(other);
    await other.tick();
    const kept = await recordOf('pg');
    const released = { ...kept, intent: { ...kept.intent, hold: null } };
    await other.commit({ put: [{ collection: 'container', key: 'pg', value: released }] });
    await world.advance(SECOND);
    store.cutOff();
    world.runtime.crash('pg', 1);
    // It saw nobody lead, so it begins as a process does that has just started.
    await world.advance(3 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start pg']);
  });
});

describe('a recording of a replica', () => {
  const differing = () =>
    [...replay(readRecording(world.monitor.recording()))].filter(({ differs }) => differs);

  it('is replayed to the same acts while the database is away and when it is back', async () => {
    await make().running('disk', 'pg', 'app').start();
    store.cutOff();
    for (const name of ['disk', 'pg', 'app']) world.runtime.crash(name, 1);
    await world.advance(MINUTE, SECOND);
    store.reconnect();
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual(['start disk', 'start pg', 'start app']);
    expect(differing()).toEqual([]);
    expect(world.monitor.recording()).toContain(
      '"storage":{"kind":"postgres","container":"pg","url":null,"pool":null}',
    );
  });

  it('is replayed to the same waiting for what another process asked for', async () => {
    await make({ check: { startupDelayMs: 0 } })
      .running('app')
      .start();
    const release = world.runtime.hang('start', 'app');
    world.runtime.crash('app', 1);
    await world.advance(2 * SECOND);
    await takeOver();
    await world.advance(5 * SECOND);
    release();
    await world.advance(MINUTE, SECOND);
    expect(differing()).toEqual([]);
    expect(world.monitor.recording()).toContain('"inherited":true');
  });
});

describe('how many engines a replica reaches', () => {
  /** Another one is to lead. */
  const follow = () => database.lead(database.handle());

  it('is told every few seconds: as checks find it by one that leads', async () => {
    await make().running('app').start();
    expect(store.shared.said.at(-1)).toBe(1);
    const told = store.shared.said.length;
    world.runtime.goAway();
    await world.advance(2 * MINUTE, SECOND);
    expect(store.shared.said.at(-1)).toBe(0);
    expect(store.shared.said.length - told).toBeGreaterThanOrEqual(30);
  });

  it('is asked of the engine by one that follows', async () => {
    await make().running('app').start();
    follow();
    world.runtime.goAway();
    await world.advance(4 * SECOND);
    expect(store.shared.said.at(-1)).toBe(0);
    world.runtime.comeBack();
    await world.advance(4 * SECOND);
    expect(store.shared.said.at(-1)).toBe(1);
  });

  it('is not asked again before the engine has answered', async () => {
    await make().running('app').start();
    follow();
    await world.advance(4 * SECOND);
    let asked = 0;
    const info = world.runtime.info.bind(world.runtime);
    world.runtime.info = (options) => {
      asked++;
      return info(options);
    };
    const told = store.shared.said.length;
    const release = world.runtime.hang('info');
    await world.advance(9 * SECOND);
    expect([asked, store.shared.said.length - told]).toEqual([1, 0]);
    release();
    await world.advance(4 * SECOND);
    expect(store.shared.said.length - told).toBeGreaterThanOrEqual(1);
  });
});
