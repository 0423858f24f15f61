import { afterEach, describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));
afterEach(() => world.stop());

const names = (): string[] =>
  world.monitor
    .containers()
    .map(({ name }) => name)
    .toSorted();

describe('a container that is renamed', () => {
  it('is known under its new name at once, and healed soon after a crash', async () => {
    await make().running('app').start();
    world.runtime.rename('app', 'shop');
    await world.advance(5 * SECOND);
    expect(names()).toEqual(['shop']);
    expect(world.view('shop').status).toBe('healthy');
    world.runtime.crash('shop', 137);
    await world.advance(3 * SECOND);
    expect(world.acts).toEqual(['start shop']);
    expect(world.typesOf('app').at(-1)).toBe('container.removed');
  });

  it('takes its wish, its attempts, its hold and its incident along', async () => {
    await make({ restart: { backoffMs: [0, 30 * SECOND, 90 * SECOND] } })
      .running('off', 'held', 'failing')
      .start();
    await world.monitor.stop('off', 'ann');
    await world.monitor.hold('held', 'backup', 'ann');
    world.runtime.refuseStart('failing', 'busy');
    world.runtime.crash('failing', 1);
    await world.advance(20 * SECOND);
    const { attempts } = world.view('failing');
    expect(attempts).toBeGreaterThan(0);
    for (const name of ['off', 'held', 'failing']) world.runtime.rename(name, `${name}-2`);
    await world.advance(SECOND);
    expect(world.view('off-2')).toMatchObject({ wish: 'stopped', status: 'stopped' });
    expect(world.view('held-2')).toMatchObject({ desired: 'held', hold: { reason: 'backup' } });
    expect(world.view('failing-2').attempts).toBe(attempts);
    await world.advance(10 * MINUTE, SECOND);
    expect(world.monitor.incidents().map(({ cause }) => cause.container)).toEqual(['failing-2']);
    expect(world.told).toHaveLength(2);
  });

  it('has the rules of its new name and its own labels', async () => {
    await make({ containers: { quiet: { ignore: true } } })
      .running('app')
      .start();
    world.runtime.rename('app', 'quiet');
    await world.advance(2 * SECOND);
    expect(world.view('quiet').status).toBe('ignored');
  });

  it('stays the same for its dependents when the name comes back to it', async () => {
    await make({ containers: { web: { dependsOn: ['db'] } } })
      .running('db', 'web')
      .start();
    world.runtime.rename('db', 'db-old');
    await world.advance(2 * SECOND);
    world.runtime.rename('db-old', 'db');
    await world.advance(2 * SECOND);
    world.runtime.crash('db', 1);
    world.runtime.crash('web', 1);
    await world.advance(20 * SECOND);
    expect(world.acts).toEqual(['start db', 'start web']);
    expect(world.view('web').dependsOn).toEqual(['db']);
  });
});

describe('two containers that swap their names', () => {
  it('swap all that goes with the name, and keep all that goes with the id', async () => {
    await make()
      .running({ name: 'blue', labels: { 'health-monitor.ignore': 'true' } }, 'green')
      .start();
    await world.monitor.hold('green', 'backup', 'ann');
    world.runtime.rename('blue', 'tmp');
    world.runtime.rename('green', 'blue');
    world.runtime.rename('tmp', 'green');
    await world.advance(2 * SECOND);
    expect(world.view('green').status).toBe('ignored');
    expect(world.view('blue')).toMatchObject({ hold: { reason: 'backup' } });
    await world.monitor.release('blue', 'ann');
    world.runtime.crash('blue', 1);
    world.runtime.crash('green', 1);
    await world.advance(10 * SECOND);
    expect(world.acts).toEqual(['start blue']);
  });
});

describe('an update that renames the old one, runs the new one, then stops the old one', () => {
  it('leaves the new one wished running, and the old one off', async () => {
    await make().running('app').start();
    world.runtime.rename('app', 'app-old');
    world.runtime.add({ name: 'app' });
    await world.advance(2 * SECOND);
    await world.runtime.userStop('app-old');
    await world.advance(2 * MINUTE, SECOND);
    expect(world.view('app-old')).toMatchObject({ wish: 'stopped', status: 'stopped' });
    world.runtime.crash('app', 1);
    await world.advance(5 * SECOND);
    expect(world.acts).toEqual(['start app']);
  });

  it('does not give the new one the wish of the old one that lives on', async () => {
    await make().running('app').start();
    await world.monitor.stop('app', 'ann');
    world.runtime.rename('app', 'app-old');
    world.runtime.add({ name: 'app' });
    await world.advance(2 * SECOND);
    expect(world.view('app').wish).toBe('running');
    expect(world.view('app-old').wish).toBe('stopped');
  });

  it('holds the new one when the name is held', async () => {
    await make().running('app').start();
    await world.monitor.hold('app', 'backup', 'ann');
    world.runtime.rename('app', 'app-old');
    world.runtime.add({ name: 'app' });
    await world.advance(2 * SECOND);
    for (const name of ['app', 'app-old']) expect(world.view(name).hold).toMatchObject({ reason: 'backup' });
  });
});
