export { MonitorMeter } from './monitor-meter.js';
export { tracedActs } from './traced-acts.js';
