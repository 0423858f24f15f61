import type { FactoryProvider } from '@nestjs/common';
import {
  Clock,
  ContainerRuntime,
  HEALTH_MONITOR_OPTIONS,
  MemoryLeakService,
  type MemoryTrend,
  type ResolvedOptions,
} from '@archipelago/health-monitor';

/** A leak is a matter of hours: where leaks are looked for, one of them passes in six seconds. */
const SPEED = 600;

/** What has gone by is counted faster; what time it is stays true. */
class FastClock extends Clock {
  constructor(private readonly real: Clock) {
    super();
  }

  now(): number {
    return this.real.now();
  }

  monotonic(): number {
    return this.real.monotonic() * SPEED;
  }
}

type Sampled = Awaited<ReturnType<MemoryLeakService['sample']>>;
type View = ReturnType<MemoryLeakService['view']>;
type Samples = ReturnType<MemoryLeakService['samples']>;

/** Looks for leaks on a clock that runs faster, and tells what it finds in the time that everybody else has. */
class FastMemory extends MemoryLeakService {
  constructor(
    runtime: ContainerRuntime,
    private readonly real: Clock,
    options: ResolvedOptions,
  ) {
    const memory = { ...options.memory, intervalMs: options.memory.intervalMs * SPEED };
    super(runtime, new FastClock(real), { ...options, memory });
  }

  override async sample(): Promise<Sampled> {
    return (await super.sample()).map((change) => ({ ...change, trend: inRealTime(change.trend) }));
  }

  override view(name: string): View {
    const view = super.view(name);
    return view && { ...view, trend: view.trend && inRealTime(view.trend) };
  }

  override samples(name: string, points?: number): Samples {
    const now = this.real.now();
    return super.samples(name, points).map((sample) => ({
      ...sample,
      at: new Date(now - (now - Date.parse(sample.at)) / SPEED).toISOString(),
    }));
  }
}

function inRealTime(trend: MemoryTrend): MemoryTrend {
  return {
    ...trend,
    growthBytesPerHour: trend.growthBytesPerHour * SPEED,
    sinceHours: trend.sinceHours / SPEED,
    hoursToLimit: trend.hoursToLimit === null ? null : trend.hoursToLimit / SPEED,
    reason: trend.leaking ? `${trend.reason} (each h is six seconds in this demo)` : trend.reason,
  };
}

export const fastMemory: FactoryProvider<MemoryLeakService> = {
  provide: MemoryLeakService,
  useFactory: (runtime: ContainerRuntime, clock: Clock, options: ResolvedOptions) =>
    new FastMemory(runtime, clock, options),
  inject: [ContainerRuntime, Clock, HEALTH_MONITOR_OPTIONS],
};
