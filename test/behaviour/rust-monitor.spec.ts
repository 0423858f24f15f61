import { afterEach, describe, expect, it } from 'vitest';
import { backoffAfter, appIdOf } from '../../src/health-monitor/policy/index.js';
import { PRESETS } from '../../src/health-monitor/presets/index.js';
import { parseSize } from '../../src/health-monitor/runtime/podman/size.js';
import { Answer } from '../../src/health-monitor/runtime/engine-api/answer.js';
import { readContainerList } from '../../src/health-monitor/runtime/podman/container.reader.js';
import { NotificationsService } from '../../src/notifications/notifications.service.js';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

// What the Rust monitor did, row by row of `docs/coming-from-rust.md`; its numbers, and what is better here.

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));
afterEach(async () => {
  await (world as World | undefined)?.stop();
});

const diesAlways = { diesAfterMs: SECOND, exitCode: 1 };
const rust = PRESETS.archipelago;

describe('1: a check every 60 s, healing from 120 s on', () => {
  it('heals nothing before, everything then, and reacts at once afterwards', async () => {
    await make().running('app').start({ healing: false });
    world.runtime.crash('app');
    await world.advance(119 * SECOND, 500);
    expect(world.acts).toEqual([]);
    await world.advance(2 * SECOND);
    expect(world.acts).toEqual(['start app']);
    world.runtime.crash('app');
    await world.advance(11 * SECOND);
    expect(world.acts).toHaveLength(2);
  });

  it('finds what no event told of at the next check', async () => {
    await make().running('app').start();
    world.runtime.muteEvents();
    world.runtime.crash('app');
    await world.advance(61 * SECOND, 500);
    expect(world.acts).toEqual(['start app']);
  });
});

describe('2: a failure of the engine', () => {
  it('is an outage, told, and not "no containers"', async () => {
    await make().running('app').start();
    world.runtime.goAway('Permission denied.');
    await world.advance(2 * MINUTE, SECOND);
    expect(world.told).toEqual(['engine.unreachable']);
    expect(world.view('app').status).toBe('healthy');
  });
});

describe('3: names and states', () => {
  const listed = (changes: object) =>
    readContainerList(
      new Answer(
        [
          {
            Id: 'a'.repeat(64),
            Names: ['archy-lnd'],
            State: 'Exited',
            ExitCode: 1,
            StartedAt: 5,
            ExitedAt: 6,
            ...changes,
          },
        ],
        'list',
      ),
    )[0];

  it('Names may be an array or a string', () => {
    expect(listed({})?.name).toBe('archy-lnd');
    expect(listed({ Names: 'archy-lnd' })?.name).toBe('archy-lnd');
  });

  it('states are lower-cased', () => expect(listed({ State: 'EXITED' })?.state).toBe('exited'));

  it('the app id is the name without archy-', () => {
    expect([appIdOf('archy-bitcoin-knots'), appIdOf('nextcloud')]).toEqual(['bitcoin-knots', 'nextcloud']);
  });
});

describe('4: the skip list', () => {
  it.each(['archy-mempool-db', 'archy-nbxplorer', 'penpot-mailcatch', 'bitcoin-ui', 'any-ui'])(
    "%s is healed with watch: 'all', and skipped with watch: 'apps'",
    async (name) => {
      for (const watch of ['all', 'apps'] as const) {
        await make({ preset: 'archipelago', watch }).running(name).start();
        world.runtime.crash(name);
        await world.advance(2 * SECOND);
        expect(world.acts).toEqual(watch === 'all' ? [`start ${name}`] : []);
        await world.stop();
      }
    },
  );
});

describe('5: exited and stopped are healed with a start', () => {
  it.each(['exited', 'stopped'] as const)('%s', async (state) => {
    await make()
      .running({ name: 'app', state, exitCode: 1, exitedAt: Date.UTC(2025, 11, 31, 23, 59) })
      .start();
    await world.advance(SECOND);
    expect(world.acts).toEqual(['start app']);
  });
});

describe('6: three attempts', () => {
  it.each([
    [1, 10_000],
    [2, 30_000],
    [3, 90_000],
    [9, 90_000],
  ])('attempt %i is followed by %i ms', (attempt, ms) => {
    expect(backoffAfter(attempt, { backoffMs: [10_000, 30_000, 90_000] })).toBe(ms);
  });

  it('are all there are', async () => {
    await make().running('app').start();
    world.runtime.onStart('app', diesAlways);
    world.runtime.crash('app');
    await world.advance(50 * MINUTE, SECOND);
    expect(world.acts).toEqual(['start app', 'start app', 'start app']);
  });
});

describe('7: attempts are forgotten', () => {
  it('after ten minutes up, not at the first healthy look', async () => {
    await make().running('app').start();
    world.runtime.crash('app');
    await world.advance(9 * MINUTE, SECOND);
    expect(world.view('app')).toMatchObject({ status: 'healthy', attempts: 1 });
    await world.advance(2 * MINUTE, SECOND);
    expect(world.view('app').attempts).toBe(0);
  });

  it('so that a loop of lives of 61 s ends in a verdict, and is told', async () => {
    await make().running('app').start();
    world.runtime.onStart('app', { diesAfterMs: 61 * SECOND });
    world.runtime.crash('app');
    await world.advance(10 * MINUTE, SECOND);
    expect(world.told).toEqual(['container.given_up app']);
  });
});

describe('8: a failed container gets new attempts', () => {
  it('an hour after the last one', async () => {
    await make().running('app').start();
    world.runtime.onStart('app', diesAlways);
    world.runtime.crash('app');
    await world.advance(HOUR + 30 * SECOND, SECOND);
    expect(world.acts).toHaveLength(3);
    await world.advance(20 * SECOND, SECOND);
    expect(world.acts).toHaveLength(4);
  });
});

describe('9: five tiers, five seconds apart', () => {
  it.each([
    ['archy-btcpay-db', 'database'],
    ['immich_postgres', 'database'],
    ['bitcoin-knots', 'core'],
    ['archy-lnd', 'dependent'],
    ['mempool-electrs', 'dependent'],
    ['nextcloud', 'application'],
    ['archy-bitcoin-ui', 'frontend'],
    ['penpot-exporter', 'frontend'],
  ])('%s is in the tier %s', (name, tier) => expect(rust.tierOf(appIdOf(name))).toBe(tier));

  it('start in that order', async () => {
    const names = ['lnd-ui', 'nextcloud', 'lnd', 'bitcoin-knots', 'nextcloud-db'];
    await make({ preset: 'archipelago', check: { startupDelayMs: 0 } })
      .running(...names)
      .start();
    await world.reboot();
    await world.advance(30 * SECOND);
    const begin = world.runtime.acts[0]!.at;
    expect(world.runtime.acts.map(({ name, at }) => `${Math.round((at - begin) / SECOND)} ${name}`)).toEqual(
      names.toReversed().map((name, tier) => `${tier * 5} ${name}`),
    );
  });
});

describe('10: notifications', () => {
  it('have the id, the message, the time and the app id they had, and a title that says what happened', async () => {
    await make().running('archy-lnd').start();
    world.runtime.refuseStart('archy-lnd', 'busy');
    world.runtime.crash('archy-lnd');
    await world.advance(SECOND);
    const [first] = world.notifications;
    expect(first).toMatchObject({
      id: `health-lnd-${Math.floor(Date.parse(first!.timestamp) / 1000)}`,
      level: 'error',
      title: 'archy-lnd could not be started',
      message: 'Auto-restart failed (attempt 1/3). Container state: exited. busy.',
      appId: 'lnd',
    });
    expect(first!.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('are kept: the last 20', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `app-${index}`);
    await make({ restart: { maxConcurrent: 25 } })
      .running(...names)
      .start();
    // Each has a reason of its own: for one in common there is one message.
    for (const [index, name] of names.entries())
      world.runtime.refuseStart(name, `no ${'abcdefghijklmnopqrstuvwxy'[index]}`);
    for (const name of names) world.runtime.crash(name);
    await world.advance(15 * SECOND, SECOND);
    expect(world.notifications).toHaveLength(25);
    expect(world.get(NotificationsService).list()).toHaveLength(20);
  });
});

describe('11 and 12: what is pushed', () => {
  it('is each notification with the details of the webhook as they were', async () => {
    await make({ preset: 'archipelago' }).running('archy-nbxplorer').start();
    world.runtime.refuseStart('archy-nbxplorer', 'busy');
    world.runtime.crash('archy-nbxplorer');
    await world.advance(SECOND);
    const created = world.events.find(({ type }) => type === 'notification.created');
    expect(created?.data).toMatchObject({
      details: {
        container: 'archy-nbxplorer',
        app_id: 'nbxplorer',
        state: 'exited',
        attempt: 1,
        tier: 'dependent',
      },
    });
  });
});

describe('13: sizes', () => {
  it.each([
    ['1.5GiB', 1.5 * 1024 ** 3],
    ['512MiB', 512 * 1024 ** 2],
    ['64KiB', 64 * 1024],
    ['2.22MB', 2_220_000],
    ['983kB', 983_000],
    ['100B', 100],
  ])('%s is %i bytes, SI and IEC alike', (text, bytes) => expect(parseSize(text)).toBe(bytes));
});

describe("14: memory, with rule: 'growth'", () => {
  const MB = 1_000_000;
  const growth = { memory: { rule: 'growth', intervalMs: 5 * MINUTE } } as const;

  /** Grows evenly from `from` to `to` over so many samples, five minutes apart. */
  async function grow(from: number, to: number, samples: number, options: WorldOptions = growth) {
    make(options).running({ name: 'app', memory: { usedBytes: from } });
    await world.start({ healing: false });
    for (let sample = 1; sample < samples; sample++) {
      world.runtime.setMemory('app', from + ((to - from) * sample) / (samples - 1));
      await world.advance(5 * MINUTE, 5 * SECOND);
    }
  }

  it('more than 50 % over an hour is a leak, told once', async () => {
    await grow(100 * MB, 170 * MB, 20);
    expect(world.told).toEqual(['memory.leak app']);
    expect(world.notifications[0]!.message).toMatch(
      /^Potential memory leak in app: \d+% growth over tracking period$/,
    );
  });

  it('12 samples are not enough', async () => {
    await grow(100 * MB, 300 * MB, 12);
    expect(world.told).toEqual([]);
  });

  it('less than 50 % is none', async () => {
    await grow(100 * MB, 149 * MB, 20);
    expect(world.told).toEqual([]);
  });

  it('from zero there is no growth', async () => {
    await grow(0, 300 * MB, 20);
    expect(world.told).toEqual([]);
  });

  it('only the window counts', async () => {
    await grow(100 * MB, 300 * MB, 60, { memory: { ...growth.memory, windowSamples: 13 } });
    expect(world.told.length).toBeLessThanOrEqual(2);
    const detail = await world.monitor.container('app');
    expect(detail.memory?.samples.length).toBeGreaterThan(0);
  });
});

describe("15: a person's podman stop", () => {
  it('is respected', async () => {
    await make().running('app').start();
    await world.runtime.userStop('app');
    await world.advance(HOUR, SECOND);
    expect(world.acts).toEqual([]);
  });
});

describe('16: a hung engine', () => {
  it('blocks nothing for ever', async () => {
    await make().running('app').start();
    const release = world.runtime.hang('list');
    await world.advance(70 * SECOND, SECOND);
    release();
    world.runtime.crash('app');
    await world.advance(30 * SECOND, SECOND);
    expect(world.acts).toEqual(['start app']);
  });
});
