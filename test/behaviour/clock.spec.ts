import { afterEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));
afterEach(() => world.stop());

describe('after the clock was set', () => {
  it('what is unhealthy stays so, although its last check seems long ago', async () => {
    await make({ restart: { unhealthy: 'notify' } })
      .running({ name: 'db', health: 'healthy', healthCheck: { intervalMs: 300_000 } })
      .start();
    for (let check = 0; check < 2; check++) {
      world.runtime.setHealth('db', 'unhealthy', 'bad');
      await world.advance(4 * MINUTE, SECOND);
    }
    world.runtime.setHealth('db', 'unhealthy', 'bad');
    world.clock.jumpWallClock(8 * HOUR);
    await world.advance(3 * MINUTE, SECOND);
    expect(world.told).toEqual(['container.unhealthy db']);
  });

  it('what is still starting is waited for as long as its start period says', async () => {
    make({ containers: { web: { dependsOn: ['db'] } } }).running('web');
    world.runtime.add({
      name: 'db',
      startedAt: world.clock.now(),
      health: 'starting',
      healthCheck: { intervalMs: 30_000, startPeriodMs: 30 * MINUTE },
    });
    await world.start();
    world.runtime.crash('web', 1);
    await world.advance(30 * SECOND, SECOND);
    world.clock.jumpWallClock(DAY);
    await world.advance(2 * MINUTE, SECOND);
    expect(world.view('db').health).toBe('starting');
    expect(world.acts).toEqual([]);
  });

  it('far back, a new failure is told as a new one', async () => {
    await make().running('app').start();
    world.runtime.refuseStart('app', 'no');
    world.runtime.crash('app', 1);
    await world.advance(2 * SECOND);
    world.runtime.refuseStart('app', null);
    await world.advance(15 * MINUTE, SECOND);
    const told = world.told.length;
    world.clock.jumpWallClock(-30 * DAY);
    await world.advance(2 * HOUR, 10 * SECOND);
    world.runtime.refuseStart('app', 'again no');
    world.runtime.crash('app', 1);
    await world.advance(5 * SECOND);
    expect(world.told.slice(told)).toContain('container.restart_failed app');
  });

  it('pages hear of the times that moved, and sentences say the same as the fields', async () => {
    await make().running('held', 'failing').start();
    await world.monitor.hold('held', 'backup', 'ann', 3 * HOUR);
    world.runtime.refuseStart('failing', 'no');
    world.runtime.crash('failing', 1);
    await world.advance(2 * MINUTE, SECOND);
    const before = world.events.length;
    world.clock.jumpWallClock(5 * HOUR);
    await world.advance(3 * MINUTE, SECOND);
    const changed = world.events.slice(before).filter(({ type }) => type === 'container.changed');
    expect(changed.map(({ container }) => container)).toEqual(expect.arrayContaining(['held', 'failing']));
    const { nextAttemptAt, decision } = world.view('failing');
    expect(decision.reason).toContain(nextAttemptAt!.slice(11, 16));
    expect(world.monitor.status().engine.since!.slice(0, 13)).toBe('2026-01-01T05');
  });
});
