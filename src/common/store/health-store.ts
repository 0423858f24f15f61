import type { EventDraft, HealthEvent, MemoryTick, Notification } from '../events/index.js';
import type { SharedStore } from './shared-store.js';

/**
 * What is kept, by collection: one document a key. A room that keeps something of its own adds its collection
 * here by declaration merging (`declare module`). A store keeps documents of any name and shape, and reads none.
 */
export interface Collections {
  notification: Notification;
}
/** There may be more at run time than a host's compiler knows of. */
export type CollectionName = keyof Collections;

/** A document as it is kept, with its key. It may be one of an earlier version, or damaged: whoever reads it checks it. */
export type Entry<C extends CollectionName> = readonly [key: string, document: Collections[C]];

/** A document to be written: plain data, as JSON has it. A value is never changed: the same one put again is no change. */
export type Put = {
  [C in CollectionName]: { readonly collection: C; readonly key: string; readonly value: Collections[C] };
}[CollectionName];
/** A document to be removed; it need not be there. */
export interface Remove {
  readonly collection: CollectionName;
  readonly key: string;
}

/** One step of the state: documents removed, then written, and events appended. All of it is kept, or nothing. */
export interface StateChange {
  /** Default: none, as of all the others. */
  readonly put?: readonly Put[];
  /** Done before `put`: a document named in both is there afterwards. */
  readonly remove?: readonly Remove[];
  /** In order; the store gives each its `seq`. */
  readonly events?: readonly EventDraft[];
  /** Memory figures of one moment. */
  readonly memory?: MemoryTick;
}

/** Which events to read. */
export interface EventQuery {
  /** Only events with a greater `seq`. */
  readonly after?: number;
  /** Only events with this `container`. Default: all. */
  readonly container?: string;
  /** At most this many: the first after `after` when that is given, else the latest. Always in order. */
  readonly limit: number;
}

/** Which memory figures to read. */
export interface MemoryQuery {
  /** Only figures taken at or after this moment. ISO 8601. */
  readonly since: string;
  /** Only samples of this one. A moment at which none is left is left out. Default: all. */
  readonly container?: string;
  /** Only samples of containers on this host, called `HOST/NAME`; `null`: on the local one, called by their names. Default: all. */
  readonly host?: string | null;
}

/** How a store is, as `GET status` shows it. */
export interface StoreStatus {
  /** `sqlite`, `memory`, `postgres`, or another store's own word. */
  readonly kind: string;
  /** False while changes are kept in memory only, because the medium cannot be written. */
  readonly durable: boolean;
  /** Why not, and what to do; `null` when all is well. */
  readonly problem: string | null;
}

/** What the store announces of itself. */
export interface StoreNotice {
  /**
   * - `degraded`: changes are kept in memory only. Once a problem.
   * - `recovered`: all of them are written now. Once after each `degraded`.
   * - `reloaded`: documents were replaced by those of the medium (this process took over as the writer, or the
   *   medium could be read only now), or, where `shared`, this process now leads, follows or is cut off. Whoever has
   *   documents of their own reads them anew.
   */
  readonly kind: 'degraded' | 'recovered' | 'reloaded';
  /** What happened and what to do, in a sentence or two. */
  readonly reason: string;
}

/** The documents as they are, for a {@link Reaction}. */
export interface DocumentReader {
  /** In the order of {@link HealthStore.entries}. */
  all<C extends CollectionName>(collection: C): readonly Collections[C][];
  get<C extends CollectionName>(collection: C, key: string): Collections[C] | undefined;
}

/**
 * What events cause, written in the same transaction as they are. Pure, and quick: it runs inside every commit that
 * has events. It is given these, and the documents as the change itself leaves them, before any other reaction. What
 * it throws is logged, and the commit goes on without it.
 */
export type Reaction = (
  events: readonly HealthEvent[],
  documents: DocumentReader,
) => Pick<StateChange, 'put' | 'remove'>;

/**
 * What must outlive the process: documents, the log of events, and memory figures. Also its injection token: a host's
 * own store takes its place with `overrides: [{ provide: HealthStore, useClass: Mine }]`.
 *
 * All it is given and gives back is plain data, as JSON has it, that neither side changes afterwards. A change is
 * written in one transaction. Trouble with the medium never surfaces as an exception: the store goes on in memory, says
 * so in `status`, and writes what it has when it can again. Documents are served from memory, so healing never depends
 * on a readable medium; only events and memory figures may be read from there.
 */
export abstract class HealthStore {
  private readonly listeners = new Set<(notice: StoreNotice) => void | Promise<void>>();

  /**
   * Opens it, and reads what an earlier process left. The module calls it once, before anything else.
   *
   * @throws anything that keeps it from being used at all; the app then does not start
   */
  abstract open(): Promise<void>;
  /** Writes what is not written yet, if it can, and gives up being the writer. The module calls it once, at the end. */
  abstract close(): Promise<void>;

  /**
   * Random, made with the store and kept with it: tells a client that `seq` began anew. It changes, too, when a crash
   * could make it so: as soon as an event is given a `seq` without being written.
   */
  abstract readonly epoch: string;
  /** The `seq` of the latest event; 0 when there is none. The next event gets the next number. */
  abstract readonly head: number;
  /** How it is now. */
  abstract readonly status: StoreStatus;
  /**
   * Whether this process is the one that acts on this store; always true where no other process can open it. False
   * while another one has it: then commits stay in this process, and are forgotten when `tick` takes over. True once all
   * that heard `reloaded` have read anew. Where `shared`, true while this process leads.
   */
  abstract readonly writer: boolean;

  /** What several processes need that have this store open at once; `null`: it is one process's own. */
  readonly shared: SharedStore | null = null;

  /**
   * Writes one step; gives its events with their `seq`, in order, once all of it is written (or cannot be: then it is in
   * memory, and `status` says so). Never rejects. It may be called again before it has resolved: changes are kept, and
   * events numbered, in the order of the calls. In the middle of a takeover, before `writer` is true, nothing is kept and
   * no event given: the step was made from what is no longer so. The same where `shared` and another process leads, or
   * took the lead before the change was written.
   */
  abstract commit(change: StateChange): Promise<readonly HealthEvent[]>;

  /**
   * All documents of one collection with their keys, in the order the keys were first written; none of one it does not
   * know.
   */
  abstract entries<C extends CollectionName>(collection: C): Promise<readonly Entry<C>[]>;

  /** The documents of {@link entries}, without their keys. */
  async all<C extends CollectionName>(collection: C): Promise<readonly Collections[C][]> {
    return (await this.entries(collection)).map(([, document]) => document);
  }

  /**
   * What is kept of the log, in order; `seq` counts from 1 and has no holes. The oldest may be dropped, and of older ones
   * an event's `view` and an incident's timeline; a client that was away for longer gets everything as it is now. Ours
   * keeps 30 days, at most 50,000 events, and the latest 2,000 and those of a day whole.
   */
  abstract events(query: EventQuery): Promise<readonly HealthEvent[]>;

  /** Memory figures of the last 8 days, oldest first; of the last day at least, to go on with after a restart. */
  abstract memory(query: MemoryQuery): Promise<readonly MemoryTick[]>;

  /** Adds what events cause. For constructors: after `open`, before the first commit. */
  abstract react(reaction: Reaction): void;

  /**
   * Heartbeat: tries again what failed, takes over when the other process is gone, drops what is too old, announces what
   * there is to announce. Nearly free when nothing is due; never rejects and never overlaps itself. The module calls it
   * about each second and does not await it; a store may call it, too.
   */
  abstract tick(): Promise<void>;

  /**
   * Calls `listener` with each notice; returns how to stop it. Notices come in `tick` only. After a takeover, the store
   * waits for the promises that listeners return before this process becomes the writer.
   */
  onNotice(listener: (notice: StoreNotice) => void | Promise<void>): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Calls every listener. For stores, in `tick`: a listener may commit.
   *
   * @throws the first failure of a listener, once all are done
   */
  protected async announce(notice: StoreNotice): Promise<void> {
    const done = await Promise.allSettled([...this.listeners].map(async (listener) => listener(notice)));
    const failed = done.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }
}
