import type { Clock } from '../clock/index.js';
import type { ResolvedOptions } from '../options/index.js';
import type { HealthStore } from './health-store.js';
import { MemoryStore } from './memory-store.js';
import { KEEP_EVENTS } from './retention.js';
import { SqliteStore } from './sqlite-store.js';
import type { StoreLogger } from './store-logger.js';

/** The store that the options ask for, not yet open. */
export function createHealthStore(
  storage: ResolvedOptions['storage'],
  { clock, logger }: { readonly clock: Clock; readonly logger: StoreLogger },
): HealthStore {
  return storage.kind === 'memory'
    ? new MemoryStore(KEEP_EVENTS, logger)
    : new SqliteStore({ path: storage.path, clock, logger });
}
