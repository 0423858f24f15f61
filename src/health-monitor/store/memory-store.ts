import { randomUUID } from 'node:crypto';
import type { HealthEvent } from '../events/index.js';
import { HealthStore, type CollectionName, type Collections, type EventQuery, type StateChange, type StoreStatus } from './health-store.js';

/** Keeps everything in this process, and nothing longer than that: at most the latest `keepEvents` events. */
export class MemoryStore extends HealthStore {
  readonly epoch = randomUUID();
  readonly status: StoreStatus = { kind: 'memory', durable: true, problem: null };
  private readonly collections = new Map<CollectionName, Map<string, unknown>>();
  private log: HealthEvent[] = [];
  private latest = 0;

  constructor(private readonly keepEvents = 5_000) {
    super();
  }

  get head(): number {
    return this.latest;
  }

  async open(): Promise<void> {}
  async close(): Promise<void> {}

  commit(change: StateChange): Promise<readonly HealthEvent[]> {
    for (const { collection, key } of change.remove ?? []) this.collection(collection).delete(key);
    for (const { collection, key, value } of change.put ?? []) this.collection(collection).set(key, value);
    const events = (change.events ?? []).map((draft): HealthEvent => ({ ...draft, seq: ++this.latest }));
    this.log.push(...events);
    if (this.log.length > this.keepEvents * 1.1) this.log = this.log.slice(-this.keepEvents);
    return Promise.resolve(events);
  }

  all<C extends CollectionName>(collection: C): Promise<readonly Collections[C][]> {
    return Promise.resolve([...this.collection(collection).values()] as Collections[C][]);
  }

  events({ after, container, limit }: EventQuery): Promise<readonly HealthEvent[]> {
    const matching = this.log.filter(
      (event) => event.seq > (after ?? 0) && (container === undefined || event.container === container),
    );
    return Promise.resolve(after === undefined ? matching.slice(-limit) : matching.slice(0, limit));
  }

  private collection(name: CollectionName): Map<string, unknown> {
    let documents = this.collections.get(name);
    if (!documents) this.collections.set(name, (documents = new Map<string, unknown>()));
    return documents;
  }
}
