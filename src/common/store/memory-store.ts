import type { HealthEvent, MemoryTick } from '../events/index.js';
import {
  HealthStore,
  type CollectionName,
  type Entry,
  type EventQuery,
  type MemoryQuery,
  type Reaction,
  type StateChange,
  type StoreStatus,
} from './health-store.js';
import { KEEP_MEMORY_MS } from './retention.js';
import { selectEvents, selectTicks } from './select.js';
import { SILENT, type StoreLogger } from './store-logger.js';
import { WorkingCopy } from './working-copy.js';

/** Keeps everything in this process, and nothing longer than that: at most the latest `keepEvents` events. */
export class MemoryStore extends HealthStore {
  readonly status: StoreStatus = { kind: 'memory', durable: true, problem: null };
  readonly writer: boolean = true;
  private readonly copy: WorkingCopy;
  private log: HealthEvent[] = [];
  private ticks: MemoryTick[] = [];

  constructor(
    private readonly keepEvents = 5_000,
    logger: StoreLogger = SILENT,
  ) {
    super();
    this.copy = new WorkingCopy(logger);
  }

  get epoch(): string {
    return this.copy.epoch;
  }

  get head(): number {
    return this.copy.head;
  }

  async open(): Promise<void> {}
  async close(): Promise<void> {}
  async tick(): Promise<void> {}

  react(reaction: Reaction): void {
    this.copy.react(reaction);
  }

  commit(change: StateChange): Promise<readonly HealthEvent[]> {
    const { events } = this.copy.apply(change);
    this.log.push(...events);
    if (this.log.length > this.keepEvents * 1.1) this.log = this.log.slice(-this.keepEvents);
    if (change.memory) this.keepTick(change.memory);
    return Promise.resolve(events);
  }

  entries<C extends CollectionName>(collection: C): Promise<readonly Entry<C>[]> {
    return Promise.resolve(this.copy.entries(collection));
  }

  events(query: EventQuery): Promise<readonly HealthEvent[]> {
    return Promise.resolve(selectEvents(this.log, query));
  }

  memory(query: MemoryQuery): Promise<readonly MemoryTick[]> {
    return Promise.resolve(selectTicks(this.ticks, query));
  }

  private keepTick(tick: MemoryTick): void {
    const oldest = Date.parse(tick.at) - KEEP_MEMORY_MS;
    while (this.ticks[0] && Date.parse(this.ticks[0].at) < oldest) this.ticks.shift();
    this.ticks.push(tick);
  }
}
