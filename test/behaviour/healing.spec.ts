import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ExitHint } from '../../src/health-monitor/runtime/index.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));

afterEach(() => world.stop());

describe('healing', () => {
  it('starts a crashed container again at once, and tells nobody', async () => {
    await make().running('app').start();
    world.runtime.crash('app', 1);
    await world.advance(250);
    expect(world.acts).toEqual(['start app']);
    expect(world.view('app')).toMatchObject({ status: 'healthy', attempts: 1, state: 'running' });
    await world.advance(70_000, 1_000);
    expect(world.told).toEqual([]);
    expect(world.typesOf('app')).toContain('container.recovered');
  });

  it('says the engine’s own words without the secrets in them', async () => {
    await make().running('app').start();
    world.runtime.refuseStart('app', 'cannot reach postgres://u:hunter2@db');
    world.runtime.crash('app', 1);
    await world.advance(60_000, 1_000);
    const said = JSON.stringify([world.events, world.monitor.incidents(), world.monitor.recording()]);
    expect(said).toContain('cannot reach postgres://');
    expect(said).not.toContain('hunter2');
  });

  it.each<['flag' | 'events' | 'never', number, string[]]>([
    ['flag', 139, ['start app']],
    ['flag', 1, []],
    ['events', 139, []],
    ['never', 139, []],
  ])(
    'starts before any event what the host shows to have crashed, where the engine says that nobody stopped it (%s, %i)',
    async (tellsWhoStopped, exitCode, acts) => {
      const { runtime } = make({ engine: { tellsWhoStopped } }).running('app', 'stopped');
      let hear: (exit: ExitHint) => void = () => expect.unreachable('Nobody listens.');
      const events = runtime.events.bind(runtime);
      vi.spyOn(runtime, 'events').mockImplementation((options) => {
        hear = options.onExit ?? hear;
        return events(options);
      });
      await world.start();
      runtime.muteEvents();
      runtime.crash('app', exitCode);
      await runtime.userStop('stopped');
      for (const name of ['app', 'stopped']) hear({ id: runtime.peek(name).id, exitCode });
      await world.settle();
      expect(world.acts).toEqual(acts);
      expect(world.view('stopped')).toMatchObject({ state: 'running', wish: 'running' });
    },
  );

  it('makes three attempts, 10 and 30 seconds apart, then gives up and tells once', async () => {
    await make().running('app').start();
    world.runtime.onStart('app', ...Array.from({ length: 20 }, () => ({ diesAfterMs: 1_000, exitCode: 7 })));
    const begin = world.clock.now();
    world.runtime.crash('app', 7);
    await world.advance(60_000);
    const times = world.runtime.acts.map(({ at }) => Math.round((at - begin) / 1000));
    expect(times).toEqual([0, 10, 40]);
    expect(world.view('app')).toMatchObject({ status: 'given-up', attempts: 3 });
    expect(world.told).toEqual(['container.given_up app']);
    expect(world.notifications[0]!.message).toMatch(
      /^Container restarted \(3\/3 attempts\) and exited again with 7\. May need manual attention\. Next try at \d\d:\d\d\.$/,
    );
  });
});
