export { HealthMonitorIndicator } from './health-monitor.indicator.js';
