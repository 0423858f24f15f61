import { afterEach, describe, expect, it } from 'vitest';
import type { ContainerSpec } from '../../src/testing/index.js';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));
afterEach(() => world.stop());

const inShop = (name: string, more: Partial<ContainerSpec> = {}): ContainerSpec => ({
  name,
  pod: 'shop',
  ...more,
});

describe('a pod', () => {
  it('is listed by its members alone', async () => {
    await make().running(inShop('web'), inShop('db')).start();
    await world.advance(MINUTE, SECOND);
    expect(world.monitor.containers().map(({ name }) => name)).toEqual(['web', 'db']);
    expect(world.monitor.status().containers.total).toBe(2);
    expect(world.acts).toEqual([]);
  });

  it('gets back what holds its namespaces, and its members are restarted in order, as one incident', async () => {
    await make({ containers: { web: { dependsOn: ['db'] } } })
      .running(inShop('web'), inShop('db'), 'other')
      .start();
    world.runtime.crash('shop-infra', 137);
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual(['start shop-infra', 'restart db', 'restart web']);
    await world.advance(HOUR, SECOND);
    expect(world.acts).toHaveLength(3);
    expect(world.told).toEqual([]);
    expect(world.view('web')).toMatchObject({ status: 'healthy', attempts: 0 });
    const incidents = world.monitor.incidents();
    expect(incidents).toMatchObject([{ status: 'resolved', cause: { container: 'pod shop' } }]);
    expect(incidents[0]!.victims.map(({ container }) => container).toSorted()).toEqual(['db', 'web']);
  });

  it('is given up, and told once, when that does not stay up', async () => {
    await make().running(inShop('web'), inShop('db')).start();
    world.runtime.refuseStart('shop-infra', 'no space left on device');
    world.runtime.crash('shop-infra', 137);
    await world.advance(30 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start shop-infra', 'start shop-infra', 'start shop-infra']);
    expect(world.told).toEqual(['container.restart_failed pod shop', 'container.given_up pod shop']);
    for (const name of ['web', 'db'])
      expect(world.view(name)).toMatchObject({ status: 'waiting', blockedBy: ['pod shop'] });
    expect(world.monitor.incidents()).toHaveLength(1);
  });

  it('gets new attempts when a person has a member of it tried again', async () => {
    await make().running(inShop('web')).start();
    world.runtime.refuseStart('shop-infra', 'no space left on device');
    world.runtime.crash('shop-infra', 137);
    await world.advance(10 * MINUTE, SECOND);
    world.runtime.refuseStart('shop-infra', null);
    await world.monitor.retry('web', 'ann');
    await world.advance(MINUTE, SECOND);
    expect(world.acts.slice(3)).toEqual(['start shop-infra', 'restart web']);
    expect(world.view('web').status).toBe('healthy');
  });

  it('stays given up when a member goes down after it', async () => {
    await make().running(inShop('web'), inShop('db')).start();
    world.runtime.refuseStart('shop-infra', 'no space left on device');
    world.runtime.crash('shop-infra', 137);
    await world.advance(10 * MINUTE, SECOND);
    for (const name of ['web', 'db']) {
      world.runtime.refuseStart(name, 'no space left on device');
      world.runtime.crash(name);
    }
    await world.advance(10 * MINUTE, SECOND);
    const [incident] = world.monitor.incidents().filter(({ cause }) => cause.container === 'pod shop');
    expect(incident!.status).toBe('open');
  });

  it.each<[string, Partial<ContainerSpec>]>([
    ['ignored', { labels: { 'health-monitor.ignore': 'true' } }],
    ["systemd's", { labels: { PODMAN_SYSTEMD_UNIT: 'web.service' } }],
  ])('is left alone when all that runs in it is %s', async (_, more) => {
    await make().running(inShop('web', more)).start();
    world.runtime.crash('shop-infra', 137);
    await world.advance(HOUR, 5 * SECOND);
    expect(world.acts).toEqual([]);
  });

  it('is waited for by one outside of it that depends on it', async () => {
    await make({ containers: { proxy: { dependsOn: ['pod shop'] } } })
      .running(inShop('web'), 'proxy')
      .start();
    await world.runtime.userStop('shop-infra');
    world.runtime.crash('proxy');
    await world.advance(MINUTE, SECOND);
    expect(world.view('proxy')).toMatchObject({ status: 'waiting', blockedBy: ['pod shop'] });
  });

  it('is left alone when it ends after the last of its members', async () => {
    await make()
      .running(inShop('job', { labels: { 'health-monitor.ignore': 'true' } }))
      .start();
    world.runtime.crash('job', 0);
    await world.advance(SECOND);
    await world.runtime.userStop('shop-infra');
    await world.advance(HOUR, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.monitor.incidents()).toEqual([]);
  });

  it('comes back with a member that is healed, when the engine ended it after that', async () => {
    await make().running(inShop('web')).start();
    world.runtime.crash('web');
    await world.runtime.userStop('shop-infra');
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual(['start web']);
    expect(world.runtime.peek('shop-infra').state).toBe('running');
    expect(world.monitor.incidents()).toMatchObject([{ cause: { container: 'web' } }]);
  });

  it.each(['flag', 'events', 'never'] as const)(
    'is left off when a person stops it, whoever of it ends first (%s)',
    async (tellsWhoStopped) => {
      await make({ engine: { tellsWhoStopped } })
        .running(inShop('web', { onStop: { takesMs: 9 * SECOND } }), inShop('db'))
        .start();
      const stops = ['shop-infra', 'db', 'web'].map((name) => world.runtime.userStop(name));
      await world.advance(HOUR, SECOND);
      await Promise.all(stops);
      expect(world.acts).toEqual([]);
      expect(world.told).toEqual([]);
    },
  );

  it('whose pid namespace is shared is brought back as one', async () => {
    await make().running(inShop('web'), inShop('db')).start();
    world.runtime.crash('shop-infra', 137);
    world.runtime.crash('web', 137);
    world.runtime.crash('db', 137);
    await world.advance(MINUTE, SECOND);
    for (const name of ['shop-infra', 'web', 'db']) expect(world.runtime.peek(name).state).toBe('running');
    expect(world.monitor.incidents()).toMatchObject([{ cause: { container: 'pod shop' } }]);
    expect(world.told).toEqual([]);
  });

  it('restarts those that were left behind when the engine brought it back with another', async () => {
    await make({ containers: { 'pod shop': { ignore: true } } })
      .running(inShop('web'), inShop('db'))
      .start();
    world.runtime.crash('shop-infra', 137);
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    world.runtime.crash('db');
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual(['start db', 'restart web']);
  });

  it('is known again in the next process', async () => {
    await make().running(inShop('web'), inShop('db')).start();
    await world.advance(MINUTE, SECOND);
    await world.restart();
    world.runtime.crash('shop-infra', 137);
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual(['start shop-infra', 'restart web', 'restart db']);
    expect(world.monitor.incidents()).toHaveLength(1);
  });
});
