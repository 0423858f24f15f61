export {
  HealthStore,
  type CollectionName,
  type Collections,
  type EventQuery,
  type Put,
  type Remove,
  type StateChange,
  type StoreStatus,
} from './health-store.js';
export { MemoryStore } from './memory-store.js';
