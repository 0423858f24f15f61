import type { HealthEvent, MemoryTick } from '../../events/index.js';
import type {
  CollectionName,
  Entry,
  EventQuery,
  MemoryQuery,
  Reaction,
  StateChange,
} from '../health-store.js';
import { selectEvents, selectTicks } from '../select.js';
import type { StoreLogger } from '../store-logger.js';
import { WorkingCopy, type KeptState, type StateOfOthers } from '../working-copy.js';
import { Unsaved } from './unsaved.js';
import type { BatchWriter } from './write-batch.js';

/** The database is not the one that was written before. */
export class ReplacedError extends Error {}

/**
 * What is committed: in memory at once, in the database as soon as that can be written. It has all documents, and of
 * events and figures those that the database does not have yet.
 */
export class WriteBehind {
  private readonly copy: WorkingCopy;
  private readonly unsaved = new Unsaved();
  /** What the database held was read. */
  private loaded = false;
  private savedSeq = 0;
  /** Under which this process may have written, or which it has read. */
  private readonly epochs = new Set<string>();

  /** `name`: the database's, as messages show it. */
  constructor(
    private readonly name: string,
    logger: StoreLogger,
  ) {
    this.copy = new WorkingCopy(logger);
  }

  get epoch(): string {
    return this.copy.epoch;
  }

  get head(): number {
    return this.copy.head;
  }

  /** Of the events, the database has those up to here. */
  get savedHead(): number {
    return this.savedSeq;
  }

  get isSaved(): boolean {
    return this.unsaved.isEmpty;
  }

  react(reaction: Reaction): void {
    this.copy.react(reaction);
  }

  /** Returns the events of the change, with their `seq`. */
  commit(change: StateChange): readonly HealthEvent[] {
    const applied = this.copy.apply(change);
    this.unsaved.add(applied, change.memory);
    return applied.events;
  }

  entries<C extends CollectionName>(collection: C): readonly Entry<C>[] {
    return this.copy.entries(collection);
  }

  /** Those that the database does not have yet. */
  unsavedEvents(query: EventQuery): readonly HealthEvent[] {
    return selectEvents(this.unsaved.events, query);
  }

  /** Those that the database does not have yet. */
  unsavedTicks(query: MemoryQuery): readonly MemoryTick[] {
    return selectTicks(this.unsaved.ticks, query);
  }

  /** Writes what the database does not have yet, all of it or nothing. Rejects as the database does. */
  async writeTo(database: BatchWriter): Promise<void> {
    // Also a write that fails may have reached the file.
    this.epochs.add(this.epoch);
    await database.write({ ...this.unsaved.batch(), epoch: this.epoch, head: this.head });
    this.savedSeq = this.head;
    this.unsaved.clear();
  }

  /**
   * Learns what a database that was just opened holds. True when there are documents now that were not there before, or
   * others: whoever has some of his own reads them anew.
   *
   * @throws ReplacedError when it is not the database that was written before
   */
  learn(contents: KeptState): boolean {
    if (this.loaded) {
      this.recognise(contents);
      return false;
    }
    this.loaded = true;
    return this.adopt(contents);
  }

  /** What is committed from now on may be forgotten in a crash, and its `seq` given out again. */
  beginEpoch(): void {
    this.copy.beginEpoch();
  }

  /** Has everything written again: the database that was written before is there no more. */
  rewriteAll(): void {
    this.unsaved.addEverything(this.copy.everything());
    this.savedSeq = 0;
    this.loaded = true;
  }

  /** Takes over what another process has written since, up to that event. */
  follow(change: StateOfOthers): void {
    this.copy.follow(change);
    this.savedSeq = change.head;
  }

  /**
   * The database went back to how it was at an earlier event: all documents are written again, and what it does not have
   * yet comes after that event, in an epoch of its own.
   */
  continueAfter(head: number): void {
    const earlier = head - this.savedSeq;
    this.unsaved.renumber(earlier);
    this.copy.renumber(earlier);
    this.unsaved.addAllDocuments(this.copy.everything());
    this.savedSeq = head;
  }

  /** Gives up all that is here, for what another process has written since. */
  forget(): void {
    this.unsaved.clear();
    this.copy.load({ documents: [], epoch: null, head: 0 });
    this.savedSeq = 0;
    this.loaded = false;
  }

  /** Makes the database's contents ours, under what was committed before they could be read. */
  private adopt(contents: KeptState): boolean {
    const { epoch, head, documents } = contents;
    if (epoch !== null) this.epochs.add(epoch);
    this.savedSeq = head;
    if (this.head === 0 && this.unsaved.isEmpty) {
      this.copy.load(contents);
      return false;
    }
    if (head === 0 && documents.length === 0) return false;
    this.unsaved.renumber(head);
    this.copy.loadBefore({
      ...contents,
      documents: documents.filter((document) => !this.unsaved.has(document)),
    });
    return true;
  }

  /** After a new connection: what we believe to be saved may not be in this file. */
  private recognise({ epoch, head }: KeptState): void {
    if (epoch !== null && !this.epochs.has(epoch)) {
      throw new ReplacedError(`Another database was put at ${this.name}.`);
    }
    if (epoch === null || head < this.savedSeq) this.rewriteAll();
  }
}
