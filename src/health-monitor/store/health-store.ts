import type { EventDraft, HealthEvent, Incident, Notification } from '../events/index.js';

/**
 * What is kept, by collection: one document a key. A room that keeps something of its own adds its collection
 * here by declaration merging (`declare module`), so the store need not know it.
 */
export interface Collections {
  incident: Incident;
  notification: Notification;
}
export type CollectionName = keyof Collections;

export type Put = {
  [C in CollectionName]: { readonly collection: C; readonly key: string; readonly value: Collections[C] };
}[CollectionName];
export interface Remove {
  readonly collection: CollectionName;
  readonly key: string;
}

/** One step of the state: documents written and removed, events appended. All of it is kept, or nothing. */
export interface StateChange {
  readonly put?: readonly Put[];
  readonly remove?: readonly Remove[];
  readonly events?: readonly EventDraft[];
}

export interface EventQuery {
  /** Only events with a greater `seq`. */
  readonly after?: number;
  readonly container?: string;
  /** At most this many: the first after `after` when that is given, else the latest. Always in order. */
  readonly limit: number;
}

export interface StoreStatus {
  readonly kind: 'sqlite' | 'memory';
  /** False while changes are kept in memory only, because the database cannot be written. */
  readonly durable: boolean;
  /** Why not, and what to do; `null` when all is well. */
  readonly problem: string | null;
}

/**
 * What must outlive the process, and its injection token.
 *
 * A change is written in one transaction. Trouble with the medium never surfaces as an exception: the store goes
 * on in memory, says so in `status`, and writes what it holds when it can again.
 */
export abstract class HealthStore {
  /** Opens it, migrating as needed. Called once, before anything else. */
  abstract open(): Promise<void>;
  abstract close(): Promise<void>;

  /** Random, made with the store: tells a client that `seq` began anew. */
  abstract readonly epoch: string;
  /** The `seq` of the latest event; 0 when there is none. */
  abstract readonly head: number;
  abstract readonly status: StoreStatus;

  /** Writes one step; returns its events with their `seq`, in order. */
  abstract commit(change: StateChange): Promise<readonly HealthEvent[]>;

  /** All documents of one collection, in the order their keys were first written. */
  abstract all<C extends CollectionName>(collection: C): Promise<readonly Collections[C][]>;

  abstract events(query: EventQuery): Promise<readonly HealthEvent[]>;
}
