export { loadApi, type OpenTelemetryApi } from './load-api.js';
export { MetricInstruments } from './metric-instruments.js';
export { tracedDeliveries } from './traced-deliveries.js';
export { Tracing, type SpanEnd, type SpanStart } from './tracing.js';
