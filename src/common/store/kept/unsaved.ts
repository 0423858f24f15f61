import type { HealthEvent, MemoryTick } from '../../events/index.js';
import type { Put, Remove } from '../health-store.js';
import { MOST_UNSAVED_EVENTS, MOST_UNSAVED_TICKS } from '../retention.js';
import type { AppliedChange } from '../working-copy.js';
import type { WriteBatch } from './write-batch.js';

/** What the database does not have yet. Bounded: documents by what exists, the rest by giving up its oldest. */
export class Unsaved {
  private readonly documents = new Map<string, Put | Remove>();
  private log: HealthEvent[] = [];
  private figures: MemoryTick[] = [];
  /** Events before `log` were given up, so that the log in the database would have a hole before them. */
  private gaveUpEvents = false;
  /** The documents here are all there are; what the database has beside them is wrong. */
  private allDocuments = false;

  get isEmpty(): boolean {
    return this.documents.size === 0 && this.log.length === 0 && this.figures.length === 0;
  }

  /** In order. */
  get events(): readonly HealthEvent[] {
    return this.log;
  }

  /** Oldest first. */
  get ticks(): readonly MemoryTick[] {
    return this.figures;
  }

  has(document: Put | Remove): boolean {
    return this.documents.has(keyOf(document));
  }

  add({ put, remove, events }: AppliedChange, tick?: MemoryTick): void {
    for (const document of [...remove, ...put]) this.addDocument(document);
    this.log.push(...events);
    if (this.log.length > MOST_UNSAVED_EVENTS) {
      this.log = this.log.slice(-MOST_UNSAVED_EVENTS);
      this.gaveUpEvents = true;
    }
    if (tick) this.figures.push(tick);
    if (this.figures.length > MOST_UNSAVED_TICKS) this.figures = this.figures.slice(-MOST_UNSAVED_TICKS);
  }

  /** Has everything written again, to a database that has nothing of it, or only a part. */
  addEverything(documents: readonly Put[]): void {
    this.addAllDocuments(documents);
    this.gaveUpEvents = true;
  }

  /** Has all documents written again, in place of those that the database has. */
  addAllDocuments(documents: readonly Put[]): void {
    this.documents.clear();
    for (const document of documents) this.addDocument(document);
    this.allDocuments = true;
  }

  /** So many events came before those that are here. */
  renumber(earlier: number): void {
    this.log = this.log.map((event) => ({ ...event, seq: event.seq + earlier }));
  }

  batch(): Omit<WriteBatch, 'epoch' | 'head'> {
    const documents = [...this.documents.values()];
    return {
      replaceDocuments: this.allDocuments,
      put: documents.filter((document) => 'value' in document),
      remove: documents.filter((document) => !('value' in document)),
      events: this.log,
      ticks: this.figures,
      dropEarlierEvents: this.gaveUpEvents,
    };
  }

  clear(): void {
    this.documents.clear();
    this.log = [];
    this.figures = [];
    this.gaveUpEvents = false;
    this.allDocuments = false;
  }

  private addDocument(document: Put | Remove): void {
    this.documents.set(keyOf(document), document);
  }
}

function keyOf({ collection, key }: Remove): string {
  return `${collection}\0${key}`;
}
