import { afterEach, describe, expect, it } from 'vitest';
import { HOUR } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

const MIB = 1024 * 1024;
const STEP = 300_000;

let world: World;

/** A container that has run for a day at 400 MiB, with a limit of 2 GiB. */
async function watched(options: WorldOptions = {}): Promise<void> {
  world = new World(options);
  world.running({ name: 'app', memory: { usedBytes: 400 * MIB, limitBytes: 2048 * MIB } });
  await world.start();
}

/** Lets hours pass in which its memory grows. */
async function grow(hours: number, mibPerHour: number): Promise<void> {
  for (let passed = 0; passed < hours * HOUR; passed += STEP) {
    used += (mibPerHour * MIB * STEP) / HOUR;
    world.runtime.setMemory('app', Math.round(used), 2048 * MIB);
    await world.advance(STEP, STEP);
  }
}
let used = 0;

const typesTold = () => world.notifications.map(({ type }) => type);

afterEach(() => world.stop());

describe('a container that leaks memory', () => {
  it('is told once when it is found, once when little time is left, and never restarted by default', async () => {
    await watched();
    used = 400 * MIB;
    await grow(60, 30);
    expect(typesTold()).toEqual(['memory.leak', 'memory.leak_urgent']);
    expect(world.notifications[0]).toMatchObject({ title: 'app is leaking memory', level: 'warning' });
    expect(world.notifications[0]!.message).toMatch(/floor rose.*MiB.*limit/);
    expect(world.view('app').memory?.trend).toMatchObject({ leaking: true });
    expect(world.monitor.incidents()).toMatchObject([
      { kind: 'leak', status: 'open', cause: { container: 'app' } },
    ]);
    expect(world.acts).toEqual([]);
  });

  it('has a story of its own when it dies of that, apart from the leak’s', async () => {
    await watched();
    used = 400 * MIB;
    await grow(30, 30);
    world.runtime.crash('app', 137);
    await world.advance(5_000);
    const [down, leak] = ['down', 'leak'].map((kind) =>
      world.monitor
        .incidents()
        .find((incident) => incident.kind === kind)!
        .timeline.map(({ type }) => type),
    );
    expect(down).toEqual(['container.exited', 'container.restarted', 'container.changed']);
    expect(leak).toEqual(['memory.leak', 'notification.created']);
  });

  it('is told to have stopped when a person restarts it', async () => {
    await watched();
    used = 400 * MIB;
    await grow(30, 30);
    await world.monitor.restart('app', 'otto');
    used = 400 * MIB;
    await grow(1, 0);
    expect(typesTold()).toEqual(['memory.leak', 'memory.leak_cleared']);
    expect(world.monitor.incidents()[0]).toMatchObject({ kind: 'leak', status: 'resolved' });
  });

  it('is restarted once, in its daily window, where its rules ask for that', async () => {
    await watched({ containers: { app: { onLeak: 'restart', leakRestartWindow: '03:00-05:00' } } });
    used = 400 * MIB;
    await grow(48, 30);
    expect(world.acts).toEqual(['restart app']);
    expect(new Date(world.runtime.acts[0]!.at).getUTCHours()).toBeGreaterThanOrEqual(3);
    expect(new Date(world.runtime.acts[0]!.at).getUTCHours()).toBeLessThan(5);
    expect(world.view('app').attempts).toBe(0);
  });

  it('is not restarted while it is on hold', async () => {
    await watched({ containers: { app: { onLeak: 'restart' } } });
    used = 400 * MIB;
    await world.monitor.hold('app', 'a long backup', 'otto');
    await grow(48, 30);
    expect(world.acts).toEqual([]);
  });

  it('is not told again after the monitor was restarted', async () => {
    await watched();
    used = 400 * MIB;
    await grow(30, 30);
    await world.restart();
    await grow(2, 30);
    expect(typesTold()).toEqual(['memory.leak']);
  });
});
