import { describe, expect, it } from 'vitest';
import { World } from '../../../test/support/world.js';
import { WatchedHosts } from '../hosts/index.js';
import { Figures } from '../../metrics/index.js';
import { type ContainerRuntime } from '../runtime/index.js';
import { ManualClock, InMemoryRuntime } from '../../testing/index.js';
import { MeasuredRuntime } from './measured-runtime.js';
import { MonitorMeter } from './monitor-meter.js';
import { RecoveryWatch } from './recovery-watch.js';

describe('a measured engine', () => {
  it('answers and fails as the engine does, and notes how long each call took, and which failed', async () => {
    const clock = new ManualClock();
    const engine = new InMemoryRuntime({ clock });
    const figures = new Figures();
    const id = engine.add({ name: 'web' });
    const measured: ContainerRuntime = new MeasuredRuntime(engine, clock, figures);
    expect((await measured.inspect(id)).name).toBe('web');
    await expect(measured.inspect('nobody')).rejects.toMatchObject({ kind: 'not-found' });
    engine.onStart('web', { takesMs: 2_000 });
    engine.crash('web');
    const started = measured.start(id);
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(2_000);
    expect(await started).toBe('started');

    const calls = figures.engineCalls.family().samples;
    expect(calls).toContainEqual({ labels: { call: 'inspect' }, value: 2, part: '_count' });
    expect(calls).toContainEqual({ labels: { call: 'start' }, value: 2, part: '_sum' });
    expect(calls).toContainEqual({ labels: { call: 'list' }, value: 0, part: '_count' });
    expect(figures.engineFailures.family().samples).toEqual([
      { labels: { call: 'inspect', kind: 'not-found' }, value: 1 },
    ]);
  });
});

describe('recoveries', () => {
  it('last from the first death until it is ready again; what a person stops is none', async () => {
    const world = await new World().running('web', 'db').start();
    const state = () => world.get(WatchedHosts).local.monitor.state;
    const watch = new RecoveryWatch();
    const seen: number[] = [];
    let known = state();
    const look = () => {
      seen.push(...watch.next(known, state()));
      known = state();
    };
    world.runtime.onStart('web', { diesAfterMs: 500 }, {}, { takesMs: 2_000 });
    world.runtime.crash('web');
    await world.runtime.userStop('db');
    for (let passed = 0; passed < 60_000; passed += 250) {
      await world.advance(250);
      look();
    }
    world.runtime.crash('web');
    for (let passed = 0; passed < 60_000; passed += 250) {
      await world.advance(250);
      look();
    }
    await world.runtime.userStart('db');
    await world.advance(2_000);
    look();
    await world.stop();
    expect(seen).toHaveLength(2);
    expect(seen[0]).toBeGreaterThan(5_000);
    expect(seen[0]).toBeLessThan(30_000);
    expect(seen[1]).toBeLessThan(45_000);
  });
});

describe('the meter', () => {
  it('counts an act by its kind, its outcome and who asked for it', () => {
    const figures = new Figures();
    const meter = new MonitorMeter(new ManualClock(), figures);
    const state = { records: new Map(), clockSetAt: null } as never;
    const acted = (by: string | null) =>
      ({ kind: 'acted', act: { kind: 'start' }, outcome: { kind: 'refused' }, by }) as never;
    meter.onStep(state, acted(null), { state } as never);
    meter.onStep(state, acted('otto'), { state } as never);
    const counted = figures.acts.family().samples.filter(({ value }) => value > 0);
    expect(counted).toEqual([
      { labels: { kind: 'start', outcome: 'refused', by: 'monitor' }, value: 1 },
      { labels: { kind: 'start', outcome: 'refused', by: 'person' }, value: 1 },
    ]);
  });
});
