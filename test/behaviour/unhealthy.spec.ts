import { afterEach, describe, expect, it, vi } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));
afterEach(() => world.stop());

const checked = (name: string, more = {}) => ({ name, health: 'healthy' as const, ...more });

describe('an unhealthy container', () => {
  it('is restarted after a minute, with its own stop timeout', async () => {
    await make()
      .running(checked('app', { stopTimeoutMs: 42 * SECOND }))
      .start();
    const timeouts: number[] = [];
    const restart = world.runtime.restart.bind(world.runtime);
    world.runtime.restart = (id, options) => {
      timeouts.push(options.timeoutMs);
      return restart(id, options);
    };
    await world.ailing('app', 100 * SECOND);
    expect(world.view('app')).toMatchObject({
      status: 'unhealthy',
      decision: { code: 'unhealthy-watching' },
    });
    await world.ailing('app', 30 * SECOND);
    expect(world.acts).toEqual(['restart app']);
    expect(timeouts).toEqual([42 * SECOND]);
    await world.advance(3 * MINUTE, SECOND);
    expect(world.told).toEqual([]);
    expect(world.view('app')).toMatchObject({ status: 'healthy', wish: 'running' });
  });

  it.each<['flag' | 'events', number]>([
    ['flag', 0],
    ['events', 30 * SECOND],
  ])('is noticed by its event (%s): at once, or with the next check on Podman 4', async (tells, afterMs) => {
    await make({ engine: { tellsWhoStopped: tells }, check: { intervalMs: HOUR } })
      .running(checked('app'))
      .start();
    const inspect = vi.spyOn(world.runtime, 'inspect');
    world.runtime.setHealth('app', 'healthy');
    await world.settle();
    expect(inspect).not.toHaveBeenCalled();
    await world.ailing('app', afterMs);
    expect(world.view('app').status).toBe('healthy');
    world.runtime.setHealth('app', 'unhealthy');
    await world.settle();
    expect(world.view('app')).toMatchObject({
      status: 'unhealthy',
      decision: { code: 'unhealthy-watching' },
    });
  });

  it('is told from one whose checks go on and pass', async () => {
    await make().running(checked('app')).start();
    for (let passed = 0; passed < 10 * MINUTE; passed += 30 * SECOND) {
      world.runtime.setHealth('app', 'healthy');
      await world.advance(30 * SECOND, SECOND);
      expect(world.view('app')).toMatchObject({
        health: 'healthy',
        decision: { reason: 'Healthy. Nothing to do.' },
      });
    }
  });

  it('for less than a minute is left', async () => {
    await make().running(checked('app')).start();
    await world.ailing('app', 55 * SECOND);
    world.runtime.setHealth('app', 'healthy');
    await world.advance(5 * MINUTE, SECOND);
    expect(world.acts).toEqual([]);
  });

  it('is restarted three times, then given up, and told', async () => {
    await make().running(checked('app')).start();
    world.runtime.onStart('app', { health: 'unhealthy' });
    await world.ailing('app', 10 * MINUTE);
    expect(world.acts).toEqual(['restart app', 'restart app', 'restart app']);
    expect(world.told).toEqual(['container.given_up app']);
    expect(world.notifications[0]!.message).toMatch(
      /^Container restarted \(3\/3 attempts\) and is still not healthy\. May need manual attention\. Next try at \d\d:\d\d\.$/,
    );
    world.runtime.setHealth('app', 'healthy');
    await world.advance(90 * SECOND, SECOND);
    expect(world.told).toEqual(['container.given_up app', 'container.recovered app']);
    expect(world.notifications[1]!.message).toMatch(/^Unhealthy for \d+ minutes/);
  });

  it('in the data-safe set is told, with what its check said, and never restarted', async () => {
    await make({ preset: 'archipelago' }).running(checked('archy-bitcoin-knots')).start();
    await world.ailing('archy-bitcoin-knots', 4 * MINUTE, 'RPC refused: rpcpassword=hunter2\u001b[31m !');
    expect(world.acts).toEqual([]);
    expect(world.told).toEqual(['container.unhealthy bitcoin-knots']);
    const { title, message } = world.notifications[0]!;
    expect(title).toBe('archy-bitcoin-knots is unhealthy');
    expect(message).toMatch(
      /^Its health check has failed for 1 minute.*: RPC refused: rpcpassword=••• ! Left alone because a restart could harm its data\.$/,
    );
    world.runtime.setHealth('archy-bitcoin-knots', 'healthy');
    await world.advance(2 * MINUTE, SECOND);
    expect(world.told).toEqual(['container.unhealthy bitcoin-knots', 'container.recovered bitcoin-knots']);
  });

  it('whose rule is to ignore it is left in silence', async () => {
    await make({ restart: { unhealthy: 'ignore' } })
      .running(checked('app'))
      .start();
    await world.ailing('app', 5 * MINUTE);
    expect(world.acts).toEqual([]);
    expect(world.told).toEqual([]);
    expect(world.view('app').status).toBe('unhealthy');
  });

  it('because what it needs is away is neither restarted nor told', async () => {
    await make({ restart: { unhealthy: 'notify' }, containers: { app: { dependsOn: ['db'] } } })
      .running('db', checked('app'))
      .start();
    await world.monitor.stop('db', 'ann');
    await world.ailing('app', 5 * MINUTE);
    expect(world.acts).toEqual(['stop db']);
    expect(world.told).toEqual([]);
    expect(world.view('app')).toMatchObject({ status: 'waiting', blockedBy: ['db'] });
  });

  it('whose checks do not run on this host is shown as without one', async () => {
    await make()
      .running(checked('app', { health: 'starting' }))
      .start();
    await world.advance(10 * MINUTE, SECOND);
    expect(world.view('app')).toMatchObject({ health: 'none', status: 'healthy' });
    expect(world.view('app').decision.reason).toBe(
      'Up. Its health check does not run on this host, so nothing more is known.',
    );
  });

  it('every eleven minutes is told at the fourth restart in a day, once', async () => {
    await make().running(checked('app')).start();
    for (let round = 0; round < 5; round++) {
      await world.ailing('app', 150 * SECOND);
      if (world.runtime.peek('app').health !== 'healthy') world.runtime.setHealth('app', 'healthy');
      await world.advance(11 * MINUTE, SECOND);
    }
    expect(world.acts.length).toBeGreaterThanOrEqual(4);
    expect(world.told).toEqual(['container.crash_loop app']);
    expect(world.notifications[0]!.message).toBe(
      'Restarted 4 times in 24 hours, since its health check failed. It may need you.',
    );
  });
});

describe("watch: 'apps'", () => {
  it('leaves backend and -ui containers alone, and heals apps', async () => {
    await make({ preset: 'archipelago', watch: 'apps' })
      .running('archy-mempool-db', 'bitcoin-ui', 'my-ui', 'nextcloud')
      .start();
    for (const name of ['archy-mempool-db', 'bitcoin-ui', 'my-ui', 'nextcloud']) world.runtime.crash(name);
    await world.advance(2 * HOUR, SECOND);
    expect(world.acts).toEqual(['start nextcloud']);
    expect(world.view('my-ui').status).toBe('ignored');
    expect(world.told).toEqual([]);
  });
});

describe('a vanished process', () => {
  it('is brought back by a stop and a start', async () => {
    await make().running('app').start();
    world.runtime.vanish('app');
    await world.advance(65 * SECOND, SECOND);
    expect(world.acts).toEqual(['restart app']);
    expect(world.view('app')).toMatchObject({ status: 'healthy', attempts: 1 });
  });
});
