import { afterEach, describe, expect, it } from 'vitest';
import { RuntimeError } from '../../src/index.js';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));
afterEach(() => world.stop());

/** Seconds from `begin` to each act. */
const secondsOf = (begin: number) => world.runtime.acts.map(({ at }) => Math.round((at - begin) / SECOND));
const diesAlways = { diesAfterMs: SECOND, exitCode: 7 };

describe('attempts', () => {
  it('follow at 0, 10 and 30 s, then a verdict, and three more an hour after the last', async () => {
    await make().running('app').start();
    world.runtime.onStart('app', diesAlways);
    const begin = world.clock.now();
    world.runtime.crash('app', 7);
    await world.advance(45 * SECOND);
    expect(secondsOf(begin)).toEqual([0, 10, 40]);
    expect(world.view('app')).toMatchObject({
      status: 'given-up',
      nextAttemptAt: new Date(world.runtime.acts.at(-1)!.at + HOUR).toISOString(),
    });
    await world.advance(HOUR + 45 * SECOND);
    expect(secondsOf(begin)).toEqual([0, 10, 40, 3640, 3650, 3680]);
    expect(world.told).toEqual(['container.given_up app']);
    expect(world.typesOf('app')).toContain('container.rearmed');
  });

  it('that are refused end in a verdict at once, with two messages in all', async () => {
    await make().running('app').start();
    world.runtime.refuseStart('app', 'crun: no such file: /data');
    const begin = world.clock.now();
    world.runtime.crash('app', 1);
    await world.advance(41 * SECOND);
    expect(secondsOf(begin)).toEqual([0, 10, 40]);
    expect(world.notifications.map(({ title, message }) => [title, message])).toEqual([
      [
        'app could not be started',
        'Auto-restart failed (attempt 1/3). Container state: exited. crun: no such file: /data.',
      ],
      [
        'app was given up',
        expect.stringMatching(
          /^Auto-restart failed \(3\/3 attempts\)\. crun: no such file: \/data\. May need manual attention\. Next try at \d\d:\d\d\.$/,
        ),
      ],
    ]);
  });

  it('are forgotten after ten minutes up', async () => {
    await make().running('app').start();
    world.runtime.crash('app');
    await world.advance(SECOND);
    expect(world.view('app').attempts).toBe(1);
    await world.advance(9 * MINUTE, 5 * SECOND);
    expect(world.view('app').attempts).toBe(1);
    await world.advance(MINUTE, SECOND);
    expect(world.view('app').attempts).toBe(0);
  });

  it('that the engine does not answer within two minutes have failed; then it is looked at anew', async () => {
    await make().running('app').start();
    world.runtime.onStart('app', { takesMs: 121 * SECOND }, { takesMs: 5 * SECOND }, {});
    world.runtime.crash('app');
    await world.advance(119 * SECOND, SECOND);
    expect(world.view('app')).toMatchObject({ status: 'restarting', attempts: 1 });
    await world.advance(10 * SECOND, SECOND);
    expect(world.runtime.acts).toHaveLength(2);
    expect(world.view('app')).toMatchObject({ status: 'healthy', state: 'running' });
    expect(world.notifications.map(({ message }) => message)).toEqual([
      'Auto-restart failed (attempt 1/3). Container state: exited. The engine did not answer within 120 s.',
    ]);
  });

  it('begin anew when a person asks', async () => {
    await make().running('app').start();
    world.runtime.onStart('app', diesAlways);
    world.runtime.crash('app');
    await world.advance(45 * SECOND);
    expect(world.view('app').status).toBe('given-up');
    world.runtime.onStart('app', {});
    await world.monitor.retry('app', 'ann');
    await world.advance(70 * SECOND, SECOND);
    expect(world.view('app')).toMatchObject({ status: 'healthy', attempts: 1 });
    expect(world.told).toEqual(['container.given_up app', 'container.recovered app']);
    expect(world.monitor.incidents()[0]).toMatchObject({ status: 'resolved', endedBy: 'person' });
  });

  it('begin anew when its dependency comes back, once a problem', async () => {
    await make({ containers: { app: { dependsOn: { db: { condition: 'started' } } } } })
      .running('db', 'app')
      .start();
    world.runtime.onStart('app', diesAlways);
    world.runtime.crash('app');
    await world.advance(45 * SECOND);
    expect(world.view('app').status).toBe('given-up');
    const before = world.runtime.acts.length;
    world.runtime.crash('db');
    await world.advance(50 * SECOND);
    expect(world.acts.slice(before)).toEqual(['start db', 'start app', 'start app', 'start app']);
    expect(world.view('app').status).toBe('given-up');
    world.runtime.crash('db');
    await world.advance(50 * SECOND);
    expect(world.acts.slice(before + 4)).toEqual(['start db']);
    expect(world.told).toEqual(['container.given_up app']);
  });

  it('begin anew for one that was made anew', async () => {
    await make().running('app').start();
    world.runtime.onStart('app', diesAlways);
    world.runtime.crash('app');
    await world.advance(45 * SECOND);
    world.runtime.onStart('app', {});
    world.runtime.recreate('app');
    await world.advance(SECOND);
    expect(world.view('app')).toMatchObject({ status: 'healthy', attempts: 0 });
  });

  it('are kept over a restart of the monitor', async () => {
    await make({ check: { startupDelayMs: 0 } })
      .running('app')
      .start();
    world.runtime.onStart('app', diesAlways);
    world.runtime.crash('app');
    await world.advance(15 * SECOND);
    expect(world.runtime.acts).toHaveLength(2);
    await world.restart();
    await world.advance(60 * SECOND);
    expect(world.runtime.acts).toHaveLength(3);
    expect(world.view('app').status).toBe('given-up');
    await world.restart();
    await world.advance(5 * MINUTE, SECOND);
    expect(world.runtime.acts).toHaveLength(3);
    expect(world.told).toEqual(['container.given_up app']);
  });

  it('recover with one message, also for those that waited', async () => {
    await make({ containers: { web: { dependsOn: ['app'] } } })
      .running('app', 'web')
      .start();
    world.runtime.onStart('app', diesAlways, diesAlways, diesAlways, {});
    world.runtime.crash('app', 7);
    world.runtime.crash('web', 1);
    await world.advance(50 * SECOND);
    expect(world.view('web')).toMatchObject({ status: 'waiting', blockedBy: ['app'], attempts: 0 });
    await world.advance(HOUR, SECOND);
    await world.advance(2 * MINUTE, SECOND);
    expect(world.told).toEqual(['container.given_up app', 'container.recovered app']);
    expect(world.notifications[1]).toMatchObject({
      title: 'app is healthy again',
      level: 'info',
      message: 'Down for 1 hour. Also back: web.',
    });
    expect(world.view('web').status).toBe('healthy');
    expect(world.monitor.incidents()).toHaveLength(1);
  });
});

describe('crash loops', () => {
  it('of lives of 61 s are told as one, once', async () => {
    await make().running('app').start();
    world.runtime.onStart('app', { diesAfterMs: 61 * SECOND, exitCode: 139 });
    world.runtime.crash('app', 139);
    await world.advance(20 * MINUTE, SECOND);
    expect(world.told.filter((told) => told.startsWith('container.crash_loop'))).toEqual([]);
    expect(world.told).toEqual(['container.given_up app']);
  });

  it('of lives longer than the stable time are told at the fourth healed death, once', async () => {
    await make().running('app').start();
    world.runtime.onStart('app', { diesAfterMs: 11 * MINUTE, exitCode: 139 });
    world.runtime.crash('app', 139);
    await world.advance(34 * MINUTE, SECOND);
    expect(world.told).toEqual(['container.crash_loop app']);
    expect(world.view('app').status).toBe('crash-looping');
    expect(world.notifications[0]).toMatchObject({
      level: 'warning',
      title: 'app keeps crashing',
      message:
        'Exited 4 times in 24 hours (last: 139, SIGSEGV). It was restarted each time. It may need you.',
    });
    await world.advance(2 * HOUR, 5 * SECOND);
    expect(world.told).toEqual(['container.crash_loop app']);
    expect(world.view('app').status).toBe('healthy');
    expect(world.monitor.incidents().filter(({ status }) => status === 'open')).toHaveLength(1);
  });

  it('that are over for a day have recovered', async () => {
    await make().running('app').start();
    world.runtime.onStart('app', ...Array.from({ length: 3 }, () => ({ diesAfterMs: 11 * MINUTE })), {});
    world.runtime.crash('app');
    await world.advance(35 * MINUTE, 5 * SECOND);
    expect(world.told).toEqual(['container.crash_loop app']);
    await world.advance(25 * HOUR, MINUTE);
    expect(world.told).toEqual(['container.crash_loop app', 'container.recovered app']);
    expect(world.monitor.incidents()[0]).toMatchObject({ kind: 'crash-loop', status: 'resolved' });
  });

  it('that end in a verdict are told as given up, then as recovered, and not again', async () => {
    await make().running('app').start();
    const long = { diesAfterMs: 11 * MINUTE };
    world.runtime.onStart('app', long, long, long, diesAlways, diesAlways, diesAlways, {});
    world.runtime.crash('app');
    await world.advance(40 * MINUTE, SECOND);
    expect(world.told).toEqual(['container.crash_loop app', 'container.given_up app']);
    await world.advance(2 * HOUR, SECOND);
    expect(world.told).toEqual([
      'container.crash_loop app',
      'container.given_up app',
      'container.recovered app',
    ]);
    // Three were healed in silence, the loop is the fourth; nothing opens and closes at each look.
    const resolved = world.events.filter(({ type }) => type === 'incident.resolved');
    expect(resolved).toHaveLength(4);
  });

  it.each(['always', 'unless-stopped'] as const)(
    'under a policy of %s that cannot restart it any more end in a verdict, told once, and in its recovery',
    async (restartPolicy) => {
      await make().running({ name: 'app', restartPolicy }).start();
      for (let crash = 0; crash < 4; crash++) {
        world.runtime.crash('app', 1);
        await world.advance(5 * SECOND);
      }
      expect(world.told).toEqual(['container.crash_loop app']);
      world.runtime.refuseStart('app', 'its volume is gone');
      world.runtime.crash('app', 1);
      await world.advance(2 * HOUR, 5 * SECOND);
      expect(world.acts).toEqual([]);
      expect(world.view('app')).toMatchObject({
        status: 'given-up',
        wish: 'running',
        decision: { code: 'engine-gave-up' },
      });
      expect(world.told).toEqual(['container.crash_loop app', 'container.given_up app']);
      expect(world.notifications[1]!.message).toBe(
        'Its own restart policy does not bring it back; it exited with 1. Not restarted. May need manual attention.',
      );
      world.runtime.refuseStart('app', null);
      await world.runtime.userStart('app');
      await world.advance(2 * MINUTE, SECOND);
      expect(world.told.at(-1)).toBe('container.recovered app');
    },
  );

  it.each([
    ['always', 'given-up'],
    ['on-failure', 'given-up'],
    ['none', 'finished'],
  ] as const)('left down under a policy of %s are started by a retry', async (restartPolicy, why) => {
    await make().running({ name: 'app', restartPolicy, maxRestarts: 0 }).start();
    world.runtime.onStart('app', { refusal: 'its volume is gone' }, {});
    if (restartPolicy !== 'always') world.runtime.onStart('app', {});
    world.runtime.crash('app', restartPolicy === 'none' ? 0 : 1);
    await world.advance(MINUTE, SECOND);
    const { status, decision } = world.view('app');
    expect(why === 'finished' ? decision.code : status).toBe(why);
    expect(world.acts).toEqual([]);
    await world.monitor.retry('app', 'ann');
    await world.advance(SECOND);
    expect(world.acts).toEqual(['start app']);
    expect(world.view('app')).toMatchObject({ wish: 'running', status: 'healthy' });
  });

  it('of what is wished stopped do not come by a retry', async () => {
    await make().running('app').start();
    await world.runtime.userStop('app');
    await world.advance(2 * SECOND);
    await world.monitor.retry('app', 'ann');
    await world.advance(MINUTE, SECOND);
    expect(world.acts).toEqual([]);
    expect(world.view('app')).toMatchObject({ wish: 'stopped', status: 'stopped' });
  });

  it("under the engine's own policy are told once and never touched", async () => {
    await make().running({ name: 'app', restartPolicy: 'always' }).start();
    world.runtime.onStart('app', { diesAfterMs: SECOND, exitCode: 1 });
    world.runtime.crash('app');
    await world.advance(5 * MINUTE);
    expect(world.acts).toEqual([]);
    expect(world.told).toEqual(['container.crash_loop app']);
    expect(world.notifications[0]!.message).toMatch(
      /^Exited 4 times in 10 minutes \(last: 1\)\. Its own restart policy restarts it each time; the monitor leaves it alone\.$/,
    );
    const exits = world.typesOf('app').filter((type) => type === 'container.exited').length;
    expect(exits).toBeLessThan(12);
    world.runtime.onStart('app', {});
    await world.advance(13 * MINUTE, SECOND);
    expect(world.told).toEqual(['container.crash_loop app', 'container.recovered app']);
    expect(world.acts).toEqual([]);
  });

  it('in which people were told that it is over, and it is given up again, say so', async () => {
    await make().running('app').start();
    world.runtime.onStart(
      'app',
      diesAlways,
      diesAlways,
      diesAlways,
      { diesAfterMs: 90 * SECOND },
      diesAlways,
    );
    world.runtime.crash('app');
    await world.advance(HOUR + 5 * MINUTE, SECOND);
    expect(world.told).toEqual([
      'container.given_up app',
      'container.recovered app',
      'container.given_up app',
    ]);
    expect(world.monitor.incidents()).toHaveLength(1);
  });
});

describe('an attempt that the engine refuses only after the next one is due', () => {
  it('is told before it is given up', async () => {
    await make({ restart: { backoffMs: [SECOND] } })
      .running('app')
      .start();
    const refusals: (() => void)[] = [];
    world.runtime.start = () =>
      new Promise((_, reject) => refusals.push(() => reject(new RuntimeError('refused', 'No such folder'))));
    world.runtime.crash('app', 1);
    for (let attempt = 1; attempt <= 3; attempt++) {
      await world.advance(4 * SECOND, SECOND);
      refusals.at(-1)!();
    }
    await world.advance(5 * SECOND, SECOND);
    expect(world.told).toEqual(['container.restart_failed app', 'container.given_up app']);
    expect(world.notifications[0]?.message).toBe(
      'Auto-restart failed (attempt 1/3). Container state: exited. No such folder.',
    );
  });
});

describe('an incident', () => {
  it('of the same cause within the stable window is reopened without a message', async () => {
    await make({ restart: { maxAttempts: 10 } })
      .running('app')
      .start();
    world.runtime.refuseStart('app', 'busy');
    world.runtime.crash('app');
    await world.advance(SECOND);
    world.runtime.refuseStart('app', null);
    await world.advance(80 * SECOND, SECOND);
    expect(world.told).toEqual(['container.restart_failed app', 'container.recovered app']);
    world.runtime.refuseStart('app', 'busy');
    world.runtime.crash('app');
    await world.advance(SECOND);
    world.runtime.refuseStart('app', null);
    await world.advance(2 * MINUTE, SECOND);
    expect(world.told).toHaveLength(2);
    expect(world.monitor.incidents()).toHaveLength(1);
  });
});
