import { afterEach, describe, expect, it, vi } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const docker = (options: WorldOptions = {}) =>
  (world = new World({ ...options, engine: { tellsWhoStopped: 'signals', ...options.engine } }));
afterEach(() => world.stop());

/** Lets something happen in which the events break off, and waits until they are heard again: that takes real time. */
async function untilHeardAgain(happens: () => void | Promise<void>): Promise<void> {
  const events = vi.spyOn(world.runtime, 'events');
  await happens();
  await vi.waitFor(() => expect(events).toHaveBeenCalled(), { timeout: 30_000 });
  events.mockRestore();
  await world.settle();
}

const CHAIN = {
  containers: {
    db: { tier: 'database' as const },
    app: { dependsOn: ['db'] },
  },
};

describe("a person's hand on Docker", () => {
  it.each([0, 1, 137, 143])('stops a container for ever (exit %i)', async (exitCode) => {
    await docker().running({ name: 'app', onStop: { exitCode } }, 'other').start();
    await world.runtime.userStop('app');
    await world.advance(16 * SECOND);
    expect(world.view('app')).toMatchObject({ wish: 'stopped', decision: { code: 'stopped-by-person' } });
    await world.advance(2 * HOUR, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.told).toEqual([]);
  });

  it('waits with the verdict until the engine has outlived the stop', async () => {
    await docker().running('app', 'other').start();
    await world.runtime.userStop('app');
    await world.advance(14 * SECOND);
    expect(world.view('app')).toMatchObject({ wish: 'running', decision: { code: 'judging-exit' } });
    expect(world.acts).toEqual([]);
  });

  it('is known as soon where its events are first heard after the first check', async () => {
    docker({ check: { intervalMs: 5 * MINUTE } }).running('app', 'other');
    const answer = world.runtime.info.bind(world.runtime);
    let hear: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => (hear = resolve));
    const info = vi.spyOn(world.runtime, 'info').mockImplementationOnce(async (options) => {
      await heard;
      return answer(options);
    });
    await world.start({ healing: false });
    hear();
    await world.settle();
    await world.runtime.userStop('app');
    await world.advance(16 * SECOND);
    expect(world.view('app')).toMatchObject({ wish: 'stopped', decision: { code: 'stopped-by-person' } });
    expect(info).toHaveBeenCalledTimes(3);
  });

  it('is known as soon of one that has a restart policy', async () => {
    await docker().running({ name: 'app', restartPolicy: 'always' }, 'other').start();
    await world.runtime.userStop('app');
    await world.advance(16 * SECOND);
    expect(world.view('app')).toMatchObject({ wish: 'stopped', decision: { code: 'stopped-by-person' } });
  });

  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('kills it for ever (%s)', async (signal) => {
    await docker().running('app', 'other').start();
    world.runtime.userKill('app', signal);
    await world.advance(HOUR, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.view('app').status).toBe('stopped');
  });

  it('restarts it, which is no stop', async () => {
    await docker().running('app', 'other').start();
    await world.runtime.userRestart('app');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.view('app')).toMatchObject({ wish: 'running', status: 'healthy' });
  });

  it('sends it a signal that means something else: a crash after that is one', async () => {
    await docker().running('app', 'other').start();
    world.runtime.userKill('app', 'SIGUSR1');
    await world.advance(5 * SECOND);
    world.runtime.crash('app', 5);
    await world.advance(SECOND);
    expect(world.acts).toEqual(['start app']);
  });
});

describe('a crash on Docker', () => {
  it.each([1, 137, 139, 143])('is healed at once (exit %i)', async (exitCode) => {
    await docker().running('app', 'other').start();
    world.runtime.crash('app', exitCode);
    await world.advance(SECOND);
    expect(world.acts).toEqual(['start app']);
  });

  it('is none when it ends with 0', async () => {
    await docker().running('app', 'other').start();
    world.runtime.crash('app', 0);
    await world.advance(HOUR, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.view('app').decision.code).toBe('finished');
  });
});

describe('the end of Docker itself', () => {
  const fleet = [{ name: 'app' }, { name: 'db' }, { name: 'web', onStop: { takesMs: 60_000 } }];

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'by %s changes no wish: what ran runs again, in order, and what was stopped stays off',
    async (signal) => {
      await docker(CHAIN)
        .running(...fleet, 'off')
        .start();
      await world.runtime.userStop('off');
      await world.advance(MINUTE, SECOND);

      await untilHeardAgain(async () => {
        const ended = world.runtime.endEngine(signal);
        await world.advance(13 * SECOND);
        await ended;
        await world.advance(5 * SECOND);
        const begun = world.runtime.beginEngine();
        await world.advance(20 * SECOND);
        await begun;
      });
      await world.advance(2 * MINUTE, SECOND);

      expect(world.acts.slice().sort()).toEqual(['start app', 'start db', 'start web']);
      expect(world.acts.indexOf('start db')).toBeLessThan(world.acts.indexOf('start app'));
      expect(world.view('off')).toMatchObject({ wish: 'stopped', status: 'stopped' });
      for (const name of ['app', 'db', 'web']) expect(world.view(name).wish).toBe('running');
      expect(world.told.filter((told) => !told.startsWith('engine.'))).toEqual([]);
    },
  );

  it('does not hide what a person stopped shortly before', async () => {
    await docker()
      .running(...fleet, 'off')
      .start();
    await world.runtime.userStop('off');
    await world.advance(5 * SECOND);
    await untilHeardAgain(async () => {
      const ended = world.runtime.endEngine();
      await world.advance(11 * SECOND);
      await ended;
      await world.runtime.beginEngine();
    });
    await world.advance(2 * MINUTE, SECOND);
    expect(world.acts.slice().sort()).toEqual(['start app', 'start db', 'start web']);
    expect(world.view('off').status).toBe('stopped');
  });

  it('is not what a person does who stops all while the monitor is away, though nothing happened for long before', async () => {
    await docker().running('app', 'db').start();
    await world.runtime.userRestart('app');
    await world.advance(10 * MINUTE, SECOND);
    await world.stop();
    await Promise.all(['app', 'db'].map((name) => world.runtime.userStop(name)));
    world.clock.advance(10 * SECOND);
    await world.start();
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    for (const name of ['app', 'db'])
      expect(world.view(name)).toMatchObject({ wish: 'stopped', status: 'stopped' });
  });

  it('is not what a person does who stops all, though the events break off then', async () => {
    await docker().running('app', 'db').start();
    await Promise.all(['app', 'db'].map((name) => world.runtime.userStop(name)));
    await world.advance(SECOND);
    await untilHeardAgain(() => world.runtime.loseEventStream());
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.view('app').status).toBe('stopped');
  });

  it('is not what takes others along that run on', async () => {
    await docker().running('app', 'db').start();
    await world.runtime.userStop('app');
    await world.advance(SECOND);
    await untilHeardAgain(async () => {
      world.runtime.goAway();
      await world.advance(MINUTE, SECOND);
      world.runtime.comeBack();
    });
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.view('app').status).toBe('stopped');
  });

  it('lets it revive what was stopped, which is shown so', async () => {
    await docker().running('app', { name: 'kept', restartPolicy: 'always' }).start();
    await world.runtime.userStop('kept');
    await world.advance(MINUTE, SECOND);
    expect(world.view('kept').wish).toBe('stopped');
    await untilHeardAgain(async () => {
      await world.runtime.endEngine();
      await world.advance(5 * SECOND);
      await world.runtime.beginEngine();
    });
    await world.advance(2 * MINUTE, SECOND);
    expect(world.view('kept')).toMatchObject({
      state: 'running',
      wish: 'stopped',
      decision: { code: 'revived-by-engine' },
    });
    await world.runtime.userRestart('kept');
    await world.advance(MINUTE, SECOND);
    expect(world.view('kept')).toMatchObject({ wish: 'running', decision: { code: 'healthy' } });
  });
});
