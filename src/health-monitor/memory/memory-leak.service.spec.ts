import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/manual-clock.js';
import type { LeakRule, ResolvedOptions } from '../../common/options/index.js';
import type { Entry } from '../../common/store/index.js';
import { RuntimeError, type ContainerRuntime, type MemoryReading } from '../runtime/index.js';
import type { MemoryChange } from './memory-change.js';
import type { MemoryDocument } from './memory-document.js';
import { MemoryLeakService } from './memory-leak.service.js';

const MIB = 1024 ** 2;
const INTERVAL = 300_000;
const HOUR = 3_600_000;

class FakeRuntime {
  readings: MemoryReading[] = [];
  failure: Error | null = null;
  calls = 0;
  gate: Promise<void> = Promise.resolve();

  async memory(): Promise<readonly MemoryReading[]> {
    this.calls++;
    await this.gate;
    if (this.failure) throw this.failure;
    return this.readings;
  }
}

/** As a store gives them. */
const entriesOf = (documents: readonly MemoryDocument[]) =>
  documents.map((document): Entry<'memory'> => [document.container, document]);

function setUp(rule: LeakRule = 'trend') {
  const runtime = new FakeRuntime();
  const clock = new ManualClock();
  const memory = { intervalMs: INTERVAL, windowSamples: 288, rule, growthPercent: 50 };
  const options = { memory } as unknown as ResolvedOptions;
  const make = (now = rule) =>
    new MemoryLeakService(runtime as unknown as ContainerRuntime, clock, {
      ...options,
      memory: { ...options.memory, rule: now },
    });
  const startedAt = clock.now() - 100 * HOUR;
  const reading = (usedBytes: number, more: Partial<MemoryReading> = {}): MemoryReading => ({
    id: 'a1',
    name: 'lnd',
    startedAt,
    usedBytes,
    limitBytes: null,
    figure: 'cgroup',
    ...more,
  });
  /** Samples for that many hours; what was said, and when. */
  const run = async (
    service: MemoryLeakService,
    hours: number,
    readings: (hour: number) => MemoryReading[],
  ) => {
    const said: (MemoryChange & { hour: number })[] = [];
    for (let i = 0; i < Math.round(hours * 12); i++) {
      runtime.readings = readings(i / 12);
      for (const change of await service.sample()) said.push({ ...change, hour: i / 12 });
      clock.advance(INTERVAL);
    }
    return said;
  };
  return { runtime, clock, service: make(), make, reading, run, startedAt };
}

beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(true));

const kinds = (changes: readonly MemoryChange[]) => changes.map(({ kind }) => kind);

describe('MemoryLeakService', () => {
  it('tells a leak once, once more under six hours to its limit, and once when it is over', async () => {
    const { service, reading, run, clock } = setUp();
    const level = (hour: number) => (400 + 20 * hour) * MIB;
    const said = await run(service, 28, (hour) => [reading(level(hour), { limitBytes: 1_000 * MIB })]);
    expect(kinds(said)).toEqual(['leak', 'urgent']);
    expect(said[0]!.trend).toMatchObject({ leaking: true });
    expect(said[0]!.trend.reason).toMatch(
      /^floor rose in 7 of the last 7 steps over \d+ h, .* reaches its 1,000 MiB limit in about \d+ h$/,
    );
    expect(said[1]!.trend.hoursToLimit).toBeLessThan(6);
    expect(said[1]!.trend.hoursToLimit).toBeGreaterThan(5.5);
    expect(service.view('lnd')!.trend!.growthBytesPerHour / (20 * MIB)).toBeCloseTo(1, 1);

    const restartedAt = clock.now();
    const restarted = await run(service, 1, () => [reading(400 * MIB, { startedAt: restartedAt })]);
    expect(restarted).toMatchObject([
      { container: 'lnd', kind: 'cleared', endedBy: 'restart', trend: { leaking: false } },
    ]);
  });

  it("forecasts against the host's memory where there is no limit, and shows no limit", async () => {
    const { service, reading, run } = setUp();
    const [found] = await run(service, 14, (hour) => [reading((400 + 20 * hour) * MIB)]);
    expect(found!.trend.reason).toContain("the host's");
    expect(service.view('lnd')?.limitBytes).toBeNull();
  });

  it('asks the engine once for all containers, and never twice at a time', async () => {
    const { service, runtime, reading } = setUp();
    let open = () => {};
    runtime.gate = new Promise((resolve) => (open = resolve));
    runtime.readings = [reading(MIB), reading(2 * MIB, { id: 'b2', name: 'nbxplorer' })];
    const first = service.sample();
    expect(await service.sample()).toEqual([]);
    open();
    await first;
    expect(runtime.calls).toBe(1);
    expect(service.tick().samples).toEqual([
      { container: 'lnd', usedBytes: MIB, limitBytes: null },
      { container: 'nbxplorer', usedBytes: 2 * MIB, limitBytes: null },
    ]);
  });

  it('survives outages, zeros, missed ticks and a wall clock that jumps, and still finds the leak', async () => {
    const { service, runtime, reading, run, clock } = setUp();
    const level = (hour: number) => [reading(Math.round(hour * 12) % 19 === 0 ? 0 : (400 + 10 * hour) * MIB)];
    expect(await run(service, 3, level)).toEqual([]);
    runtime.failure = new RuntimeError('outage', 'gone');
    expect(await run(service, 1, () => [])).toEqual([]);
    runtime.failure = null;
    clock.jumpWallClock(-30 * 24 * HOUR);
    clock.advance(3 * HOUR);
    const said = await run(service, 20, (hour) => level(hour + 7));
    expect(kinds(said)).toEqual(['leak']);
    expect(service.view('lnd')?.usedBytes).toBeGreaterThan(0);
    const at = service.samples('lnd').map((sample) => Date.parse(sample.at));
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(at.at(-1)).toBeGreaterThanOrEqual(clock.now() - 2 * INTERVAL);
  });

  it('begins anew when a container is made anew or measured otherwise', async () => {
    for (const other of [{ id: 'c3' }, { figure: 'engine' as const }]) {
      const { service, reading, run } = setUp();
      expect(kinds(await run(service, 14, (hour) => [reading((400 + 20 * hour) * MIB)]))).toEqual(['leak']);
      const said = await run(service, 2, () => [reading(900 * MIB, other)]);
      expect(said).toMatchObject([{ kind: 'cleared', endedBy: 'remade' }]);
      expect(service.samples('lnd')).toHaveLength(24);
    }
  });

  it('forgets a container that has not run for a day, and ends its leak', async () => {
    const { service, reading, run } = setUp();
    await run(service, 14, (hour) => [reading((400 + 20 * hour) * MIB)]);
    const said = await run(service, 25, () => []);
    expect(said).toMatchObject([{ kind: 'cleared', endedBy: 'gone' }]);
    expect(said[0]!.hour).toBeGreaterThan(23);
    expect(service.view('lnd')).toBeNull();
    expect(service.samples('lnd')).toEqual([]);
    expect(service.export()).toEqual([]);
  });

  it('shows that a container that is down uses nothing, and keeps its limit and its samples', async () => {
    const { service, reading, run } = setUp();
    await run(service, 1, () => [reading(MIB)]);
    await run(service, 1, () => []);
    expect(service.view('lnd')).toEqual({ usedBytes: 0, limitBytes: null, trend: null });
    expect(service.tick().samples).toEqual([]);
    expect(service.samples('lnd')).toHaveLength(12);
    service.forget('lnd');
    expect(service.samples('lnd')).toEqual([]);
  });

  it('thins samples out on request, and keeps the peak', async () => {
    const { service, reading, run } = setUp();
    await run(service, 30, (hour) => [reading(hour === 20 ? 900 * MIB : 400 * MIB)]);
    expect(service.samples('lnd')).toHaveLength(288);
    const thin = service.samples('lnd', 40);
    expect(thin.length).toBeLessThanOrEqual(40);
    expect(thin.map(({ usedBytes }) => usedBytes)).toContain(900 * MIB);
  });

  it('goes on after a restart of ours as if there had been none, from at most 16 KiB a container', async () => {
    const { service, make, reading, run } = setUp();
    const level = (hour: number) => [reading((400 + 10 * hour) * MIB)];
    expect(await run(service, 8, level)).toEqual([]);
    const documents = JSON.stringify(service.export());
    expect(documents.length).toBeLessThan(16 * 1024);
    const next = make();
    next.restore(entriesOf(JSON.parse(documents) as ReturnType<MemoryLeakService['export']>));
    expect(next.samples('lnd')).toEqual(service.samples('lnd'));
    const said = await run(next, 6, (hour) => level(hour + 8));
    expect(kinds(said)).toEqual(['leak']);
    expect(said[0]!.hour).toBeLessThan(4);
    expect(JSON.stringify(next.export()).length).toBeLessThan(16 * 1024);
  });

  it('keeps its document within 16 KiB after weeks', async () => {
    const { service, reading, run } = setUp();
    await run(service, 250, (hour) => [reading((400 + (hour % 7)) * MIB + hour * 4_099)]);
    expect(JSON.stringify(service.export()[0]).length).toBeLessThan(16 * 1024);
  });

  it('leaves out a stored history that is damaged', async () => {
    const { service, make, reading, run } = setUp();
    await run(service, 2, () => [reading(MIB)]);
    const [document] = service.export();
    const next = make();
    next.restore(
      entriesOf([
        { ...document!, times: '' },
        { ...document!, container: 'x', detector: { ...document!.detector!, floors: 'AAAA' } },
      ]),
    );
    expect(next.samples('lnd')).toEqual([]);
    expect(await run(next, 1, () => [reading(MIB)])).toEqual([]);
  });
});

describe('MemoryLeakService, where another rule is configured over a restart of ours', () => {
  const setUpLeak = async (rule: LeakRule, next: LeakRule) => {
    const world = setUp(rule);
    const grow = (hour: number) => [world.reading((400 + 30 * hour) * MIB)];
    expect(kinds(await world.run(world.service, 14, grow))).toEqual(['leak']);
    const service = world.make(next);
    service.restore(entriesOf(world.service.export()));
    return { ...world, service };
  };

  it.each([
    ['trend', 'off'],
    ['trend', 'growth'],
    ['growth', 'off'],
    ['growth', 'trend'],
  ] as const)('ends a leak that %s found and %s does not see', async (rule, next) => {
    const { service, run, reading } = await setUpLeak(rule, next);
    const said = await run(service, 1, () => [reading(400 * MIB, { id: 'c3' })]);
    expect(said).toMatchObject([{ kind: 'cleared', endedBy: 'remade', hour: 0 }]);
  });

  it.each(['growth', 'off'] as const)('carries what trend knows through %s', async (next) => {
    const { service, run, reading, make } = await setUpLeak('trend', next);
    await run(service, 1, () => [reading(820 * MIB)]);
    const back = make('trend');
    back.restore(entriesOf(service.export()));
    expect(await run(back, 1, (hour) => [reading((820 + 30 * hour) * MIB)])).toEqual([]);
    expect(back.view('lnd')?.trend).toMatchObject({ leaking: true });
  });
});

describe("MemoryLeakService, rule 'growth'", () => {
  const grow = (from: number, to: number) => (hour: number) => (hour < 1 ? from : to) * MIB;

  it('finds more than fifty percent from the thirteenth sample on, and tells it once', async () => {
    const { service, reading, run } = setUp('growth');
    const level = grow(100, 163);
    const said = await run(service, 3, (hour) => [reading(level(hour))]);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ kind: 'leak', hour: 1, trend: { leaking: true } });
    expect(said[0]!.trend.reason).toBe('Potential memory leak in lnd: 63% growth over tracking period');
  });

  it('finds nothing at exactly fifty percent', async () => {
    const { service, reading, run } = setUp('growth');
    const level = grow(100, 150);
    expect(await run(service, 3, (hour) => [reading(level(hour))])).toEqual([]);
  });

  it('finds nothing while the oldest figure is zero, for as long as it is kept', async () => {
    const { service, reading, run } = setUp('growth');
    expect(await run(service, 20, (hour) => [reading(hour === 0 ? 0 : grow(100, 400)(hour))])).toEqual([]);
  });

  it('ignores that a container was restarted', async () => {
    const { service, reading, run, startedAt } = setUp('growth');
    const level = grow(100, 163);
    const said = await run(service, 2, (hour) => [
      reading(level(hour), { startedAt: hour < 1 ? startedAt : startedAt + 99 * HOUR }),
    ]);
    expect(kinds(said)).toEqual(['leak']);
  });

  it('is over when the growth is well below the limit', async () => {
    const { service, reading, run } = setUp('growth');
    const said = await run(service, 4, (hour) => [
      reading((hour < 1 ? 100 : hour < 2 ? 163 : hour < 3 ? 140 : 110) * MIB),
    ]);
    expect(said.map(({ kind, hour }) => [kind, hour])).toEqual([
      ['leak', 1],
      ['cleared', 3],
    ]);
  });

  it('does not report a leak again after a restart of ours', async () => {
    const { service, make, reading, run } = setUp('growth');
    const level = () => [reading(163 * MIB)];
    expect(kinds(await run(service, 2, (hour) => (hour < 1 ? [reading(100 * MIB)] : level())))).toEqual([
      'leak',
    ]);
    const next = make();
    next.restore(entriesOf(service.export()));
    expect(await run(next, 2, level)).toEqual([]);
  });
});

describe("MemoryLeakService, rule 'off'", () => {
  it('keeps figures and judges nothing', async () => {
    const { service, reading, run } = setUp('off');
    expect(await run(service, 20, (hour) => [reading((100 + 50 * hour) * MIB)])).toEqual([]);
    expect(service.view('lnd')).toMatchObject({ trend: null });
    expect(service.samples('lnd')).toHaveLength(240);
  });
});
