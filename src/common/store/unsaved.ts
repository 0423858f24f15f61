import type { HealthEvent, MemoryTick } from '../events/index.js';
import type { Put, Remove } from './health-store.js';
import { HOLD_EVENTS, HOLD_MEMORY_TICKS } from './retention.js';
import type { AppliedChange } from './working-copy.js';

/** What the database does not have yet. Bounded: documents by what exists, the rest by giving up its oldest. */
export class Unsaved {
  private readonly documents = new Map<string, Put | Remove>();
  events: HealthEvent[] = [];
  ticks: MemoryTick[] = [];
  /** Events before `events` were given up, so that the log in the database would have a hole before them. */
  gaveUpEvents = false;
  /** The documents here are all there are; what the database has beside them is wrong. */
  allDocuments = false;

  get empty(): boolean {
    return this.documents.size === 0 && this.events.length === 0 && this.ticks.length === 0;
  }

  add({ put, remove, events }: AppliedChange, tick?: MemoryTick): void {
    for (const document of [...remove, ...put]) this.addDocument(document);
    this.events.push(...events);
    if (this.events.length > HOLD_EVENTS) {
      this.events = this.events.slice(-HOLD_EVENTS);
      this.gaveUpEvents = true;
    }
    if (tick) this.ticks.push(tick);
    if (this.ticks.length > HOLD_MEMORY_TICKS) this.ticks = this.ticks.slice(-HOLD_MEMORY_TICKS);
  }

  /** Has everything written again, to a database that has nothing of it, or only a part. */
  addEverything(documents: readonly Put[]): void {
    this.documents.clear();
    for (const document of documents) this.addDocument(document);
    this.allDocuments = true;
    this.gaveUpEvents = true;
  }

  has(document: Put | Remove): boolean {
    return this.documents.has(keyOf(document));
  }

  get put(): Put[] {
    return [...this.documents.values()].filter((document) => 'value' in document);
  }

  get remove(): Remove[] {
    return [...this.documents.values()].filter((document) => !('value' in document));
  }

  clear(): void {
    this.documents.clear();
    this.events = [];
    this.ticks = [];
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
