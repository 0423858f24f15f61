export { Monitor } from './monitor.js';
export type { MonitorParts } from './monitor-parts.js';
