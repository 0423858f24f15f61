import { afterEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));
afterEach(() => world.stop());

/** Statuses that were shown of a container, from now on. */
const statusesOf = (name: string): Set<string> => {
  const seen = new Set<string>();
  world.events.push = (...events) => {
    for (const { container, data } of events)
      if (container === name && 'view' in data && data.view) seen.add(data.view.status);
    return Array.prototype.push.apply(world.events, events);
  };
  return seen;
};

describe('the status of one that keeps crashing', () => {
  it.each<[string, object]>([
    ['without a health check', {}],
    ['while its health check has not passed yet', { health: 'healthy' }],
  ])('says so, up or down, until it is stable: %s', async (_, checked) => {
    await make()
      .running({ name: 'app', restartPolicy: 'always', ...checked })
      .start();
    world.runtime.onStart('app', { diesAfterMs: 2 * SECOND, exitCode: 1, healthAfterMs: 5 * SECOND });
    world.runtime.crash('app', 1);
    await world.advance(MINUTE);
    expect(world.told).toEqual(['container.crash_loop app']);
    const shown = statusesOf('app');
    for (const ms of [MINUTE, 30 * MINUTE]) {
      await world.advance(ms);
      expect(world.view('app').status).toBe('crash-looping');
      expect(world.view('app').decision.reason).toMatch(/^Crashed \d+ times since \d\d:\d\d/);
    }
    expect([...shown]).toEqual(['crash-looping']);
    world.runtime.onStart('app', {});
    await world.advance(9 * MINUTE, SECOND);
    expect(world.view('app').status).toBe('crash-looping');
    await world.advance(2 * MINUTE, SECOND);
    expect(world.view('app').status).toBe('healthy');
    expect(world.told).toEqual(['container.crash_loop app', 'container.recovered app']);
  });

  it('is as its health is once it is stable, and the reason says for how long yet it counts', async () => {
    await make().running('app').start();
    const long = { diesAfterMs: 11 * MINUTE };
    world.runtime.onStart('app', long, long, long, {});
    world.runtime.crash('app');
    await world.advance(34 * MINUTE, SECOND);
    expect(world.view('app').status).toBe('crash-looping');
    await world.advance(3 * HOUR + MINUTE, 5 * SECOND);
    const { status, decision } = world.view('app');
    expect(status).toBe('healthy');
    expect(decision.reason).toMatch(
      /^Up for 3 hours; crashed 4 times since \d\d:\d\d( yesterday)?; counts as over at \d\d:\d\d( tomorrow)? if it crashes no more\.$/,
    );
    expect(world.monitor.incidents().filter(({ status }) => status === 'open')).toHaveLength(1);
  });
});

describe('runs that end with 0 and are begun anew by the engine', () => {
  it.each([
    ['a minute', MINUTE, []],
    ['11 seconds', 11 * SECOND, []],
    ['5 seconds', 5 * SECOND, ['container.crash_loop app']],
  ])('after %s', async (_, diesAfterMs, told) => {
    await make().running({ name: 'app', restartPolicy: 'always' }).start();
    world.runtime.onStart('app', { diesAfterMs, exitCode: 0 });
    world.runtime.crash('app', 0);
    await world.advance(HOUR, SECOND);
    expect(world.told).toEqual(told);
    expect(world.monitor.incidents()).toHaveLength(told.length);
  });
});

describe('health that goes to and fro', () => {
  const checked = { name: 'app', health: 'healthy' } as const;
  /** Unhealthy for 40 of 60 seconds. */
  const flap = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += MINUTE) {
      world.runtime.setHealth('app', 'unhealthy', 'timed out');
      await world.advance(40 * SECOND, SECOND);
      world.runtime.setHealth('app', 'healthy');
      await world.advance(20 * SECOND, SECOND);
    }
  };
  const staysHealthy = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 30 * SECOND) {
      world.runtime.setHealth('app', 'healthy');
      await world.advance(30 * SECOND, SECOND);
    }
  };

  it.each(['restart', 'notify'] as const)(
    'is told once as flapping, and is over after ten healthy minutes (%s)',
    async (unhealthy) => {
      await make({ restart: { unhealthy } }).running(checked).start();
      await flap(7 * MINUTE);
      expect(world.told).toEqual([]);
      await flap(2 * HOUR);
      expect(world.acts).toEqual([]);
      expect(world.told).toEqual(['container.flapping app']);
      expect(world.typesOf('app').filter((type) => type === 'container.flapping')).toHaveLength(1);
      expect(world.notifications[0]).toMatchObject({
        level: 'warning',
        title: 'app is unhealthy on and off',
        message: expect.stringMatching(
          /^Its health check failed for [56] minutes.* of the last 10 minutes, never for 1 minute in a row(: timed out)?\. Left alone meanwhile\. It may need you\.$/,
        ) as string,
      });
      expect(world.view('app')).toMatchObject({ health: 'healthy', status: 'unhealthy' });
      expect(world.view('app').decision.reason).toMatch(/^Its health check fails again and again since /);
      expect(world.view('app').spans.length).toBeLessThan(30);
      expect(world.monitor.incidents()).toMatchObject([{ kind: 'flapping', status: 'open' }]);
      await staysHealthy(9 * MINUTE);
      expect(world.view('app').status).toBe('unhealthy');
      await staysHealthy(2 * MINUTE);
      expect(world.view('app')).toMatchObject({ status: 'healthy', decision: { code: 'healthy' } });
      expect(world.told).toEqual(['container.flapping app', 'container.recovered app']);
      expect(world.notifications[1]!.message).toMatch(/^Unhealthy on and off for 2 hours/);
    },
  );

  it('is healed as ever once it is unhealthy for a minute in a row, within the same incident', async () => {
    await make().running(checked).start();
    await flap(15 * MINUTE);
    await world.ailing('app', 90 * SECOND);
    expect(world.acts).toEqual(['restart app']);
    await flap(15 * MINUTE);
    await staysHealthy(12 * MINUTE);
    expect(world.told).toEqual(['container.flapping app', 'container.recovered app']);
    expect(world.monitor.incidents()).toMatchObject([{ kind: 'flapping', status: 'resolved' }]);
  });

  it.each([
    ['for half of the time', 30 * SECOND, 30 * SECOND, {}],
    ['and its rules ignore it', 40 * SECOND, 20 * SECOND, { restart: { unhealthy: 'ignore' } }],
  ] as const)('is not told: %s', async (_, ill, well, options) => {
    await make(options).running(checked).start();
    for (let passed = 0; passed < HOUR; passed += ill + well) {
      world.runtime.setHealth('app', 'unhealthy');
      await world.advance(ill, SECOND);
      world.runtime.setHealth('app', 'healthy');
      await world.advance(well, SECOND);
    }
    expect(world.told).toEqual([]);
    expect(world.monitor.incidents()).toEqual([]);
  });

  it('is over when a person stops it, and begins anew with its next start', async () => {
    await make().running(checked).start();
    await flap(15 * MINUTE);
    await world.monitor.stop('app', 'ann');
    await world.advance(MINUTE, SECOND);
    expect(world.monitor.incidents()).toMatchObject([{ status: 'resolved', endedBy: 'person' }]);
    await world.monitor.start('app', 'ann');
    await staysHealthy(MINUTE);
    expect(world.view('app').status).toBe('healthy');
    expect(world.told).toEqual(['container.flapping app']);
  });
});

describe('a database that is killed, and then does not start', () => {
  it.each<[string, WorldOptions]>([
    ['at once', {}],
    ['at the next full check, where nobody can tell who killed it', { engine: { tellsWhoStopped: 'never' } }],
    ['when events have told of it, on Podman up to 4.5', { engine: { tellsWhoStopped: 'events' } }],
  ])('has both told apart, started %s', async (_, options) => {
    await make(options).running('db').start();
    const start = world.runtime.start.bind(world.runtime);
    world.runtime.start = (id, call) => {
      world.runtime.write('db', 'data directory is missing');
      return start(id, call);
    };
    world.runtime.onStart('db', { diesAfterMs: SECOND, exitCode: 1 });
    world.runtime.write('db', 'checkpoint complete');
    world.runtime.crash('db', 137);
    await world.advance(3 * MINUTE);
    expect(world.told).toEqual(['container.given_up db']);
    expect(world.notifications[0]!.message).toMatch(
      /^It was killed \(137\)\. Container restarted \(3\/3 attempts\) and exited with 1\. May need/,
    );
    const [incident] = world.monitor.incidents();
    expect(incident).toMatchObject({
      kind: 'down',
      cause: {
        reason: 'It was killed (137).',
        evidence: { exitCode: 137, signal: 'SIGKILL', log: ['checkpoint complete'] },
      },
      attempts: 3,
      failedAttempt: {
        attempt: 3,
        reason: 'It could not start again: exit 1.',
        evidence: { exitCode: 1, log: expect.arrayContaining(['data directory is missing']) as string[] },
      },
    });
    expect(incident!.failedAttempt!.at > incident!.cause.evidence!.at).toBe(true);
    const told = world.events.flatMap((event) =>
      event.type === 'notification.created' ? [event.data.details] : [],
    );
    expect(told).toMatchObject([
      {
        exit_code: 1,
        cause: { reason: 'It was killed (137).', exit_code: 137, oom_killed: false },
        failed_attempt: { attempt: 3, reason: 'It could not start again: exit 1.', exit_code: 1 },
      },
    ]);
  });
});

describe('the numbers of open incidents', () => {
  it('are those of the list, and say where each stands', async () => {
    await make({ restart: { maxAttempts: 1 } })
      .running('lost', 'back', 'well', 'loop')
      .start();
    expect(world.monitor.status().incidents).toEqual({ open: 0, wrong: 0, upAgain: 0, soon: 0 });
    const long = { diesAfterMs: 11 * MINUTE };
    world.runtime.onStart('loop', long, {});
    world.runtime.onStart('lost', { diesAfterMs: SECOND });
    world.runtime.crash('loop');
    world.runtime.crash('lost');
    await world.advance(11 * MINUTE + 10 * SECOND, SECOND);
    world.runtime.crash('back');
    await world.advance(30 * SECOND, SECOND);
    expect(world.view('loop').status).toBe('crash-looping');
    expect(world.monitor.status().incidents).toEqual({ open: 3, wrong: 2, upAgain: 1, soon: 0 });
    await world.advance(11 * MINUTE, SECOND);
    expect(world.view('loop').status).toBe('healthy');
    expect(world.monitor.status().incidents).toEqual({ open: 2, wrong: 1, upAgain: 1, soon: 0 });
    expect(world.monitor.incidents().filter(({ status }) => status === 'open')).toHaveLength(2);
  });
});
