import { afterEach, describe, expect, it, vi } from 'vitest';
import { RuntimeError } from '../../src/index.js';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));
afterEach(() => world.stop());

type Tells = 'flag' | 'events' | 'never';
const on = (tellsWhoStopped: Tells, options: WorldOptions = {}) =>
  make({ ...options, engine: { tellsWhoStopped } });

describe("a person's stop", () => {
  it.each<[Tells, number]>([
    ['flag', 0],
    ['flag', 1],
    ['flag', 137],
    ['flag', 143],
    ['events', 0],
    ['events', 1],
    ['events', 137],
    ['events', 143],
    ['never', 0],
    ['never', 143],
  ])('is respected for ever (engine: %s, exit %i)', async (tells, exitCode) => {
    await on(tells).running({ name: 'app', onStop: { exitCode } }).start();
    await world.runtime.userStop('app');
    await world.advance(2 * HOUR, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.view('app').status).toBe('stopped');
    expect(world.told).toEqual([]);
    expect(world.monitor.incidents()).toEqual([]);
  });

  it.each<Tells>(['flag', 'events'])('is shown as one (%s)', async (tells) => {
    await on(tells).running('app').start();
    await world.runtime.userStop('app');
    await world.advance(2 * SECOND);
    expect(world.view('app')).toMatchObject({
      wish: 'stopped',
      desired: 'stopped',
      decision: { code: 'stopped-by-person' },
    });
  });

  it.each<Tells>(['flag', 'events'])('is respected with any exit healed, too (%s)', async (tells) => {
    await on(tells, { restart: { on: 'any-exit' } })
      .running('app')
      .start();
    await world.runtime.userStop('app');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual([]);
  });

  it('ends with a start by hand', async () => {
    await make().running('app').start();
    await world.runtime.userStop('app');
    await world.advance(MINUTE, SECOND);
    await world.runtime.userStart('app');
    await world.advance(SECOND);
    expect(world.view('app')).toMatchObject({ wish: 'running', status: 'healthy' });
    world.runtime.crash('app');
    await world.advance(SECOND);
    expect(world.acts).toEqual(['start app']);
  });

  it.each<Tells>(['flag', 'events', 'never'])(
    'ends with a start by hand that nobody saw, as it crashed at once (%s)',
    async (tells) => {
      await on(tells, { check: { events: false } })
        .running('app')
        .start();
      await world.runtime.userStop('app');
      await world.check();
      expect(world.view('app').status).toBe('stopped');
      world.clock.advance(SECOND);
      await world.runtime.userStart('app');
      world.clock.advance(SECOND);
      world.runtime.crash('app', 1);
      await world.advance(2 * MINUTE, SECOND);
      expect(world.acts).toEqual(['start app']);
      expect(world.view('app')).toMatchObject({ wish: 'running', state: 'running' });
    },
  );

  it('stays when a run that nobody saw was stopped by hand, too', async () => {
    await make({ check: { events: false } })
      .running('app')
      .start();
    await world.runtime.userStop('app');
    await world.check();
    world.clock.advance(SECOND);
    await world.runtime.userStart('app');
    world.clock.advance(SECOND);
    await world.runtime.userStop('app');
    await world.advance(2 * MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.view('app')).toMatchObject({ wish: 'stopped', status: 'stopped' });
  });

  it.each([1, 137])(
    'is not what the late clean-up of the death before our own start looks like (exit %i)',
    async (exitCode) => {
      await on('events').running('app').start();
      world.runtime.onStart('app', { diesAfterMs: SECOND, exitCode, cleansUpAfterMs: 1_500 });
      world.runtime.crash('app');
      await world.advance(10 * MINUTE, SECOND);
      expect(world.acts).toEqual(['start app', 'start app', 'start app']);
      expect(world.told).toEqual(['container.given_up app']);
    },
  );

  it.each([0, 137, 143])(
    'counts for a run that our own start began, once it was ready (exit %i)',
    async (exitCode) => {
      await on('events').running({ name: 'app', onStop: { exitCode } }).start();
      world.runtime.crash('app');
      await world.advance(20 * SECOND);
      await world.runtime.userStop('app');
      await world.advance(5 * MINUTE, SECOND);
      expect(world.acts).toEqual(['start app']);
      expect(world.view('app')).toMatchObject({ wish: 'stopped', status: 'stopped' });
    },
  );

  it('counts also for one that is down and waits for its next attempt', async () => {
    await make().running('app').start();
    world.runtime.onStart('app', { diesAfterMs: SECOND });
    world.runtime.crash('app');
    await world.advance(5 * SECOND);
    expect(world.view('app').status).toBe('backing-off');
    await world.runtime.userStop('app');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start app']);
    expect(world.view('app').status).toBe('stopped');
    expect(world.told).toEqual([]);
  });

  it('through us counts before it is done, and ends an incident in silence', async () => {
    await make().running('app').start();
    world.runtime.onStart('app', { diesAfterMs: SECOND });
    world.runtime.crash('app');
    await world.advance(45 * SECOND);
    expect(world.told).toEqual(['container.given_up app']);
    await world.monitor.stop('app', 'ann');
    await world.advance(2 * HOUR, SECOND);
    expect(world.view('app')).toMatchObject({ status: 'stopped', wish: 'stopped' });
    expect(world.told).toEqual(['container.given_up app']);
    expect(world.monitor.incidents()).toMatchObject([{ status: 'resolved', endedBy: 'person' }]);
  });

  it('is not what our own restart of an unhealthy one is', async () => {
    for (const tells of ['flag', 'events', 'never'] as const) {
      await on(tells)
        .running({ name: 'app', health: 'healthy', onStop: { takesMs: 2 * SECOND, exitCode: 143 } })
        .start();
      while (world.acts.length === 0) await world.ailing('app', SECOND);
      await world.advance(10 * SECOND);
      expect(world.acts).toEqual(['restart app']);
      expect(world.view('app')).toMatchObject({ wish: 'running', status: 'healthy', state: 'running' });
      await world.stop();
    }
  });

  it.each(['flag', 'events', 'never'] as const)(
    'is not what half of our own restart is: it is healed until it is up again (%s)',
    async (tells) => {
      await on(tells)
        .running({ name: 'app', health: 'healthy', onStop: { exitCode: 0 } })
        .start();
      world.runtime.onStart('app', { refusal: 'port in use' }, {});
      await world.ailing('app', 130 * SECOND);
      await world.advance(15 * SECOND);
      expect(world.acts).toEqual(['restart app', 'start app']);
      expect(world.view('app')).toMatchObject({ wish: 'running', state: 'running' });
    },
  );

  it.each(['none', 'always', 'on-failure'] as const)(
    'is not what half of a restart through us is (policy of the engine: %s)',
    async (restartPolicy) => {
      await make()
        .running({ name: 'app', restartPolicy, onStop: { exitCode: 0 } })
        .start();
      world.runtime.onStart('app', { refusal: 'port in use' }, {});
      await expect(world.monitor.restart('app', 'ann')).rejects.toThrow('port in use');
      await world.advance(15 * SECOND);
      expect(world.acts).toEqual(['restart app', 'start app']);
      expect(world.view('app')).toMatchObject({ wish: 'running', state: 'running' });
    },
  );

  it('is not what a restart of ours is that heals nothing, and stops it after it was given up', async () => {
    await make({ containers: { app: { dependsOn: { db: { restart: true } } } } })
      .running('db', { name: 'app', onStop: { exitCode: 0 } })
      .start();
    world.runtime.onStart('app', { refusal: 'port in use' }, {});
    const release = world.runtime.hang('restart', 'app');
    world.runtime.crash('db');
    await world.advance(50 * SECOND);
    expect(world.acts).toEqual(['start db']);
    release();
    await world.advance(15 * SECOND);
    expect(world.acts).toEqual(['start db', 'restart app', 'start app']);
    expect(world.view('app')).toMatchObject({ wish: 'running', state: 'running' });
  });

  it.each([0, 137, 143])(
    'that nobody saw raises no error under on-failure, unless it was killed (exit %i)',
    async (exitCode) => {
      await on('events').running({ name: 'app', restartPolicy: 'on-failure', onStop: { exitCode } }).start();
      await world.stop();
      world.runtime.muteEvents();
      await world.runtime.userStop('app');
      world.runtime.muteEvents(false);
      world.clock.advance(MINUTE);
      await world.start();
      await world.advance(2 * MINUTE, SECOND);
      expect(world.acts).toEqual([]);
      expect(world.told).toEqual(exitCode === 137 ? ['container.given_up app'] : []);
    },
  );

  it.each([1, 137])('while the monitor was away is heard of when it is back (exit %i)', async (exitCode) => {
    await on('events').running({ name: 'app', onStop: { exitCode } }, 'crashed').start();
    await world.stop();
    await world.runtime.userStop('app');
    world.runtime.crash('crashed', 137);
    world.clock.advance(MINUTE);
    await world.start();
    await world.advance(2 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start crashed']);
    expect(world.view('app')).toMatchObject({ status: 'stopped', wish: 'stopped' });
  });

  it('is not what an attempt of ours looked like that the end of the monitor cut off', async () => {
    await on('events').running('app').start();
    world.runtime.refuseStart('app', 'no such volume');
    world.runtime.muteEvents();
    world.runtime.crash('app', 137);
    world.runtime.muteEvents(false);
    await world.advance(150 * SECOND, SECOND);
    expect(world.view('app').attempts).toBeGreaterThan(0);
    await world.restart();
    await world.advance(2 * MINUTE, SECOND);
    expect(world.view('app').wish).toBe('running');
  });

  it('is not what the end of a run is in which somebody sent it a harmless signal before', async () => {
    await make().running('app').start();
    world.runtime.userKill('app', 'SIGHUP');
    await world.advance(MINUTE, SECOND);
    world.runtime.crash('app', 1);
    await world.advance(SECOND);
    expect(world.acts).toEqual(['start app']);
  });

  describe.each(['none', 'always', 'on-failure'] as const)(
    'after a harmless signal, which spoils the flag (policy of the engine: %s)',
    (restartPolicy) => {
      const signalled = async (exitCode: number) => {
        await make().running({ name: 'app', restartPolicy, onStop: { exitCode } }).start();
        world.runtime.userKill('app', 'SIGHUP');
        await world.advance(MINUTE, SECOND);
      };

      it.each([0, 143])('is left alone in silence (exit %i)', async (exitCode) => {
        await signalled(exitCode);
        await world.runtime.userStop('app');
        await world.advance(5 * MINUTE, SECOND);
        expect(world.acts).toEqual([]);
        expect(world.told).toEqual([]);
      });

      it('cannot be told from a kill: it is started at the next full check', async () => {
        await signalled(137);
        await world.runtime.userStop('app');
        await world.advance(2 * MINUTE, SECOND);
        expect(world.acts).toEqual(['start app']);
      });

      it('is not what a crash is, which the engine takes for one: it is healed', async () => {
        await signalled(0);
        world.runtime.crash('app', 1);
        await world.advance(11 * SECOND, SECOND);
        expect(world.acts).toEqual(['start app']);
        expect(world.told).toEqual([]);
      });
    },
  );

  it('does not count where a person asks for it again before it is seen', async () => {
    await make({ check: { events: false } })
      .running('app')
      .start();
    await world.runtime.userStop('app');
    world.clock.advance(SECOND);
    world.runtime.refuseStart('app', 'port is taken');
    await expect(world.monitor.start('app', 'ann')).rejects.toThrow('port is taken');
    world.runtime.refuseStart('app', null);
    await world.advance(2 * MINUTE, SECOND);
    expect(world.view('app')).toMatchObject({ wish: 'running', state: 'running' });
  });

  it('does not count where a person asks for it again before the events tell of it', async () => {
    await on('events', { mode: 'observe' })
      .running({ name: 'app', onStop: { exitCode: 137 } })
      .start();
    await world.runtime.userStop('app');
    await world.advance(100);
    expect(world.view('app').decision.code).toBe('judging-exit');
    await world.monitor.retry('app', 'ann');
    await world.advance(2 * MINUTE, SECOND);
    expect(world.view('app')).toMatchObject({ wish: 'running', decision: { code: 'observing' } });
  });

  describe('is not what starts by hand are that fail', () => {
    const failedStarts = async (times: number) => {
      world.runtime.refuseStart('app', 'port is taken');
      for (let i = 0; i < times; i++) {
        await expect(world.runtime.userStart('app')).rejects.toThrow('port is taken');
        await world.advance(5 * SECOND);
      }
      world.runtime.refuseStart('app', null);
    };

    it('after a crash that nobody heard', async () => {
      await on('events').running('app').start();
      await world.stop();
      world.runtime.muteEvents();
      world.runtime.crash('app', 1);
      world.runtime.muteEvents(false);
      world.clock.advance(MINUTE);
      await world.start({ healing: false });
      await failedStarts(2);
      await world.advance(3 * MINUTE, SECOND);
      expect(world.acts).toEqual(['start app']);
      expect(world.view('app')).toMatchObject({ wish: 'running', state: 'running' });
    });

    it('after a crash while the monitor was away, all heard later', async () => {
      await on('events').running('app').start();
      await world.stop();
      world.runtime.crash('app', 1);
      world.clock.advance(MINUTE);
      await failedStarts(1);
      world.clock.advance(MINUTE);
      await world.start();
      await world.advance(MINUTE, SECOND);
      expect(world.acts).toEqual(['start app']);
      expect(world.view('app')).toMatchObject({ wish: 'running', state: 'running' });
    });
  });

  it("is not what the engine's own health action is", async () => {
    for (const tells of ['flag', 'events', 'never'] as const) {
      for (const onFailure of ['kill', 'stop'] as const) {
        await on(tells).running({ name: 'app', health: 'healthy', healthCheck: { onFailure } }).start();
        world.runtime.setHealth('app', 'unhealthy');
        if (onFailure === 'kill') world.runtime.userKill('app');
        else await world.runtime.userStop('app');
        await world.advance(SECOND);
        expect(world.acts, `${tells}, ${onFailure}`).toEqual(['start app']);
        await world.stop();
      }
    }
  });

  it.each<Tells>(['flag', 'events'])(
    'is one also of what is unhealthy, where the engine itself does nothing about that (%s)',
    async (tells) => {
      await on(tells).running({ name: 'app', health: 'healthy' }).start();
      world.runtime.setHealth('app', 'unhealthy');
      await world.runtime.userStop('app');
      await world.advance(MINUTE, SECOND);
      expect(world.acts).toEqual([]);
      expect(world.view('app').status).toBe('stopped');
    },
  );

  it.each<Tells>(['flag', 'events'])(
    'is not what a restart by hand is that fails half-way: it is healed (%s)',
    async (tells) => {
      await on(tells).running('app').start();
      world.runtime.onStart('app', { refusal: 'port in use' }, {});
      await expect(world.runtime.userRestart('app')).rejects.toThrow('port in use');
      await world.advance(9 * SECOND);
      expect(world.acts).toEqual([]);
      await world.advance(2 * SECOND);
      expect(world.acts).toEqual(['start app']);
      expect(world.view('app')).toMatchObject({ wish: 'running', state: 'running' });
      expect(world.told).toEqual([]);
    },
  );

  it('is not what a restart by hand is', async () => {
    for (const tells of ['flag', 'events'] as const) {
      await on(tells)
        .running({ name: 'app', onStop: { takesMs: 3 * SECOND } })
        .start();
      const done = world.runtime.userRestart('app');
      await world.advance(5 * SECOND);
      await done;
      expect(world.view('app')).toMatchObject({ wish: 'running', status: 'healthy' });
      expect(world.told).toEqual([]);
      await world.stop();
    }
  });

  it('of 137 cannot be told on Podman 4.6: it is started at the next full check', async () => {
    await on('never').running('app').start();
    world.runtime.userKill('app');
    await world.advance(10 * SECOND);
    expect(world.acts).toEqual([]);
    expect(world.view('app').decision.code).toBe('awaiting-full-check');
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual(['start app']);
  });

  it.each([
    ['before it', 1],
    ['before it', 137],
    ['between the two clean-ups that show it', 1],
    ['between the two clean-ups that show it', 137],
  ])('is waited for where the event stream broke %s (exit %i)', async (when, exitCode) => {
    await on('events').running({ name: 'app', onStop: { exitCode } }).start();
    const events = vi.spyOn(world.runtime, 'events').mockImplementation(() => {
      throw new RuntimeError('outage', 'no events');
    });
    if (when === 'before it') {
      world.runtime.loseEventStream();
      await world.advance(SECOND);
    }
    const stopped = world.runtime.userStop('app');
    await world.settle();
    world.runtime.loseEventStream();
    await stopped;
    await world.advance(2 * MINUTE, SECOND);
    expect(world.view('app')).toMatchObject({ state: 'exited', wish: 'running' });
    events.mockRestore();
    await vi.waitFor(
      async () => {
        await world.advance(SECOND);
        expect(world.view('app')).toMatchObject({ status: 'stopped', wish: 'stopped' });
      },
      { timeout: 10_000, interval: 100 },
    );
    expect(world.acts).toEqual([]);
    expect(world.told).toEqual([]);
  });

  it('before the start-up delay is over is respected, and so is what was off before', async () => {
    await make()
      .running('app', 'crashed', {
        name: 'old',
        state: 'exited',
        exitCode: 1,
        exitedAt: Date.UTC(2025, 11, 31, 12),
      })
      .start({ healing: false });
    await world.runtime.userStop('app');
    world.runtime.crash('crashed');
    await world.advance(10 * SECOND);
    expect(world.acts).toEqual([]);
    expect(world.view('crashed').decision.code).toBe('start-up-delay');
    await world.advance(3 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start crashed']);
    expect(world.view('old').decision.code).toBe('stopped-at-first-sight');
  });

  it('long ago is undone with adoptStopped', async () => {
    await make({ restart: { adoptStopped: true } })
      .running({ name: 'old', state: 'exited', exitCode: 1, exitedAt: Date.UTC(2025, 11, 31, 12) })
      .start();
    await world.advance(SECOND);
    expect(world.acts).toEqual(['start old']);
  });
});

describe('an exit with 0', () => {
  it.each<[Tells, boolean]>([
    ['flag', true],
    ['events', true],
    ['never', false],
  ])('after long work is left, and told where the engine can tell (%s: %s)', async (tells, told) => {
    await on(tells).running('app').start();
    world.runtime.crash('app', 0);
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.view('app')).toMatchObject({ status: 'stopped', decision: { code: 'finished' } });
    expect(world.notifications.map(({ level, title, message }) => [level, title, message])).toEqual(
      told ? [['info', 'app stopped', 'It ended by itself with exit 0 after 1 day. Not restarted.']] : [],
    );
  });

  it('after short work is left in silence', async () => {
    await make().running('app').start();
    world.runtime.onStart('app', { diesAfterMs: 9 * MINUTE, exitCode: 0 });
    await world.runtime.userRestart('app');
    await world.advance(11 * MINUTE, SECOND);
    expect(world.view('app').decision.code).toBe('finished');
    expect(world.told).toEqual([]);
  });

  it("under the engine's own policy of always is not told: the engine restarts it", async () => {
    await make().running({ name: 'app', restartPolicy: 'always' }).start();
    world.runtime.crash('app', 0);
    await world.advance(MINUTE);
    expect(world.told).toEqual([]);
    expect(world.typesOf('app')).not.toContain('container.stopped');
    expect(world.view('app').status).toBe('healthy');
  });
});

describe('a hold', () => {
  it('keeps our hands off, and what went down meanwhile is seen to at its end', async () => {
    await make().running('app').start();
    await world.monitor.hold('app', 'backup', 'ann');
    expect(world.view('app')).toMatchObject({ desired: 'held', status: 'held', wish: 'running' });
    world.runtime.crash('app');
    await world.advance(2 * HOUR, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.told).toEqual([]);
    await world.monitor.release('app', 'ann');
    await world.advance(SECOND);
    expect(world.acts).toEqual(['start app']);
  });

  it('is not ended by stops and starts at the engine, nor is the wish changed by them', async () => {
    await make().running('app').start();
    await world.monitor.hold('app', 'backup', 'ann');
    await world.runtime.userStop('app');
    await world.advance(MINUTE, SECOND);
    expect(world.view('app')).toMatchObject({ status: 'held', wish: 'running' });
    await world.monitor.release('app', 'ann');
    await world.advance(SECOND);
    expect(world.acts).toEqual(['start app']);
  });

  it.each(['always', 'on-failure'] as const)(
    'ends in a start also of what was stopped meanwhile and has a policy of the engine (%s)',
    async (restartPolicy) => {
      await make().running({ name: 'app', restartPolicy }).start();
      await world.monitor.hold('app', 'backup', 'ann');
      await world.runtime.userStop('app');
      await world.advance(MINUTE, SECOND);
      await world.monitor.release('app', 'ann');
      await world.advance(SECOND);
      expect(world.acts).toEqual(['start app']);
      expect(world.view('app').status).toBe('healthy');
    },
  );

  it('for a time ends by itself, is told, and the engine counts again', async () => {
    await make().running('app').start();
    await world.monitor.hold('app', 'update', 'ann', 10 * MINUTE);
    await world.advance(10 * MINUTE + SECOND, 500);
    expect(world.view('app')).toMatchObject({ desired: 'running', hold: null });
    expect(world.typesOf('app')).toContain('container.released');
    await world.runtime.userStop('app');
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.view('app')).toMatchObject({ wish: 'stopped', status: 'stopped' });
  });

  it('is kept over a restart of the monitor and over a re-creation', async () => {
    await make().running('app').start();
    await world.monitor.hold('app', 'update', 'ann');
    await world.restart();
    world.runtime.recreate('app');
    await world.advance(SECOND);
    world.runtime.crash('app');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.view('app').status).toBe('held');
    expect(world.acts).toEqual([]);
  });
});

describe('left alone', () => {
  it.each(['created', 'initialized', 'configured', 'paused'] as const)('is one that is %s', async (state) => {
    await make().running({ name: 'app', state, startedAt: null }).start();
    await world.advance(2 * HOUR, MINUTE);
    expect(world.acts).toEqual([]);
    expect(world.told).toEqual([]);
    expect(world.view('app').decision.reason).not.toBe('');
  });

  it.each(['restarting', 'stopping', 'removing', 'unknown'] as const)(
    'is one that stays %s, and that is told once',
    async (state) => {
      await make().running({ name: 'app', state }).start({ healing: false });
      await world.advance(5 * MINUTE, SECOND);
      expect(world.view('app').decision.code).not.toBe('stuck');
      expect(world.told).toEqual([]);
      await world.advance(HOUR, 20 * SECOND);
      expect(world.acts).toEqual([]);
      expect(world.told).toEqual(['container.stuck app']);
      expect(world.view('app')).toMatchObject({ status: 'down', decision: { code: 'stuck' } });
      expect(world.typesOf('app').filter((type) => type === 'container.stuck')).toHaveLength(1);
    },
  );

  it('is one whose stop takes hours; once it has ended, that was as its user wished', async () => {
    await make()
      .running({ name: 'app', stopTimeoutMs: 4 * HOUR, onStop: { takesMs: 3 * HOUR } })
      .start();
    void world.runtime.userStop('app');
    await world.advance(2 * HOUR, 20 * SECOND);
    expect(world.view('app')).toMatchObject({ status: 'restarting', decision: { code: 'in-transition' } });
    await world.advance(2 * HOUR, 20 * SECOND);
    expect(world.view('app')).toMatchObject({ wish: 'stopped', status: 'stopped' });
    expect(world.told).toEqual([]);
  });

  it('is one that was stuck and is up again: told, and over', async () => {
    await make().running({ name: 'app', state: 'stopping' }).start();
    await world.advance(10 * MINUTE, SECOND);
    expect(world.monitor.incidents()).toMatchObject([{ kind: 'down', status: 'open' }]);
    world.runtime.recreate('app', { state: 'running' });
    await world.advance(2 * MINUTE, SECOND);
    expect(world.told).toEqual(['container.stuck app', 'container.recovered app']);
    expect(world.monitor.incidents()).toMatchObject([{ status: 'resolved' }]);
    expect(world.acts).toEqual([]);
  });

  it('is one that is stopping while the host sleeps: that is no time in which it was stuck', async () => {
    await make().running({ name: 'app', state: 'stopping' }).start();
    world.clock.advance(HOUR);
    await world.advance(4 * MINUTE, SECOND);
    expect(world.told).toEqual([]);
    await world.advance(2 * MINUTE, SECOND);
    expect(world.told).toEqual(['container.stuck app']);
  });

  it('is one paused by hand, and healed again afterwards', async () => {
    await make().running('app').start();
    world.runtime.pause('app');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.view('app')).toMatchObject({ status: 'stopped', decision: { code: 'paused' } });
    world.runtime.unpause('app');
    await world.advance(SECOND);
    expect(world.typesOf('app')).not.toContain('container.started');
    world.runtime.crash('app');
    await world.advance(SECOND);
    expect(world.acts).toEqual(['start app']);
  });

  it('is the container in which we run, and what systemd owns', async () => {
    make().running('me', { name: 'quadlet', labels: { PODMAN_SYSTEMD_UNIT: 'quadlet.service' } });
    world.host.own = world.runtime.peek('me').id.slice(0, 12);
    await world.start();
    world.runtime.crash('me');
    world.runtime.crash('quadlet');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.told).toEqual([]);
    expect(world.view('quadlet').owner).toBe('systemd');
  });

  it('is one started with --rm, also when it is unhealthy', async () => {
    await make().running({ name: 'tool', autoRemove: true, health: 'healthy' }).start();
    await world.ailing('tool', 5 * MINUTE);
    expect(world.acts).toEqual([]);
    expect(world.view('tool').status).toBe('unhealthy');
    world.runtime.crash('tool');
    await world.advance(SECOND);
    expect(world.monitor.containers()).toEqual([]);
    expect(world.typesOf('tool')).toContain('container.removed');
  });
});

describe('a stop through us', () => {
  it('is no incident, however often it is made and undone', async () => {
    await make()
      .running({ name: 'app', onStop: { takesMs: 2 * SECOND, exitCode: 137 } })
      .start();
    for (let round = 0; round < 3; round++) {
      const stopping = world.monitor.stop('app', 'ann');
      await world.advance(5 * SECOND);
      await stopping;
      await world.monitor.start('app', 'ann');
      await world.advance(5 * SECOND);
    }
    const stopping = world.monitor.stop('app', 'ann');
    await world.advance(30 * SECOND);
    await stopping;
    expect(world.monitor.incidents()).toEqual([]);
    expect(world.told).toEqual([]);
  });

  it('on the way to a slow start is no incident either', async () => {
    await make()
      .running({ name: 'app', onStop: { takesMs: 2 * SECOND, exitCode: 137 } })
      .start();
    world.runtime.onStart('app', { takesMs: 25 * SECOND });
    const restarting = world.monitor.restart('app', 'ann');
    await world.advance(40 * SECOND);
    await restarting;
    expect(world.view('app').state).toBe('running');
    expect(world.monitor.incidents()).toEqual([]);
  });
});

describe('mode observe', () => {
  it("touches nothing, explains what it would do, and a person's buttons work", async () => {
    await make({ mode: 'observe' }).running('app').start();
    world.runtime.crash('app');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.view('app').decision).toMatchObject({
      code: 'observing',
      reason: 'Would start it now; observing only.',
    });
    await world.monitor.start('app', 'ann');
    expect(world.acts).toEqual(['start app']);
    expect(world.view('app').state).toBe('running');
  });

  it('tells what does not come up after the host did', async () => {
    await make({ mode: 'observe' }).running('app').start();
    await world.reboot();
    await world.advance(10 * MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.notifications.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^It went down with the host\. Down for .*\. Not restarted: the monitor only observes\.$/,
      ),
    ]);
  });

  it('tells once of what stays down or unhealthy, and when that is over', async () => {
    await make({ mode: 'observe' }).running('app', { name: 'wiki', health: 'healthy' }, 'quick').start();
    world.runtime.crash('quick');
    await world.advance(20 * SECOND);
    await world.runtime.start(world.runtime.peek('quick').id);
    world.runtime.crash('app', 1);
    await world.ailing('wiki', 10 * MINUTE);
    expect(world.told.sort()).toEqual(['container.down app', 'container.unhealthy wiki']);
    expect(world.notifications.map(({ message }) => message).sort()).toEqual([
      expect.stringMatching(/^It exited with 1\. Down for .*\. Not restarted: the monitor only observes\.$/),
      expect.stringMatching(/^Its health check has failed for .* because the monitor only observes\.$/),
    ]);
    await world.monitor.start('app', 'ann');
    world.runtime.setHealth('wiki', 'healthy');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.told.slice(2).sort()).toEqual(['container.recovered app', 'container.recovered wiki']);
  });
});
