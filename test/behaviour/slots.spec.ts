import { afterEach, describe, expect, it } from 'vitest';
import { SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));
afterEach(() => world.stop());

/** When this one was last acted on, in seconds after `since`. */
const actedOn = (name: string, since: number): number | undefined => {
  const act = world.runtime.acts.findLast((each) => each.name === name);
  return act && (act.at - since) / SECOND;
};

const beingRestarted = (...names: string[]): string[] =>
  names.filter((name) => world.view(name).status === 'restarting');

/** Those for whose start the engine was asked. */
const beingStarted = (...names: string[]): string[] =>
  names.filter((name) => ['start', 'acting'].includes(world.view(name).decision.code));

describe('one sick container delays nobody:', () => {
  it('a start that hangs gives its slot up after five seconds', async () => {
    await make().running('a', 'b', 'c', 'd').start();
    world.runtime.hang('start', 'a');
    world.runtime.hang('start', 'b');
    world.runtime.crash('a');
    world.runtime.crash('b');
    await world.advance(3 * SECOND);
    const before = world.clock.now();
    world.runtime.crash('d');
    await world.advance(SECOND);
    expect(world.view('d').decision).toMatchObject({ code: 'in-line' });
    await world.advance(3 * SECOND);
    expect(actedOn('d', before)).toBeLessThanOrEqual(3);
    const later = world.clock.now();
    world.runtime.crash('c');
    await world.advance(2 * SECOND);
    expect(actedOn('c', later)).toBeLessThan(2);
  });

  it('starts without an answer are never more than three times those that may start at once', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `sick-${index}`);
    await make({ restart: { maxConcurrent: 2 } })
      .running(...names)
      .start();
    for (const name of names) world.runtime.hang('start', name);
    for (const name of names) world.runtime.crash(name);
    await world.advance(60 * SECOND);
    expect(beingStarted(...names)).toHaveLength(6);
  });

  it('a restart that waits for a slow stop delays no start', async () => {
    const slow = {
      health: 'healthy',
      stopTimeoutMs: 300 * SECOND,
      onStop: { takesMs: 290 * SECOND },
    } as const;
    await make()
      .running({ name: 'db1', ...slow }, { name: 'db2', ...slow }, 'web')
      .start();
    while (beingRestarted('db1', 'db2').length < 2) {
      for (const name of ['db1', 'db2']) world.runtime.setHealth(name, 'unhealthy');
      await world.advance(20 * SECOND);
    }
    const before = world.clock.now();
    world.runtime.crash('web');
    await world.advance(2 * SECOND);
    expect(actedOn('web', before)).toBeLessThan(2);
  });

  it('a database whose start hangs after a reboot holds the others back for thirty seconds', async () => {
    await make({
      restart: { maxConcurrent: 4 },
      check: { startupDelayMs: 0 },
      containers: { db: { tier: 'database' } },
    })
      .running('db', 'a1', 'a2', 'a3')
      .start();
    world.runtime.hang('start', 'db');
    await world.reboot();
    const before = world.clock.now();
    await world.advance(28 * SECOND);
    expect(beingStarted('db', 'a1', 'a2', 'a3')).toEqual(['db']);
    await world.advance(4 * SECOND);
    for (const name of ['a1', 'a2', 'a3']) expect(actedOn(name, before)).toBeLessThanOrEqual(31);
  });

  it('the app closes within three seconds while a start hangs, and its attempt does not count', async () => {
    await make().running('a').start();
    world.runtime.hang('start', 'a');
    world.runtime.crash('a');
    await world.advance(SECOND);
    expect(beingStarted('a')).toEqual(['a']);
    const began = performance.now();
    await world.restart();
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(world.view('a').attempts).toBe(1);
  });
});
