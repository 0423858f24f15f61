import type { EventDraft, HealthEvent, MemoryTick, Notification } from '../events/index.js';

/**
 * What is kept, by collection: one document a key. A room that keeps something of its own adds its collection
 * here by declaration merging (`declare module`), so the store need not know it.
 */
export interface Collections {
  notification: Notification;
}
export type CollectionName = keyof Collections;

/** A document to be written. Its value is never changed afterwards: the same value put again is no change. */
export type Put = {
  [C in CollectionName]: { readonly collection: C; readonly key: string; readonly value: Collections[C] };
}[CollectionName];
export interface Remove {
  readonly collection: CollectionName;
  readonly key: string;
}

/** One step of the state: documents removed, then written, and events appended. All of it is kept, or nothing. */
export interface StateChange {
  readonly put?: readonly Put[];
  readonly remove?: readonly Remove[];
  readonly events?: readonly EventDraft[];
  /** Memory figures, kept for 8 days. */
  readonly memory?: MemoryTick;
}

export interface EventQuery {
  /** Only events with a greater `seq`. */
  readonly after?: number;
  readonly container?: string;
  /** At most this many: the first after `after` when that is given, else the latest. Always in order. */
  readonly limit: number;
}

export interface MemoryQuery {
  /** Only figures taken at or after this moment. ISO 8601. */
  readonly since: string;
  readonly container?: string;
}

export interface StoreStatus {
  readonly kind: 'sqlite' | 'memory';
  /** False while changes are kept in memory only, because the database cannot be written. */
  readonly durable: boolean;
  /** Why not, and what to do; `null` when all is well. */
  readonly problem: string | null;
}

/** What the store announces of itself. */
export interface StoreNotice {
  /**
   * - `degraded`: changes are kept in memory only. Announced once a problem.
   * - `recovered`: all of them are in the database now.
   * - `reloaded`: documents were replaced by those in the database (this process took over as the writer, or the
   *   database could be read only now). Whoever holds documents of their own reads them anew with `all`.
   */
  readonly kind: 'degraded' | 'recovered' | 'reloaded';
  /** What happened and what to do, in a sentence or two. */
  readonly reason: string;
}

/** The documents as they are, for a {@link Reaction}. */
export interface DocumentReader {
  all<C extends CollectionName>(collection: C): readonly Collections[C][];
  get<C extends CollectionName>(collection: C, key: string): Collections[C] | undefined;
}

/**
 * What events cause, written in the same transaction as they are. Pure, and quick: it runs inside every commit that
 * has events. What it throws is logged, and the commit goes on without it.
 */
export type Reaction = (
  events: readonly HealthEvent[],
  documents: DocumentReader,
) => Pick<StateChange, 'put' | 'remove'>;

/**
 * What must outlive the process, and its injection token.
 *
 * A change is written in one transaction. Trouble with the medium never surfaces as an exception: the store goes
 * on in memory, says so in `status`, and writes what is unsaved when it can again. Documents are served from memory,
 * so healing never depends on a readable database; only events and memory figures are read from it.
 */
export abstract class HealthStore {
  private readonly listeners = new Set<(notice: StoreNotice) => void | Promise<void>>();

  /** Opens it, migrating as needed. Called once, before anything else. */
  abstract open(): Promise<void>;
  /** Writes what is still unsaved, if it can, and gives up being the writer. */
  abstract close(): Promise<void>;

  /** Random, made with the store: tells a client that `seq` began anew. It changes, too, when a crash could make it so. */
  abstract readonly epoch: string;
  /** The `seq` of the latest event; 0 when there is none. */
  abstract readonly head: number;
  abstract readonly status: StoreStatus;
  /**
   * Whether this process is the one that acts on this store. False while another process has it: then commits stay
   * in this process, and are forgotten when `tick` takes over. True once all that listen to `reloaded` have read anew.
   */
  abstract readonly writer: boolean;

  /**
   * Writes one step; returns its events with their `seq`, in order. In the middle of a takeover, before `writer` is
   * true, nothing is kept and no event returned: the step was made from what is no longer so.
   */
  abstract commit(change: StateChange): Promise<readonly HealthEvent[]>;

  /** All documents of one collection, in the order their keys were first written. */
  abstract all<C extends CollectionName>(collection: C): Promise<readonly Collections[C][]>;

  /**
   * What is kept of the log: 30 days, at most 50,000. In order; `seq` has no holes. Events that are older than a day
   * and not among the latest 2,000 come without `view` and with an empty incident timeline.
   */
  abstract events(query: EventQuery): Promise<readonly HealthEvent[]>;

  /** Memory figures of the last 8 days, oldest first. */
  abstract memory(query: MemoryQuery): Promise<readonly MemoryTick[]>;

  /** Adds what events cause. For constructors: before the first commit. */
  abstract react(reaction: Reaction): void;

  /**
   * Heartbeat: tries again what failed, takes over when the other process is gone, drops what is too old, announces
   * its notices. Nearly free when nothing is due; never rejects and never overlaps itself. Call it about each second or
   * more often; nobody need await it.
   */
  abstract tick(): Promise<void>;

  /**
   * Calls `listener` with each notice; returns how to stop it. Notices are announced in `tick` only. After a takeover,
   * the store waits for the promises that listeners return before this process becomes the writer.
   */
  onNotice(listener: (notice: StoreNotice) => void | Promise<void>): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves when every listener is done; then rejects with the first failure, if there was one. */
  protected async tell(notice: StoreNotice): Promise<void> {
    const done = await Promise.allSettled([...this.listeners].map(async (listener) => listener(notice)));
    const failed = done.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }
}
