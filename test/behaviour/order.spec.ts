import { afterEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));
afterEach(() => world.stop());

/** Each act with the seconds from the first one to it. */
const timeline = () => {
  const first = world.runtime.acts[0]?.at ?? 0;
  return world.runtime.acts.map(({ name, at }) => `${Math.round((at - first) / SECOND)} ${name}`);
};
const TIERS: WorldOptions = {
  containers: {
    db: { tier: 'database' },
    core: { tier: 'core' },
    dep: { tier: 'dependent' },
    app: { tier: 'application' },
    ui: { tier: 'frontend' },
  },
};

describe('a batch', () => {
  it('starts tier by tier, five seconds apart, each tier all at once', async () => {
    await make({ ...TIERS, restart: { maxConcurrent: 9 }, check: { startupDelayMs: 0 } })
      .running('ui', 'app', 'other', 'dep', 'core', 'db')
      .start();
    await world.reboot();
    await world.advance(30 * SECOND);
    expect(timeline()).toEqual(['0 db', '5 core', '10 dep', '15 app', '15 other', '20 ui']);
  });

  it('is what dies within two seconds', async () => {
    await make(TIERS).running('app', 'db').start();
    world.runtime.crash('db');
    world.runtime.crash('app');
    await world.advance(20 * SECOND);
    expect(timeline()).toEqual(['0 db', '5 app']);
  });

  it('is judged when the last of it can be', async () => {
    await make({ ...TIERS, engine: { tellsWhoStopped: 'events' } })
      .running('app', 'db')
      .start();
    const segmentationFault = 139;
    world.runtime.crash('app', 1);
    await world.advance(400);
    world.runtime.crash('db', segmentationFault);
    await world.advance(4_900, 100);
    expect(world.view('db').decision).toMatchObject({
      code: 'judging-exit',
      reason: 'app went down with it. Waiting a moment to see whether a person stopped that.',
    });
    expect(world.acts).toEqual([]);
    await world.advance(10 * SECOND);
    expect(world.acts).toEqual(['start db', 'start app']);
  });

  it('does not wait for those that go down later and later', async () => {
    const others = Array.from({ length: 60 }, (_, index) => `other-${index}`);
    await make({ engine: { tellsWhoStopped: 'events' } })
      .running('app', ...others)
      .start();
    world.runtime.crash('app', 1);
    for (const name of others.slice(0, 30)) {
      await world.advance(SECOND);
      world.runtime.crash(name, 1);
    }
    expect(world.acts[0]).toBe('start app');
  });

  it('does not make a lone crash wait', async () => {
    await make(TIERS).running('db', 'ui').start();
    world.runtime.crash('db');
    await world.advance(3 * SECOND);
    const begin = world.clock.now();
    world.runtime.crash('ui');
    await world.advance(SECOND);
    expect(world.runtime.acts.at(-1)).toMatchObject({ name: 'ui', at: begin + 250 });
  });

  it('makes the higher tiers wait for a start that takes its time', async () => {
    await make({ ...TIERS, check: { startupDelayMs: 0 } })
      .running('app', 'db')
      .start();
    world.runtime.onStart('db', { takesMs: 20 * SECOND });
    await world.reboot();
    await world.advance(15 * SECOND);
    expect(world.view('app').decision).toMatchObject({
      code: 'tier-pause',
      reason: 'db goes first; this one follows.',
    });
    await world.advance(15 * SECOND);
    expect(world.acts).toEqual(['start db', 'start app']);
  });

  it('starts at most two at a time', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    await make()
      .running(...names)
      .start();
    for (const name of names) world.runtime.onStart(name, { takesMs: 10 * SECOND });
    for (const name of names) world.runtime.crash(name);
    await world.advance(5 * SECOND);
    expect(world.runtime.acts).toHaveLength(2);
    expect(names.filter((name) => world.view(name).status === 'restarting')).toHaveLength(2);
    expect(names.filter((name) => world.view(name).decision.code === 'in-line')).toHaveLength(3);
    await world.advance(30 * SECOND);
    expect(names.map((name) => world.view(name).status)).toEqual(names.map(() => 'healthy'));
    expect(world.told).toEqual([]);
  });
});

describe('dependents', () => {
  it('that cannot be started although their dependency is back are a problem of their own, and told', async () => {
    await make({ containers: { web: { dependsOn: ['db'] } } })
      .running('db', 'web')
      .start();
    world.runtime.refuseStart('web', 'no such volume');
    world.runtime.crash('db');
    world.runtime.crash('web');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.told).toContain('container.given_up web');
    expect(world.monitor.incidents().filter(({ status }) => status === 'open')).toMatchObject([
      { cause: { container: 'web' } },
    ]);
  });

  const chain: WorldOptions = { containers: { mid: { dependsOn: ['db'] }, top: { dependsOn: ['mid'] } } };

  it('wait, spend no attempt, send nothing, and come back in order', async () => {
    await make(chain).running('top', 'mid', 'db').start();
    world.runtime.onStart('db', { diesAfterMs: SECOND }, { diesAfterMs: SECOND }, {});
    for (const name of ['db', 'mid', 'top']) world.runtime.crash(name);
    await world.advance(5 * SECOND);
    expect(world.view('top')).toMatchObject({ status: 'waiting', blockedBy: ['mid'], attempts: 0 });
    expect(world.view('mid')).toMatchObject({ status: 'waiting', blockedBy: ['db'], attempts: 0 });
    await world.advance(60 * SECOND);
    expect(world.acts).toEqual(['start db', 'start db', 'start db', 'start mid', 'start top']);
    const [, , third, mid, top] = world.runtime.acts;
    expect((mid!.at - third!.at) / SECOND).toBeCloseTo(5, 0);
    expect((top!.at - mid!.at) / SECOND).toBeCloseTo(5, 0);
    await world.advance(2 * MINUTE, SECOND);
    expect(world.told).toEqual([]);
    expect(world.monitor.incidents()).toMatchObject([
      {
        status: 'resolved',
        cause: { container: 'db' },
        victims: [{ container: 'mid' }, { container: 'top' }],
      },
    ]);
  });

  it('wait for health where the dependency has a check', async () => {
    await make(chain).running({ name: 'db', health: 'healthy' }, 'mid').start();
    world.runtime.onStart('db', { healthAfterMs: 40 * SECOND });
    world.runtime.crash('db');
    world.runtime.crash('mid');
    await world.advance(30 * SECOND);
    expect(world.view('mid').decision.reason).toBe('Waits: db is not healthy yet.');
    expect(world.acts).toEqual(['start db']);
    await world.advance(11 * SECOND);
    expect(world.acts).toEqual(['start db', 'start mid']);
  });

  it('are not started on a dependency whose start is still under way', async () => {
    await make(chain).running('db', 'mid').start();
    world.runtime.crash('db');
    world.runtime.crash('mid');
    const release = world.runtime.hang('start', 'db');
    await world.advance(2 * SECOND);
    await world.runtime.userStart('db');
    await world.check();
    await world.advance(4 * SECOND);
    expect(world.acts).toEqual([]);
    release();
    await world.advance(20 * SECOND);
    expect(world.acts).toEqual(['start db', 'start mid']);
    const [, mid] = world.runtime.acts;
    expect(mid!.at - world.runtime.peek('db').startedAt!).toBeGreaterThanOrEqual(5 * SECOND);
  });

  it('wait in silence while their dependency is off by choice, or on hold', async () => {
    for (const off of ['stop', 'hold'] as const) {
      await make(chain).running('db', 'mid').start();
      if (off === 'stop') await world.monitor.stop('db', 'ann');
      else await world.monitor.hold('db', 'backup', 'ann').then(() => world.runtime.userStop('db'));
      world.runtime.crash('mid');
      await world.advance(3 * HOUR, 5 * SECOND);
      expect(world.view('mid')).toMatchObject({
        status: 'waiting',
        decision: { reason: off === 'stop' ? 'Waits: db is off by choice.' : 'Waits: db is on hold.' },
      });
      expect(world.told).toEqual([]);
      expect(world.monitor.incidents()).toEqual([]);
      if (off === 'stop') await world.monitor.start('db', 'ann');
      else await world.monitor.release('db', 'ann');
      await world.advance(15 * SECOND);
      expect(world.view('mid').status).toBe('healthy');
      await world.stop();
    }
  });

  it('does not wait for a job that the engine requires and that is done: the engine runs it again', async () => {
    await make()
      .running('migration', { name: 'app', requires: ['migration'] })
      .start();
    world.runtime.crash('migration', 0);
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    world.runtime.crash('app');
    await world.advance(SECOND);
    expect(world.acts).toEqual(['start app']);
    expect(world.view('app').state).toBe('running');
  });

  it('are not started when Podman would start a requirement along that is off by choice', async () => {
    await make()
      .running('vpn', { name: 'app', requires: ['vpn'] })
      .start();
    await world.monitor.stop('vpn', 'ann');
    world.runtime.crash('app');
    await world.advance(HOUR, SECOND);
    expect(world.runtime.peek('vpn').state).toBe('exited');
    expect(world.acts).toEqual(['stop vpn']);
    expect(world.view('app')).toMatchObject({ status: 'waiting', blockedBy: ['vpn'] });
  });

  it('with restart: true are restarted after it came back, once', async () => {
    await make({ containers: { app: { dependsOn: { vpn: { restart: true } } } } })
      .running('vpn', 'app')
      .start();
    world.runtime.crash('vpn');
    await world.advance(MINUTE);
    expect(world.acts).toEqual(['start vpn', 'restart app']);
    expect(world.view('app')).toMatchObject({ attempts: 0, status: 'healthy' });
    await world.advance(HOUR, SECOND);
    expect(world.acts).toHaveLength(2);
    expect(world.told).toEqual([]);
  });

  it('with restart: true are restarted once, also when that is refused', async () => {
    await make({ containers: { app: { dependsOn: { vpn: { restart: true } } } } })
      .running('vpn', { name: 'other' }, { name: 'app', requires: ['other'] })
      .start();
    world.runtime.vanish('other');
    world.runtime.crash('vpn');
    world.runtime.refuseStart('app', 'busy');
    await world.advance(MINUTE);
    expect(world.acts.filter((act) => act === 'restart app').length).toBeLessThanOrEqual(1);
  });

  it('of one that was removed wait ten minutes, without an incident', async () => {
    await make({ containers: { mid: { dependsOn: ['db'] } } })
      .running('db', 'mid')
      .start();
    world.runtime.remove('db');
    world.runtime.crash('mid');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.view('mid')).toMatchObject({
      status: 'waiting',
      decision: { reason: 'Waits: db is gone for the moment.' },
    });
    expect(world.monitor.incidents()).toEqual([]);
    world.runtime.add({ name: 'db' });
    await world.advance(10 * SECOND);
    expect(world.acts).toEqual(['start mid']);
    world.runtime.remove('db');
    await world.advance(SECOND);
    world.runtime.crash('mid');
    await world.advance(11 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start mid', 'start mid']);
    expect(world.told).toEqual([]);
  });

  it('owned by the engine wait for what they need, and are started after it', async () => {
    await make({ containers: { app: { dependsOn: ['db'] } } })
      .running('db', 'other', { name: 'app', restartPolicy: 'always' })
      .start();
    await world.runtime.userStop('db');
    world.runtime.muteEvents();
    world.runtime.crash('app');
    world.runtime.refuseStart('app', 'no db');
    world.runtime.muteEvents(false);
    await world.advance(2 * MINUTE, SECOND);
    expect(world.view('app')).toMatchObject({ status: 'waiting', blockedBy: ['db'] });
    world.runtime.refuseStart('app', null);
    await world.runtime.userStart('db');
    await world.advance(10 * SECOND);
    expect(world.acts).toEqual(['start app']);
    expect(world.view('app').status).toBe('healthy');
  });
});

describe('one database and twenty dependents', () => {
  it('are one incident, with one message when it ends badly and one when it is over', async () => {
    const apps = Array.from({ length: 20 }, (_, index) => `app-${index}`);
    await make({
      restart: { maxConcurrent: 20 },
      containers: Object.fromEntries(apps.map((app) => [app, { dependsOn: ['db'] }])),
    })
      .running('db', ...apps)
      .start();
    const dies = { diesAfterMs: SECOND };
    world.runtime.onStart('db', dies, dies, dies, {});
    // Some go down a few seconds before their cause is seen.
    for (const [index, app] of apps.slice(0, 10).entries())
      world.runtime.refuseStart(app, `no ${'abcdefghij'[index]} yet`);
    for (const app of apps.slice(0, 10)) world.runtime.crash(app);
    world.runtime.muteEvents();
    await world.advance(3 * SECOND);
    world.runtime.muteEvents(false);
    world.runtime.crash('db');
    for (const app of apps.slice(0, 10)) world.runtime.refuseStart(app, null);
    for (const app of apps.slice(10)) world.runtime.crash(app);
    await world.advance(2 * MINUTE, SECOND);
    expect(world.told.filter((told) => !told.startsWith('container.restart_failed'))).toEqual([
      'container.given_up db',
    ]);
    await world.advance(HOUR, SECOND);
    await world.advance(3 * MINUTE, SECOND);
    expect(world.told.filter((told) => told.endsWith(' db'))).toEqual([
      'container.given_up db',
      'container.recovered db',
    ]);
    const [incident] = world.monitor.incidents().filter(({ cause }) => cause.container === 'db');
    expect(incident!.victims.length).toBeGreaterThanOrEqual(10);
    expect(incident).toMatchObject({ status: 'resolved' });
    expect(apps.every((app) => world.view(app).status === 'healthy')).toBe(true);
  });
});
