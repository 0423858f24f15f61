import type { Provider } from '@nestjs/common';
import type { ResolvedExtras } from '../common/options/index.js';
import { Figures, MetricsService } from '../metrics/index.js';
import {
  loadApi,
  MetricInstruments,
  tracedDeliveries,
  Tracing,
  type OpenTelemetryApi,
} from '../opentelemetry/index.js';
import { AROUND_ATTEMPT } from '../webhooks/index.js';
import { Onlookers } from './cycle/index.js';
import { MeterAndTraces } from './measure/index.js';

/** `@opentelemetry/api` of the host; `null` where it has none. */
const OPEN_TELEMETRY = Symbol('OPEN_TELEMETRY');

/** What looks on at the monitors and the deliveries; whatever takes `Figures` as optional does without where metrics are off. */
export const telemetryProviders = ({ metrics }: ResolvedExtras): readonly Provider[] => [
  ...TRACES,
  ...(metrics === null ? [] : METRICS),
  { provide: Onlookers, useClass: MeterAndTraces },
];

const TRACES: readonly Provider[] = [
  { provide: OPEN_TELEMETRY, useFactory: loadApi },
  {
    provide: Tracing,
    useFactory: (api: OpenTelemetryApi | null) => api && new Tracing(api),
    inject: [OPEN_TELEMETRY],
  },
  {
    provide: AROUND_ATTEMPT,
    useFactory: (tracing: Tracing | null) => tracing && tracedDeliveries(tracing),
    inject: [Tracing],
  },
];

const METRICS: readonly Provider[] = [
  Figures,
  MetricsService,
  {
    provide: MetricInstruments,
    useFactory: (api: OpenTelemetryApi | null, metrics: MetricsService, figures: Figures) =>
      api && new MetricInstruments(api, metrics, figures),
    inject: [OPEN_TELEMETRY, MetricsService, Figures],
  },
];
