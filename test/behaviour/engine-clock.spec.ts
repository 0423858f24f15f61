import { afterEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
afterEach(() => world.stop());

const OFF = [-5 * MINUTE, -5 * SECOND, 5 * SECOND, 5 * MINUTE];
const TELLS = ['signals', 'events', 'flag'] as const;
const CASES = TELLS.flatMap((tells) => OFF.map((off) => [tells, off] as const));

/** What is done about a container that is ruined: each start of it ends at once. */
async function ruined(clockAheadMs: number): Promise<readonly string[]> {
  world = new World({ engine: { clockAheadMs } });
  await world.running('app').start();
  world.runtime.onStart('app', { diesAfterMs: 3 * SECOND });
  world.runtime.crash('app', 1);
  await world.advance(2 * HOUR, SECOND);
  const { acts, told } = world;
  await world.stop();
  return [...acts, ...told];
}

describe.each(CASES)(
  'an engine that tells who stopped it by %s, and whose clock is %i ms ahead',
  (tells, off) => {
    const begin = async (options: WorldOptions = {}) => {
      world = new World({ ...options, engine: { tellsWhoStopped: tells, clockAheadMs: off } });
      await world.running('app', 'other').start();
    };

    it('has a crash healed at once, as one by us', async () => {
      await begin();
      world.runtime.crash('app', 139);
      await world.advance(3 * SECOND);
      expect(world.acts).toEqual(['start app']);
      expect(world.view('app')).toMatchObject({ state: 'running', wish: 'running' });
      expect(world.typesOf('app')).not.toContain('container.started');
    });

    it('keeps off what a person stopped, through us or not, and begins what a person begins', async () => {
      await begin();
      await world.runtime.userStop('app');
      await world.advance(2 * MINUTE, SECOND);
      expect(world.view('app')).toMatchObject({ wish: 'stopped', status: 'stopped' });
      await world.runtime.userStart('app');
      await world.advance(10 * SECOND, SECOND);
      expect(world.view('app')).toMatchObject({ wish: 'running', state: 'running' });
      expect(world.acts).toEqual([]);
    });
  },
);

describe('an engine whose clock is off', () => {
  it.each(OFF)('since its clock was set: that is found out (%i ms)', async (off) => {
    world = new World({ engine: { tellsWhoStopped: 'signals' } });
    await world.running('app', 'other').start();
    world.runtime.setClockAhead(off);
    await world.advance(11 * MINUTE, SECOND);
    world.runtime.crash('app', 139);
    await world.advance(5 * SECOND);
    expect(world.acts).toEqual(['start app']);
    expect(world.typesOf('app')).not.toContain('container.started');
    await world.runtime.userStop('app');
    await world.advance(MINUTE, SECOND);
    expect(world.view('app')).toMatchObject({ wish: 'stopped', status: 'stopped' });
  });

  it.each(OFF)('is found to be off by a check of some containers, too (%i ms)', async (off) => {
    world = new World({ engine: { tellsWhoStopped: 'signals' }, check: { intervalMs: 7 * MINUTE } });
    await world.running('app', 'other').start();
    world.runtime.setClockAhead(off);
    await world.advance(9 * MINUTE, SECOND);
    await world.runtime.userRestart('other');
    // All are checked meanwhile, with what that check has found.
    await world.advance(4 * MINUTE, SECOND);
    world.runtime.crash('app', 139);
    await world.advance(5 * SECOND);
    expect(world.acts).toEqual(['start app']);
    expect(world.typesOf('app')).not.toContain('container.started');
  });

  it.each(OFF)('is given up at as one whose clock is right (%i ms)', async (off) => {
    expect(await ruined(off)).toEqual(await ruined(0));
  });

  it.each(OFF)('has time to start where its probes fail at first (%i ms)', async (clockAheadMs) => {
    const probe = { exec: ['check'], everyMs: 10_000, startMs: 3 * MINUTE };
    world = new World({ engine: { clockAheadMs }, containers: { app: { probe: [probe] } } });
    let begunAt = -Infinity;
    world.running('app');
    world.runtime.onExec('app', () => ({
      exitCode: world.clock.now() < begunAt + 2 * MINUTE ? 1 : 0,
      output: '',
    }));
    await world.start();
    world.runtime.crash('app', 1);
    begunAt = world.clock.now();
    await world.advance(10 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start app']);
    expect(world.view('app').status).toBe('healthy');
  });

  it.each(OFF)('has its health checks believed (%i ms)', async (clockAheadMs) => {
    world = new World({ engine: { clockAheadMs } });
    await world.running({ name: 'app', health: 'healthy', healthCheck: { intervalMs: 30_000 } }).start();
    await world.ailing('app', 10 * MINUTE);
    expect(world.acts).toContain('restart app');
  });
});
