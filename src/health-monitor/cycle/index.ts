export type { ActOrder, AroundAct } from './container-actor.js';
export { Monitor } from './monitor.js';
export { NotificationIds } from './notification-ids.js';
export type { MonitorParts, MonitorStore, MonitorStream } from './monitor-parts.js';
export { Onlookers, type WatchedEngine } from './onlookers.js';
export {
  memoryByName,
  readServedMemory,
  readServedReading,
  readServedStatus,
  readView,
  SERVED,
  type ServedMemory,
  type ServedReading,
  type ServedStatus,
} from './served.js';
