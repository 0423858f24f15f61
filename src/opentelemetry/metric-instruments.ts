import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import type { BatchObservableCallback, Meter, Observable } from '@opentelemetry/api';
import { EventLoopDelay, type Figures, type Metric, type MetricsService } from '../metrics/index.js';
import type { OpenTelemetryApi } from './load-api.js';
import { SCOPE } from './scope.js';
import { SeriesWatch } from './series-watch.js';

/**
 * Everything that can be measured, as instruments of the host's meter: under the names that Prometheus reads, with its
 * labels as attributes. What is counted, and what is so now, is read when it is asked for; durations are told as they come.
 */
export class MetricInstruments implements OnModuleInit, OnModuleDestroy {
  private readonly eventLoop = new EventLoopDelay();
  private readonly series = new SeriesWatch();
  private readonly endings: (() => void)[] = [() => this.eventLoop.stop()];

  constructor(
    private readonly api: OpenTelemetryApi,
    private readonly metrics: MetricsService,
    private readonly figures: Figures,
  ) {}

  onModuleInit(): void {
    const meter = this.api.metrics.getMeter(...SCOPE);
    this.observe(meter);
    this.record(meter);
  }

  onModuleDestroy(): void {
    for (const end of this.endings) end();
  }

  private observe(meter: Meter): void {
    const observables = new Map<string, Observable>();
    for (const metric of [EventLoopDelay.metric, ...this.metrics.families()]) {
      if (metric.type !== 'histogram') observables.set(metric.name, observable(meter, metric));
    }
    const callback: BatchObservableCallback = (result) => {
      for (const family of [this.eventLoop.family(), ...this.metrics.families()]) {
        const instrument = observables.get(family.name);
        if (!instrument) continue;
        for (const { labels, value } of this.series.withEnded(family))
          result.observe(instrument, value, labels);
      }
    };
    const all = [...observables.values()];
    meter.addBatchObservableCallback(callback, all);
    this.endings.push(() => meter.removeBatchObservableCallback(callback, all));
  }

  private record(meter: Meter): void {
    for (const histogram of this.figures.histograms()) {
      const { metric, bounds } = histogram;
      const advice = { explicitBucketBoundaries: [...bounds] };
      const instrument = meter.createHistogram(metric.name, { ...optionsOf(metric), advice });
      this.endings.push(histogram.listen((labels, seconds) => instrument.record(seconds, labels)));
    }
  }
}

function observable(meter: Meter, metric: Metric): Observable {
  const options = optionsOf(metric);
  return metric.type === 'counter'
    ? meter.createObservableCounter(metric.name, options)
    : meter.createObservableGauge(metric.name, options);
}

const optionsOf = ({ name, help }: Metric) => ({ description: help, unit: unitOf(name) });

/** Names say their unit, as Prometheus wants it; here it has a place of its own. */
function unitOf(name: string): string {
  if (name.endsWith('_seconds')) return 's';
  return name.endsWith('_bytes') ? 'By' : '1';
}
