import { afterEach, describe, expect, it } from 'vitest';
import { RuntimeError } from '../../src/health-monitor/runtime/index.js';
import type { ContainerSpec } from '../../src/testing/index.js';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));
afterEach(() => world.stop());

const inNetworkOf = (name: string, parent: string, more: Partial<ContainerSpec> = {}): ContainerSpec => ({
  name,
  sharesNamespaces: { [parent]: ['network'] },
  ...more,
});
const torrent = inNetworkOf('torrent', 'vpn');

describe('a container in the network of another one', () => {
  it('is restarted after a new run of that one, once, as part of the same incident', async () => {
    await make().running('vpn', torrent).start();
    world.runtime.crash('vpn', 137);
    await world.advance(6 * SECOND);
    expect(world.acts).toEqual(['start vpn', 'restart torrent']);
    await world.advance(HOUR, SECOND);
    expect(world.acts).toHaveLength(2);
    expect(world.view('torrent')).toMatchObject({ attempts: 0, status: 'healthy', dependsOn: ['vpn'] });
    expect(world.told).toEqual([]);
    const incidents = world.monitor.incidents();
    expect(incidents).toMatchObject([
      { status: 'resolved', cause: { container: 'vpn' }, victims: [{ container: 'torrent' }] },
    ]);
    const [victim] = incidents[0]!.victims;
    expect(Date.parse(victim!.to!)).toBeGreaterThan(Date.parse(victim!.from));
  });

  it('says why', async () => {
    await make().running('vpn', torrent).start();
    world.runtime.crash('vpn', 137);
    await world.advance(6 * SECOND);
    const seen = world.events.filter(({ container }) => container === 'torrent');
    expect(JSON.stringify(seen)).toContain(
      'It still runs in the network of the former run of vpn; restarting it.',
    );
  });

  it('is restarted after a restart of that one by a person, which is no incident that is told', async () => {
    await make().running('vpn', torrent).start();
    await world.runtime.userRestart('vpn');
    await world.advance(10 * SECOND);
    expect(world.acts).toEqual(['restart torrent']);
    await world.advance(HOUR, SECOND);
    expect(world.acts).toHaveLength(1);
    expect(world.told).toEqual([]);
  });

  it('is restarted when the monitor finds it in a network that is gone, and never when that is its own', async () => {
    make().running('vpn');
    world.runtime.add({ ...torrent, startedAt: world.clock.now() - 48 * HOUR });
    world.runtime.add(inNetworkOf('younger', 'vpn', { startedAt: world.clock.now() - HOUR }));
    await world.start();
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual(['restart torrent']);
    await world.restart();
    await world.advance(HOUR, SECOND);
    expect(world.acts).toEqual(['restart torrent']);
    expect(world.told).toEqual([]);
  });

  it('is followed by those in its own, one generation after the other', async () => {
    await make().running('vpn', torrent, inNetworkOf('ui', 'torrent')).start();
    world.runtime.crash('vpn', 137);
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual(['start vpn', 'restart torrent', 'restart ui']);
    expect(world.monitor.incidents()).toHaveLength(1);
  });

  it('is restarted with its own stop timeout, also when a restart for its health could harm its data', async () => {
    await make({ preset: 'archipelago' })
      .running('vpn', inNetworkOf('archy-lnd', 'vpn', { onStop: { takesMs: 100 * SECOND } }))
      .start();
    world.runtime.crash('vpn', 137);
    await world.advance(3 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start vpn', 'restart archy-lnd']);
    const stopTook = world.runtime.peek('archy-lnd').startedAt! - world.runtime.acts.at(-1)!.at;
    expect(stopTook / SECOND).toBeCloseTo(100, 0);
  });

  it('is left alone while it is held, and restarted when that is over', async () => {
    await make().running('vpn', torrent).start();
    await world.monitor.hold('torrent', 'backup', 'ann');
    world.runtime.crash('vpn', 137);
    await world.advance(HOUR, 5 * SECOND);
    expect(world.acts).toEqual(['start vpn']);
    await world.monitor.release('torrent', 'ann');
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual(['start vpn', 'restart torrent']);
  });

  it.each<[string, Partial<ContainerSpec>]>([
    ['is ignored', { labels: { 'health-monitor.ignore': 'true' } }],
    ["is systemd's", { labels: { PODMAN_SYSTEMD_UNIT: 'torrent.service' } }],
    ['was stopped by a person', { state: 'exited', exitCode: 0, exitedAt: 0 }],
  ])('is left alone when it %s', async (_, more) => {
    await make()
      .running('vpn', { ...torrent, ...more })
      .start();
    world.runtime.crash('vpn', 137);
    await world.advance(HOUR, 5 * SECOND);
    expect(world.acts).toEqual(['start vpn']);
  });

  it('is left alone where `restart: false` says so', async () => {
    await make({ containers: { torrent: { dependsOn: { vpn: { restart: false } } } } })
      .running('vpn', torrent)
      .start();
    world.runtime.crash('vpn', 137);
    await world.advance(HOUR, 5 * SECOND);
    expect(world.acts).toEqual(['start vpn']);
    expect(world.view('torrent').status).toBe('healthy');
  });

  it('is told of where the monitor only observes, until somebody restarts it', async () => {
    await make({ mode: 'observe' }).running('vpn', torrent).start();
    await world.runtime.userRestart('vpn');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.told).toEqual(['container.unhealthy torrent']);
    expect(world.notifications.at(-1)?.message).toBe(
      'It still runs in the network of the former run of vpn. Left alone because the monitor only observes.',
    );
    await world.runtime.userRestart('torrent');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.told).toEqual(['container.unhealthy torrent', 'container.recovered torrent']);
  });

  it('is told of where the monitor only observes and somebody else brought back what had died', async () => {
    await make({ mode: 'observe' }).running('vpn', torrent).start();
    world.runtime.crash('vpn', 137);
    await world.advance(20 * SECOND);
    await world.runtime.userStart('vpn');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.told).toEqual(['container.unhealthy torrent']);
  });

  it('is healed as ever when its restart fails', async () => {
    await make().running('vpn', torrent).start();
    world.runtime.onStart('torrent', { diesAfterMs: SECOND }, {});
    world.runtime.crash('vpn', 137);
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start vpn', 'restart torrent', 'start torrent']);
    expect(world.view('torrent').status).toBe('healthy');
  });

  it('is restarted once, although its health check fails, too', async () => {
    await make()
      .running('vpn', { ...torrent, health: 'healthy' })
      .start();
    world.runtime.crash('vpn', 137);
    world.runtime.setHealth('torrent', 'unhealthy');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start vpn', 'restart torrent']);
    expect(world.view('torrent')).toMatchObject({ attempts: 0, status: 'healthy' });
    expect(world.told).toEqual([]);
  });
});

describe('a container in the pid namespace of another one', () => {
  it('dies with it, and is its victim', async () => {
    await make()
      .running('vpn', { name: 'tool', sharesNamespaces: { vpn: ['pid'] } })
      .start();
    world.runtime.crash('vpn', 137);
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start vpn', 'start tool']);
    expect(world.monitor.incidents()).toMatchObject([
      { status: 'resolved', cause: { container: 'vpn' }, victims: [{ container: 'tool' }] },
    ]);
    expect(world.told).toEqual([]);
  });

  describe('that was made anew, and so is gone', () => {
    it('is told once when it is down, never started, and starts when it was made anew itself', async () => {
      await make().running('vpn', torrent).start();
      world.runtime.recreate('vpn');
      await world.advance(40 * SECOND, SECOND);
      world.runtime.crash('torrent');
      await world.advance(3 * HOUR, 5 * SECOND);
      expect(world.acts).toEqual([]);
      expect(world.told).toEqual(['container.down torrent']);
      expect(world.notifications[0]!.message).toMatch(
        /^It exited with 1\. Down for .*\. Not restarted: it starts only with the container [0-9a-f]{12}, which is gone\. It must be made anew\.$/,
      );
      expect(world.view('torrent')).toMatchObject({
        status: 'down',
        attempts: 0,
        decision: { code: 'requirement-gone' },
      });
      world.runtime.recreate('torrent');
      await world.advance(10 * MINUTE, SECOND);
      expect(world.view('torrent').status).toBe('healthy');
      expect(world.told).toEqual(['container.down torrent', 'container.recovered torrent']);
    });

    it('is told once while it runs on, and not restarted, since it would not come back', async () => {
      await make()
        .running('vpn', { ...torrent, health: 'healthy' })
        .start();
      world.runtime.recreate('vpn');
      await world.advance(MINUTE, SECOND);
      expect(world.told).toEqual([]);
      world.runtime.setHealth('torrent', 'unhealthy');
      await world.advance(HOUR, 5 * SECOND);
      expect(world.acts).toEqual([]);
      expect(world.told).toEqual(['container.unhealthy torrent']);
      expect(world.view('torrent')).toMatchObject({
        status: 'unhealthy',
        decision: {
          code: 'cut-off',
          reason: expect.stringMatching(
            /^A restart would end it for good: it runs in the network of the container [0-9a-f]{12}, which is gone\. It must be made anew\.$/,
          ) as string,
        },
      });
    });

    it('is one incident with all that need the same, and told once', async () => {
      make().running('vpn');
      for (const name of ['a', 'b', 'c', 'd', 'e']) world.running(inNetworkOf(name, 'vpn'));
      await world.start();
      world.runtime.recreate('vpn');
      await world.advance(HOUR, 5 * SECOND);
      expect(world.told).toEqual(['container.unhealthy a']);
      expect(world.monitor.incidents()).toHaveLength(1);
    });

    it('is over when all of them were made anew, one after the other', async () => {
      const names = ['a', 'b', 'c', 'd', 'e'];
      make().running('vpn');
      for (const name of names) world.running(inNetworkOf(name, 'vpn'));
      await world.start();
      world.runtime.recreate('vpn');
      await world.advance(10 * MINUTE, SECOND);
      expect(world.notifications[0]!.message).toMatch(/ The same holds for b, c, d, e\.$/);
      for (const name of names) {
        world.runtime.recreate(name);
        await world.advance(70 * SECOND, SECOND);
      }
      await world.advance(10 * MINUTE, SECOND);
      expect(world.told).toEqual(['container.unhealthy a', 'container.recovered a']);
      expect(world.monitor.incidents()).toHaveLength(1);
    });

    it('stays so while the engine does not answer the question again', async () => {
      await make().running('vpn', torrent).start();
      const gone = world.runtime.peek('vpn').id;
      world.runtime.recreate('vpn');
      await world.advance(2 * MINUTE, SECOND);
      const inspect = world.runtime.inspect.bind(world.runtime);
      world.runtime.inspect = (id, options) =>
        id === gone ? Promise.reject(new RuntimeError('timeout', 'no answer')) : inspect(id, options);
      world.runtime.crash('torrent');
      await world.advance(HOUR, 5 * SECOND);
      expect(world.acts).toEqual([]);
      expect(world.view('torrent').decision.code).toBe('requirement-gone');
    });

    it('is told again when it goes down, since it does not come back', async () => {
      await make().running('vpn', torrent).start();
      world.runtime.recreate('vpn');
      await world.advance(10 * MINUTE, SECOND);
      world.runtime.crash('torrent');
      await world.advance(HOUR, 5 * SECOND);
      expect(world.told).toEqual(['container.unhealthy torrent', 'container.down torrent']);
    });

    it('is believed to be gone only when the engine says so', async () => {
      make().running('vpn', torrent);
      const list = world.runtime.list.bind(world.runtime);
      world.runtime.list = async () => (await list()).filter(({ name }) => name !== 'vpn');
      await world.start();
      await world.advance(HOUR, 5 * SECOND);
      expect(world.told).toEqual([]);
      expect(world.view('torrent').status).toBe('healthy');
    });

    it('is no problem when it is made anew as well, as Compose does', async () => {
      await make().running('vpn', torrent).start();
      world.runtime.recreate('vpn');
      await world.advance(20 * SECOND, SECOND);
      world.runtime.recreate('torrent');
      await world.advance(HOUR, 5 * SECOND);
      expect(world.told).toEqual([]);
      expect(world.view('torrent').status).toBe('healthy');
    });
  });
});
