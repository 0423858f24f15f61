import type { Clock } from '../clock/index.js';
import type { ResolvedOptions } from '../options/index.js';
import type { HealthStore } from './health-store.js';
import { MemoryStore } from './memory-store.js';
import { KEEP_EVENTS } from './retention.js';
import { SqliteStore } from './sqlite-store.js';
import type { StoreLogger } from './store-logger.js';

/** The store that the options ask for, not yet open. What only PostgreSQL takes is loaded where it is asked for. */
export async function createHealthStore(
  storage: ResolvedOptions['storage'],
  { clock, logger }: { readonly clock: Clock; readonly logger: StoreLogger },
): Promise<HealthStore> {
  switch (storage.kind) {
    case 'memory':
      return new MemoryStore(KEEP_EVENTS, logger);
    case 'sqlite':
      return new SqliteStore({ path: storage.path, clock, logger });
    case 'postgres': {
      const { PostgresStore } = await import('./postgres-store.js');
      return new PostgresStore({ ...storage, clock, logger });
    }
  }
}
