import type { HealthEvent, MemoryTick } from '../../events/index.js';
import type { WriteBatch } from '../kept/write-batch.js';
import type { KeptState } from '../working-copy.js';

/** A store cannot be copied, and why, with what to do. Never holds a secret. */
export class CopyRefusedError extends Error {}

/** What a person wrote is no place of a store, and what is expected. */
export class CopyPlaceError extends Error {}

/** A database cannot be used, and why, with what to do. Never holds a secret. */
export class CopyFailedError extends Error {}

/** What is read of a store, as of one moment, a part at a time. */
export interface ReadableStore {
  /** All documents, and where the log is. `epoch` null: nothing was ever written. */
  load(): Promise<KeptState>;
  /** The next events after `seq`, in order; none: there are no more. */
  eventsAfter(seq: number): Promise<readonly HealthEvent[]>;
  /** All memory figures, oldest first. */
  memory(): Promise<readonly MemoryTick[]>;
}

/** A store that nobody has open, from which or to which everything is copied. */
export interface CopyEnd {
  /** As messages show it: without anything that is secret. */
  readonly name: string;
  /**
   * Gives all there is to `use`. Nobody else can open it for writing until that is done.
   *
   * @throws CopyRefusedError when there is nothing, or a process has it open; CopyFailedError when it cannot be opened; else
   *   as the driver does
   */
  read(use: (store: ReadableStore) => Promise<void>): Promise<void>;
  /**
   * Writes all of what `batches` gives, or nothing. `check` is told what is there before that.
   *
   * @throws CopyRefusedError when a process has it open; CopyFailedError when it cannot be opened; whatever `check` and `batches` do; else as the driver does
   */
  write(check: (there: KeptState) => void, batches: AsyncIterable<WriteBatch>): Promise<void>;
}
