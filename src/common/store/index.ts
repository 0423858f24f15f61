export { EventStream, type CommittingStore } from './event-stream.js';
export {
  HealthStore,
  type CollectionName,
  type Collections,
  type DocumentReader,
  type Entry,
  type EventQuery,
  type MemoryQuery,
  type Put,
  type Reaction,
  type Remove,
  type StateChange,
  type StoreNotice,
  type StoreStatus,
} from './health-store.js';
export {
  isFollowing,
  UnansweredError,
  type FollowedChange,
  type ReplicaRole,
  type ReplicaStatus,
  type SharedStore,
  type UnansweredKind,
} from './shared-store.js';
export { MemoryStore } from './memory-store.js';
export type { StoreLogger } from './store-logger.js';
export { readIfFit, soundDocuments } from './sound-documents.js';
export { createHealthStore } from './create-health-store.js';
export { SqliteStore, type SqliteStoreOptions } from './sqlite-store.js';
