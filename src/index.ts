export { HealthMonitorModule, type HealthMonitorAsyncOptions } from './health-monitor/health-monitor.module.js';
export { HealthMonitorService, type StopPreview } from './health-monitor/health-monitor.service.js';
