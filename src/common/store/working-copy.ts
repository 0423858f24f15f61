import { randomUUID } from 'node:crypto';
import type { HealthEvent } from '../events/index.js';
import type {
  CollectionName,
  Collections,
  DocumentReader,
  Entry,
  Put,
  Reaction,
  Remove,
  StateChange,
} from './health-store.js';
import type { StoreLogger } from './store-logger.js';

/** What a change came to, with what its events caused. */
export interface AppliedChange {
  readonly put: readonly Put[];
  readonly remove: readonly Remove[];
  readonly events: readonly HealthEvent[];
}

/** Documents and the number of events, as something was that was kept. */
export interface KeptState {
  readonly documents: readonly Put[];
  /** `null`: there was none. */
  readonly epoch: string | null;
  readonly head: number;
}

/** What another process wrote. */
export interface StateOfOthers extends Pick<AppliedChange, 'put' | 'remove'> {
  /** The `seq` of the latest event. */
  readonly head: number;
}

/** All documents, and the count of events, in this process. */
export class WorkingCopy implements DocumentReader {
  private currentEpoch: string = randomUUID();
  private lastSeq = 0;
  private readonly collections = new Map<CollectionName, Map<string, unknown>>();
  private readonly reactions: Reaction[] = [];

  constructor(private readonly logger: StoreLogger) {}

  get epoch(): string {
    return this.currentEpoch;
  }

  /** The `seq` of the latest event; 0 when there is none. */
  get head(): number {
    return this.lastSeq;
  }

  react(reaction: Reaction): void {
    this.reactions.push(reaction);
  }

  apply(change: StateChange): AppliedChange {
    // What is put as it is costs nothing: a cycle may put every record, few of which changed.
    this.remove(change.remove);
    const changed =
      change.put?.filter(({ collection, key, value }) => this.get(collection, key) !== value) ?? [];
    this.put(changed);
    const events = (change.events ?? []).map((draft): HealthEvent => ({ ...draft, seq: ++this.lastSeq }));
    const put = [...changed];
    const remove = [...(change.remove ?? [])];
    if (events.length > 0) {
      for (const caused of this.reactions.map((reaction) => this.causedBy(reaction, events))) {
        this.remove(caused.remove);
        this.put(caused.put);
        put.push(...(caused.put ?? []));
        remove.push(...(caused.remove ?? []));
      }
    }
    return { put, remove, events };
  }

  entries<C extends CollectionName>(collection: C): readonly Entry<C>[] {
    return [...this.documents(collection)] as unknown as Entry<C>[];
  }

  all<C extends CollectionName>(collection: C): readonly Collections[C][] {
    return [...this.documents(collection).values()] as Collections[C][];
  }

  get<C extends CollectionName>(collection: C, key: string): Collections[C] | undefined {
    return this.documents(collection).get(key) as Collections[C] | undefined;
  }

  /** Every document there is, as something to be written. */
  everything(): Put[] {
    return [...this.collections].flatMap(([collection, documents]) =>
      [...documents].map(([key, value]) => ({ collection, key, value }) as Put),
    );
  }

  /** From now on, the same `seq` may name another event than before. */
  beginEpoch(): void {
    this.currentEpoch = randomUUID();
  }

  /** Becomes a copy of what was kept earlier. `epoch` null: the present one goes on. */
  load({ documents, epoch, head }: KeptState): void {
    this.collections.clear();
    this.put(documents);
    this.currentEpoch = epoch ?? this.currentEpoch;
    this.lastSeq = head;
  }

  /** Has what another process wrote, too. Nothing is caused by it: that was written with it. */
  follow({ put, remove, head }: StateOfOthers): void {
    this.remove(remove);
    this.put(put);
    this.lastSeq = head;
  }

  /** As many events more, or less, came before; from now on, the same `seq` may name another event than before. */
  renumber(earlier: number): void {
    this.lastSeq += earlier;
    this.beginEpoch();
  }

  /** What was kept earlier comes before all that is here; documents that are here stay as they are. */
  loadBefore({ documents, head }: KeptState): void {
    const ours = this.everything();
    this.load({ documents: [...documents, ...ours], epoch: null, head: this.lastSeq + head });
    this.beginEpoch();
  }

  private put(documents: readonly Put[] = []): void {
    for (const { collection, key, value } of documents) this.documents(collection).set(key, value);
  }

  private remove(documents: readonly Remove[] = []): void {
    for (const { collection, key } of documents) this.documents(collection).delete(key);
  }

  private causedBy(reaction: Reaction, events: readonly HealthEvent[]): ReturnType<Reaction> {
    try {
      return reaction(events, this);
    } catch (error) {
      this.logger.error(
        `What events cause could not be worked out; they are kept without it. ${String(error)}`,
      );
      return {};
    }
  }

  private documents(name: CollectionName): Map<string, unknown> {
    let documents = this.collections.get(name);
    if (!documents) this.collections.set(name, (documents = new Map<string, unknown>()));
    return documents;
  }
}
