import type { HealthEvent, MemoryTick } from '../../events/index.js';
import type { Put, Remove } from '../health-store.js';

/** What one transaction writes. */
export interface WriteBatch {
  /** Drop all documents but those in `put`. */
  readonly replaceDocuments: boolean;
  readonly put: readonly Put[];
  readonly remove: readonly Remove[];
  readonly events: readonly HealthEvent[];
  readonly ticks: readonly MemoryTick[];
  /** Drop the log before `events`, which would have a hole otherwise. */
  readonly dropEarlierEvents: boolean;
  readonly epoch: string;
  readonly head: number;
}

/** A database that takes batches: all of one, or nothing. */
export interface BatchWriter {
  write(batch: WriteBatch): Promise<void>;
}
