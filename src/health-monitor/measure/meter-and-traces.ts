import { Inject, Injectable, Optional } from '@nestjs/common';
import { Clock } from '../../common/clock/index.js';
import { Figures } from '../../metrics/index.js';
import { Tracing } from '../../opentelemetry/index.js';
import { Onlookers, type WatchedEngine } from '../cycle/index.js';
import type { ContainerRuntime } from '../runtime/index.js';
import { MonitorMeter } from './monitor-meter.js';
import { tracedActs } from './traced-acts.js';

/** Figures, where metrics are on, and spans, where the host has an OpenTelemetry. */
@Injectable()
export class MeterAndTraces extends Onlookers {
  constructor(
    private readonly clock: Clock,
    @Inject(Tracing) private readonly tracing: Tracing | null,
    @Optional() private readonly figures?: Figures,
  ) {
    super();
  }

  around(engine: ContainerRuntime, host: string | null): WatchedEngine {
    const { clock, tracing, figures } = this;
    return {
      ...(figures ? new MonitorMeter(clock, figures).between(engine) : { runtime: engine }),
      ...(tracing && { aroundAct: tracedActs(tracing, host) }),
    };
  }
}
