export type { ActOrder, AroundAct } from './container-actor.js';
export { Monitor } from './monitor.js';
export type { MonitorParts } from './monitor-parts.js';
