export { ENGINE_CALLS, Figures, type EngineCall } from './figures.js';
export { measuredStore } from './measured-store.js';
export { createMetricsController } from './metrics.controller.js';
export { MetricsService } from './metrics.service.js';
