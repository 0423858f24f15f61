import { afterEach, describe, expect, it } from 'vitest';
import { RuntimeError } from '../../src/index.js';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

const MIB = 1024 * 1024;

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));
afterEach(() => world.stop());

const AWAY = new RuntimeError('outage', 'socket closed');

/** Restarts fail so; returns what ends that. */
function restartsFail(error: RuntimeError, times = Infinity): () => void {
  const { runtime } = world;
  const restart = runtime.restart.bind(runtime);
  let failed = 0;
  runtime.restart = (...order) => (failed++ < times ? Promise.reject(error) : restart(...order));
  return () => (runtime.restart = restart);
}

describe('a restart that was not made', () => {
  it('leaves a stop by hand after it a stop by hand', async () => {
    await make().running('app').start();
    const mend = restartsFail(new RuntimeError('refused', 'no'));
    await world.monitor.restart('app', 'ann').catch(() => undefined);
    mend();
    await world.advance(10 * SECOND);
    await world.runtime.userStop('app');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.view('app').wish).toBe('stopped');
  });

  it('answers no leak: it is made the next night', async () => {
    make({ containers: { app: { onLeak: 'restart', leakRestartWindow: '03:00-05:00' } } });
    await world.running({ name: 'app', memory: { usedBytes: 400 * MIB, limitBytes: 2048 * MIB } }).start();
    restartsFail(AWAY, 1);
    let used = 400 * MIB;
    for (let passed = 0; passed < 48 * HOUR; passed += 5 * MINUTE) {
      used += (30 * MIB * 5 * MINUTE) / HOUR;
      world.runtime.setMemory('app', Math.round(used), 2048 * MIB);
      await world.advance(5 * MINUTE, 5 * MINUTE);
    }
    expect(world.acts).toEqual(['restart app']);
  });

  it('answers no new run of a dependency: it is made when the engine is back', async () => {
    make({ containers: { web: { dependsOn: { db: { condition: 'healthy', restart: true } } } } });
    await world.running('db', 'web').start();
    const mend = restartsFail(AWAY);
    await world.advance(3 * MINUTE, SECOND);
    world.runtime.crash('db', 1);
    await world.advance(30 * SECOND, SECOND);
    mend();
    await world.advance(20 * MINUTE, SECOND);
    expect(world.acts).toContain('restart web');
  });

  it('counts towards no crash loop', async () => {
    await make()
      .running({ name: 'db', health: 'healthy', healthCheck: { intervalMs: 30_000 } })
      .start();
    restartsFail(AWAY);
    await world.ailing('db', 5 * MINUTE, 'bad');
    expect(world.told).not.toContain('container.crash_loop db');
  });
});

describe('a failure that comes again after a hold', () => {
  it('is an incident of its own', async () => {
    await make().running('app').start();
    world.runtime.refuseStart('app', 'no');
    world.runtime.crash('app', 1);
    await world.advance(2 * MINUTE, SECOND);
    await world.monitor.hold('app', 'x', 'ann');
    await world.advance(30 * MINUTE, SECOND);
    await world.monitor.release('app', 'ann');
    await world.advance(2 * MINUTE, SECOND);
    expect(new Set(world.monitor.incidents().map(({ id }) => id)).size).toBe(2);
  });
});

describe('an image upgrade over which the monitor is restarted, too', () => {
  it('keeps the dependents waiting for the container that is not there yet', async () => {
    await make({ containers: { web: { dependsOn: ['db'] } } })
      .running('db', 'web')
      .start();
    world.runtime.remove('db');
    world.runtime.crash('web', 1);
    await world.advance(MINUTE, SECOND);
    await world.restart();
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    world.runtime.add({ name: 'db' });
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual(['start web']);
  });
});
