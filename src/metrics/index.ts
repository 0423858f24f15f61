export { EventLoopDelay } from './event-loop-delay.js';
export type { Family, Metric, Sample } from './family.js';
export { labelText, type Labels } from './labels.js';
export { ENGINE_CALLS, Figures, type EngineCall } from './figures.js';
export { measuredStore } from './measured-store.js';
export { createMetricsController } from './metrics.controller.js';
export { MetricsService } from './metrics.service.js';
