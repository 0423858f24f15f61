import { afterEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));
afterEach(() => world.stop());

const refuseAll = (apps: readonly string[], words: ((name: string) => string) | null) => {
  for (const app of apps) world.runtime.refuseStart(app, words === null ? null : words(app));
};
/** So many apps die at one moment, and none of them is started. */
async function crashedAndRefused(count: number, words: (name: string) => string): Promise<string[]> {
  const apps = Array.from({ length: count }, (_, index) => `app${index}`);
  await make()
    .running(...apps)
    .start();
  refuseAll(apps, words);
  for (const app of apps) world.runtime.crash(app, 1);
  return apps;
}
const noSpace = (name: string) => `write /var/lib/containers/${name}/pidfile: no space left on device`;
const openIncidents = () => world.monitor.incidents().filter(({ status }) => status === 'open');

describe('starts that the engine refuses for one cause', () => {
  it('are one incident of the engine with its victims, told once, and over with the first start', async () => {
    const apps = await crashedAndRefused(20, noSpace);
    await world.advance(10 * MINUTE, SECOND);
    expect(world.told).toEqual(['engine.refuses_starts']);
    expect(openIncidents()).toMatchObject([{ kind: 'refused-starts', cause: { container: null } }]);
    expect(new Set(openIncidents()[0]!.victims.map(({ container }) => container))).toEqual(new Set(apps));
    expect(world.view('app3')).toMatchObject({ status: 'waiting', attempts: 0 });

    refuseAll(apps, null);
    await world.advance(2 * MINUTE, SECOND);
    expect(apps.map((app) => world.view(app).status)).toEqual(apps.map(() => 'healthy'));
    await world.advance(HOUR, 10 * SECOND);
    expect(world.told).toEqual(['engine.refuses_starts', 'engine.starts_again']);
    expect(openIncidents()).toEqual([]);
  });

  it('are tried one at a time, in turn: after 10 seconds, 30 seconds, then each minute', async () => {
    await crashedAndRefused(3, noSpace);
    await world.advance(SECOND, 100);
    const begin = world.clock.now();
    const tried: string[] = [];
    const start = world.runtime.start.bind(world.runtime);
    world.runtime.start = (...order) => {
      tried.push(`${order[0]} ${Math.round((world.clock.now() - begin) / SECOND)}`);
      return start(...order);
    };
    await world.advance(4 * MINUTE, SECOND);
    expect(tried).toHaveLength(5);
    expect(tried.map((one) => Number(one.split(' ')[1]))).toEqual([10, 40, 100, 160, 220]);
    expect(new Set(tried.slice(0, 3).map((one) => one.split(' ')[0])).size).toBe(3);
  });

  it('are known by the words of the engine, without what is the own of each', async () => {
    await crashedAndRefused(3, (name) => `statfs /mnt/disk/${name}: no such file or directory`);
    await world.advance(MINUTE, SECOND);
    expect(world.told).toEqual(['engine.refuses_starts']);
  });

  it('stay problems of their own when their causes differ', async () => {
    await make().running('a', 'b', 'c').start();
    world.runtime.refuseStart('a', 'no space left on device');
    world.runtime.refuseStart('b', 'address already in use');
    world.runtime.refuseStart('c', 'no such image');
    for (const app of ['a', 'b', 'c']) world.runtime.crash(app, 1);
    await world.advance(15 * SECOND, SECOND);
    expect(world.told.toSorted()).toEqual([
      'container.restart_failed a',
      'container.restart_failed b',
      'container.restart_failed c',
    ]);
  });

  it('leave alone who is refused for another reason', async () => {
    await crashedAndRefused(4, noSpace);
    await world.advance(5 * SECOND, SECOND);
    world.runtime.refuseStart('app0', 'no such image');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.told).toContain('container.given_up app0');
    const victims = openIncidents().find(({ kind }) => kind === 'refused-starts')?.victims;
    expect(victims?.filter(({ to }) => to === null)).toHaveLength(3);
  });

  it('try at once what a person asks for', async () => {
    const apps = await crashedAndRefused(3, noSpace);
    await world.advance(2 * MINUTE, SECOND);
    refuseAll(apps, null);
    await world.monitor.retry('app2', 'ann');
    await world.advance(SECOND, 100);
    expect(world.view('app2').status).toBe('healthy');
    await world.advance(5 * SECOND, SECOND);
    expect(apps.map((app) => world.view(app).status)).toEqual(['healthy', 'healthy', 'healthy']);
  });

  it('are followed over a restart of the monitor', async () => {
    const apps = await crashedAndRefused(3, noSpace);
    await world.advance(MINUTE, SECOND);
    await world.restart();
    await world.advance(5 * MINUTE, SECOND);
    refuseAll(apps, null);
    await world.advance(5 * MINUTE, SECOND);
    expect(world.told).toEqual(['engine.refuses_starts', 'engine.starts_again']);
    expect(openIncidents()).toEqual([]);
  });

  it('end in silence when nobody is left that should run', async () => {
    const apps = await crashedAndRefused(3, noSpace);
    await world.advance(MINUTE, SECOND);
    for (const app of apps) await world.monitor.stop(app, 'ann').catch(() => undefined);
    await world.advance(2 * MINUTE, SECOND);
    expect(world.told).toEqual(['engine.refuses_starts']);
    expect(openIncidents()).toEqual([]);
  });
});
