import { afterEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));
afterEach(() => world.stop());

const incidents = () => world.monitor.incidents();
const ENGINES = ['flag', 'events', 'never'] as const;
const fleet: WorldOptions = {
  containers: {
    db: { tier: 'database' },
    mid: { tier: 'dependent', dependsOn: ['db'] },
    web: { dependsOn: ['mid'] },
  },
};

describe('a reboot of the host', () => {
  it.each(ENGINES)(
    'is one start-up in order, without an incident or a message (%s)',
    async (tellsWhoStopped) => {
      await make({ ...fleet, engine: { tellsWhoStopped } })
        .running('web', 'mid', 'db')
        .start();
      await world.reboot();
      await world.advance(MINUTE);
      expect(world.acts).toEqual(['start db', 'start mid', 'start web']);
      await world.advance(5 * MINUTE, SECOND);
      expect(world.told).toEqual([]);
      expect(incidents()).toEqual([]);
      expect(world.monitor.status().containers).toMatchObject({ healthy: 3 });
    },
  );

  it.each(ENGINES)(
    'in which the shutdown service stopped everything is the same (%s)',
    async (tellsWhoStopped) => {
      await make({ ...fleet, engine: { tellsWhoStopped } })
        .running('web', 'mid', 'db')
        .start();
      await world.reboot({ withShutdown: true });
      await world.advance(MINUTE);
      expect(world.acts).toEqual(['start db', 'start mid', 'start web']);
      expect(world.told).toEqual([]);
      expect(incidents()).toEqual([]);
    },
  );

  it.each([false, true])(
    'counts also for one that cannot be inspected for a while, as the list has it (monitor restarted meanwhile: %s)',
    async (restarted) => {
      await make().running('slow', 'app').start();
      world.host.shuttingDown = true;
      await world.runtime.userStop('slow');
      await world.advance(2 * SECOND);
      const release = world.runtime.hang('inspect', 'slow');
      await world.reboot();
      await world.advance(5 * MINUTE, SECOND);
      if (restarted) await world.restart();
      expect(world.acts.toSorted()).toEqual(['start app', 'start slow']);
      release();
      await world.advance(2 * MINUTE, SECOND);
      expect(world.acts).toHaveLength(2);
      expect(world.notifications.map(({ type }) => type)).toEqual([
        'container.unreadable',
        'container.readable',
      ]);
    },
  );

  it.each(ENGINES)('leaves off what a person had stopped before (%s)', async (tellsWhoStopped) => {
    await make({ engine: { tellsWhoStopped } }).running('app', 'off').start();
    await world.runtime.userStop('off');
    await world.advance(10 * MINUTE, SECOND);
    await world.reboot();
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start app']);
    expect(world.view('off').status).toBe('stopped');
  });

  it('brings fresh attempts, and an incident only where a start fails', async () => {
    await make().running('good', 'bad').start();
    world.runtime.onStart('bad', { diesAfterMs: SECOND });
    world.runtime.crash('bad');
    await world.advance(45 * SECOND);
    expect(world.view('bad').attempts).toBe(3);
    await world.reboot();
    await world.advance(MINUTE);
    expect(world.view('bad')).toMatchObject({ status: 'given-up', attempts: 3 });
    expect(incidents().map(({ cause }) => cause.container)).not.toContain('good');
  });

  it.each(['always', 'on-failure'] as const)(
    'starts what the engine with its policy of %s left down',
    async (restartPolicy) => {
      await make({ engine: { tellsWhoStopped: 'events' } })
        .running({ name: 'app', restartPolicy })
        .start();
      await world.reboot();
      await world.advance(MINUTE);
      expect(world.acts).toEqual(['start app']);
      expect(world.told).toEqual([]);
    },
  );

  it.each(ENGINES)('may come a night after its orderly shutdown (%s)', async (tellsWhoStopped) => {
    await make({ engine: { tellsWhoStopped } })
      .running({ name: 'app', onStop: { exitCode: 143 } }, 'off')
      .start();
    await world.runtime.userStop('off');
    await world.advance(10 * MINUTE, SECOND);
    world.host.shuttingDown = true;
    await world.runtime.userStop('app');
    await world.advance(2 * SECOND);
    await world.stop();
    world.clock.advance(9 * HOUR);
    await world.reboot();
    expect(world.acts).toEqual(['start app']);
    expect(world.view('off').status).toBe('stopped');
  });

  it('long ago says nothing of what had been stopped long before it, at first sight', async () => {
    make().running('app');
    const now = world.clock.now();
    world.runtime.add({
      name: 'old',
      state: 'exited',
      exitCode: 143,
      startedAt: now - 41 * DAY,
      exitedAt: now - 40 * DAY,
    });
    await world.start();
    expect(world.acts).toEqual([]);
    expect(world.view('old').decision.code).toBe('stopped-at-first-sight');
  });

  it('says nothing of what was stopped while the monitor was off for weeks', async () => {
    await make({ engine: { tellsWhoStopped: 'never' } })
      .running({ name: 'app', onStop: { exitCode: 143 } })
      .start();
    await world.stop();
    world.clock.advance(14 * DAY);
    await world.runtime.userStop('app');
    world.clock.advance(14 * DAY);
    await world.reboot();
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.view('app').status).toBe('stopped');
  });

  it('is recognised at first sight, too: what ran before it is started', async () => {
    make({ engine: { tellsWhoStopped: 'events' } }).running('app');
    world.runtime.reboot();
    world.host.upSince = world.clock.now() - SECOND;
    await world.start();
    await world.advance(SECOND);
    expect(world.acts).toEqual(['start app']);
  });

  it('starts nothing on the way down', async () => {
    await make().running('app', 'other').start();
    world.host.shuttingDown = true;
    world.runtime.crash('app', 1);
    await world.runtime.userStop('other');
    await world.advance(2 * MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.view('app').decision.code).toBe('shutting-down');
    expect(world.told).toEqual([]);
  });
});

describe('an outage of the engine', () => {
  it('is told when it lasts, and at its end with what is healed', async () => {
    await make({ restart: { maxConcurrent: 1 } })
      .running('app', 'two')
      .start();
    world.runtime.goAway('The socket is gone.');
    await world.advance(70 * SECOND);
    expect(world.monitor.status().engine).toMatchObject({
      reachable: false,
      problem: 'The socket is gone.',
    });
    expect(incidents()).toMatchObject([{ kind: 'engine', status: 'open' }]);
    await world.advance(45 * SECOND, SECOND);
    expect(world.told).toEqual([]);
    await world.advance(15 * SECOND, SECOND);
    expect(world.told).toEqual(['engine.unreachable']);
    expect(world.notifications[0]).toMatchObject({ level: 'error', title: 'The engine does not answer' });
    world.runtime.muteEvents();
    world.runtime.crash('app');
    world.runtime.crash('two');
    world.runtime.muteEvents(false);
    await world.advance(10 * MINUTE, SECOND);
    expect(world.told).toEqual(['engine.unreachable']);
    expect(world.acts).toEqual([]);
    world.runtime.comeBack();
    await world.advance(10 * SECOND);
    expect(world.acts).toEqual(['start app', 'start two']);
    expect(world.told).toEqual(['engine.unreachable', 'engine.reachable']);
    expect(world.notifications[1]).toMatchObject({ level: 'info', title: 'The engine answers again' });
    expect(world.notifications[1]!.message).toMatch(
      /^It was away for .+\. Found down and being started: app and two\.$/,
    );
    expect(incidents().find(({ kind }) => kind === 'engine')).toMatchObject({ status: 'resolved' });
  });

  it('that is over within a minute is nobody’s message, and what went down is healed', async () => {
    await make().running('app').start();
    world.runtime.goAway();
    await world.advance(70 * SECOND);
    expect(world.monitor.status().engine.reachable).toBe(false);
    world.runtime.muteEvents();
    world.runtime.crash('app');
    world.runtime.muteEvents(false);
    world.runtime.comeBack();
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start app']);
    expect(world.monitor.status().engine.reachable).toBe(true);
    expect(incidents().find(({ kind }) => kind === 'engine')).toMatchObject({ status: 'resolved' });
    expect(world.told).toEqual([]);
  });

  it('does not last while the host sleeps', async () => {
    await make().running('app').start();
    world.runtime.goAway();
    await world.advance(70 * SECOND);
    expect(world.monitor.status().engine.reachable).toBe(false);
    world.clock.advance(HOUR);
    await world.advance(45 * SECOND, SECOND);
    expect(world.told).toEqual([]);
    await world.advance(25 * SECOND, SECOND);
    expect(world.told).toEqual(['engine.unreachable']);
  });

  it('of one check is nobody else’s business', async () => {
    await make().running('app').start();
    world.runtime.goAway();
    await world.advance(62 * SECOND);
    world.runtime.comeBack();
    await world.advance(5 * MINUTE, SECOND);
    expect(world.told).toEqual([]);
  });

  it('found at boot is told, and the monitor begins when it is over', async () => {
    make().running('app');
    world.runtime.goAway('Permission denied.');
    await world.start();
    expect(world.told).toEqual(['engine.unreachable']);
    expect(world.monitor.status().engine).toMatchObject({ reachable: false, problem: 'Permission denied.' });
    world.runtime.comeBack();
    await world.advance(10 * SECOND);
    expect(world.view('app').status).toBe('healthy');
    expect(world.told).toEqual(['engine.unreachable', 'engine.reachable']);
  });

  it('in the middle of an act costs no attempt', async () => {
    await make().running('app').start();
    world.runtime.onStart('app', { takesMs: 20 * SECOND }, {});
    world.runtime.crash('app');
    await world.advance(SECOND);
    world.runtime.goAway();
    await world.advance(2 * SECOND);
    world.runtime.comeBack();
    await world.advance(2 * MINUTE);
    expect(world.view('app')).toMatchObject({ status: 'healthy', state: 'running' });
    expect(world.view('app').attempts).toBeLessThanOrEqual(1);
    expect(world.told).toEqual([]);
  });

  it('that hangs never makes checks overlap, and ends with the deadline', async () => {
    await make().running('app').start();
    let lists = 0;
    let most = 0;
    const list = world.runtime.list.bind(world.runtime);
    world.runtime.list = async (options) => {
      most = Math.max(most, ++lists);
      try {
        return await list(options);
      } finally {
        lists--;
      }
    };
    const release = world.runtime.hang('list');
    await world.advance(5 * MINUTE, SECOND);
    expect(most).toBe(1);
    expect(world.told).toEqual(['engine.unreachable']);
    release();
    await world.advance(30 * SECOND, SECOND);
    expect(world.told).toEqual(['engine.unreachable', 'engine.reachable']);
  });

  it('of one container alone does not keep the others from being healed', async () => {
    await make().running('stuck', 'app').start();
    world.runtime.hang('inspect', 'stuck');
    world.runtime.crash('stuck');
    world.runtime.crash('app');
    await world.advance(2 * MINUTE, SECOND);
    expect(world.acts).toContain('start app');
    expect(world.told).toEqual([]);
  });
});

describe('lost events', () => {
  it('cost time, never correctness', async () => {
    await make({ check: { events: false } })
      .running('app', 'off')
      .start();
    world.runtime.crash('app');
    await world.runtime.userStop('off');
    await world.advance(61 * SECOND);
    expect(world.acts).toEqual(['start app']);
    expect(world.view('off').status).toBe('stopped');
  });

  it('heard from a newer version of the engine are read as that version means them', async () => {
    await make({ engine: { tellsWhoStopped: 'never' } })
      .running('app')
      .start();
    world.runtime.becomeVersion('flag');
    await world.advance(5 * SECOND);
    await world.runtime.userStop('app');
    await world.advance(2 * MINUTE, SECOND);
    expect(world.monitor.status().engine.version).toMatch(/^5/);
    expect(world.acts).toEqual([]);
    expect(world.view('app').wish).toBe('stopped');
  });

  it('that come twice change nothing', async () => {
    await make({ engine: { tellsWhoStopped: 'events' } })
      .running('app')
      .start();
    world.runtime.crash('app', 1);
    world.runtime.redeliverEvents(5);
    await world.advance(3 * SECOND);
    world.runtime.redeliverEvents(10);
    await world.advance(3 * SECOND);
    expect(world.acts).toEqual(['start app']);
    expect(world.view('app').wish).toBe('running');
  });
});

describe('the clock', () => {
  it.each([3 * HOUR, -3 * HOUR])('jumping by %i ms changes no wait', async (jump) => {
    await make().running('app').start();
    world.runtime.onStart('app', { diesAfterMs: SECOND });
    world.runtime.crash('app');
    await world.advance(15 * SECOND);
    expect(world.runtime.acts).toHaveLength(2);
    const before = world.clock.monotonic();
    world.clock.jumpWallClock(jump);
    await world.advance(20 * SECOND);
    expect(world.runtime.acts).toHaveLength(2);
    await world.advance(10 * SECOND);
    expect(world.runtime.acts).toHaveLength(3);
    expect(world.clock.monotonic() - before).toBe(30 * SECOND);
    await world.advance(5 * SECOND);
    expect(world.view('app').status).toBe('given-up');
    await world.advance(50 * MINUTE, SECOND);
    expect(world.runtime.acts).toHaveLength(3);
    await world.advance(15 * MINUTE, SECOND);
    expect(world.runtime.acts.length).toBeGreaterThan(3);
  });

  it('set back keeps nobody waiting for its tier', async () => {
    await make({ containers: { db: { tier: 'database' } } })
      .running('db', 'app')
      .start();
    world.runtime.onStart('db', { takesMs: 4 * SECOND });
    world.runtime.crash('db');
    world.runtime.crash('app');
    await world.advance(3 * SECOND);
    world.clock.jumpWallClock(-HOUR);
    await world.advance(10 * SECOND);
    expect(world.acts).toEqual(['start db', 'start app']);
  });

  it('jumping forward makes nobody unhealthy for an hour', async () => {
    await make().running({ name: 'app', health: 'healthy' }).start();
    await world.ailing('app', 40 * SECOND);
    world.clock.jumpWallClock(HOUR);
    world.runtime.setHealth('app', 'unhealthy');
    await world.advance(30 * SECOND, SECOND);
    expect(world.acts).toEqual([]);
  });

  it('of a host that slept is not time in which a container was unhealthy', async () => {
    await make().running({ name: 'app', health: 'healthy' }).start();
    await world.ailing('app', 30 * SECOND);
    expect(world.view('app').status).toBe('unhealthy');
    world.clock.advance(8 * HOUR);
    world.runtime.setHealth('app', 'unhealthy');
    await world.advance(20 * SECOND, 500);
    expect(world.acts).toEqual([]);
    world.runtime.setHealth('app', 'healthy');
    await world.advance(2 * MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.told).toEqual([]);
  });
});

describe('containers that come and go', () => {
  it('removed and made anew in the middle of a cycle keep wish and hold, and get fresh attempts', async () => {
    await make().running('app').start();
    world.runtime.onStart('app', { takesMs: 10 * SECOND });
    world.runtime.crash('app');
    await world.advance(2 * SECOND);
    world.runtime.recreate('app', { state: 'created' });
    await world.advance(30 * SECOND);
    expect(world.view('app').decision.code).toBe('never-started');
    expect(world.told).toEqual([]);
  });

  it('removed are told as an event, and forgotten after a day', async () => {
    await make().running('app', 'other').start();
    world.runtime.remove('app');
    await world.advance(SECOND);
    expect(world.monitor.containers().map(({ name }) => name)).toEqual(['other']);
    expect(world.typesOf('app')).toContain('container.removed');
    await world.advance(25 * HOUR, MINUTE);
    expect((await world.store.all('container')).map(({ name }) => name)).toEqual(['other']);
  });

  it('removed while the monitor was away are forgotten, too', async () => {
    await make().running('app', 'other').start();
    await world.stop();
    world.runtime.remove('app');
    await world.start();
    await world.advance(25 * HOUR, MINUTE);
    expect((await world.store.all('container')).map(({ name }) => name)).toEqual(['other']);
  });

  it('with hostile names and labels of 10 kB are watched like any other', async () => {
    const names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'a'.repeat(300)];
    const long = 'x'.repeat(10_000);
    make();
    for (const name of names) {
      world.running({
        name,
        labels: {
          'health-monitor.ignore': 'constructor',
          'health-monitor.tier': '__proto__',
          'health-monitor.on': long,
          'health-monitor.unhealthy': '<script>',
          'health-monitor.stop-timeout': '-1',
          'health-monitor.depends-on': `${long},${Array.from({ length: 3_000 }, (_, i) => `n${i}`).join(',')}`,
          'com.docker.compose.project': '__proto__',
        },
      });
    }
    await world.start();
    for (const name of names) {
      world.runtime.crash(name);
      await world.advance(SECOND);
      expect(world.view(name)).toMatchObject({ status: 'healthy', tier: 'application', attempts: 1 });
    }
    expect(world.acts).toHaveLength(names.length);
  });
});

describe('the end of the process', () => {
  it('starts nothing any more, and the next process goes on', async () => {
    await make({ check: { startupDelayMs: 0 } })
      .running('app')
      .start();
    world.runtime.onStart('app', { diesAfterMs: SECOND }, {});
    world.runtime.crash('app');
    await world.advance(5 * SECOND);
    expect(world.runtime.acts).toHaveLength(1);
    await world.stop();
    world.clock.advance(HOUR);
    expect(world.runtime.acts).toHaveLength(1);
    await world.start();
    await world.advance(SECOND);
    expect(world.runtime.acts).toHaveLength(2);
    expect(world.view('app')).toMatchObject({ status: 'healthy', attempts: 2 });
  });

  it('shows when nobody watched', async () => {
    await make().running('app').start();
    await world.stop();
    world.clock.advance(HOUR);
    await world.start();
    expect(world.view('app').spans.map(({ status }) => status)).toEqual([
      'healthy',
      'not-watched',
      'healthy',
    ]);
  });
});
