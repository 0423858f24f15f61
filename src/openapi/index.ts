export { MountedApi } from './mounted-api.js';
export { OpenApiController } from './openapi.controller.js';
export { withHealthMonitor } from './with-health-monitor.js';
