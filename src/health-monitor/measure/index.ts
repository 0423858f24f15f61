export { MonitorMeter } from './monitor-meter.js';
