import type { HealthEvent, MemoryTick } from '../events/index.js';
import {
  HealthStore,
  type CollectionName,
  type Collections,
  type EventQuery,
  type MemoryQuery,
  type Reaction,
  type StateChange,
  type StoreStatus,
} from './health-store.js';
import { KEEP_MEMORY_MS } from './retention.js';
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

  all<C extends CollectionName>(collection: C): Promise<readonly Collections[C][]> {
    return Promise.resolve(this.copy.all(collection));
  }

  events(query: EventQuery): Promise<readonly HealthEvent[]> {
    return Promise.resolve(selectEvents(this.log, query));
  }

  memory({ since, container }: MemoryQuery): Promise<readonly MemoryTick[]> {
    return Promise.resolve(selectTicks(this.ticks, since, container));
  }

  private keepTick(tick: MemoryTick): void {
    const oldest = Date.parse(tick.at) - KEEP_MEMORY_MS;
    while (this.ticks[0] && Date.parse(this.ticks[0].at) < oldest) this.ticks.shift();
    this.ticks.push(tick);
  }
}

/** The events of `log` that the query asks for. */
export function selectEvents(
  log: readonly HealthEvent[],
  { after, container, limit }: EventQuery,
): readonly HealthEvent[] {
  if (limit <= 0) return [];
  const matching = log.filter(
    (event) => event.seq > (after ?? 0) && (container === undefined || event.container === container),
  );
  return after === undefined ? matching.slice(-limit) : matching.slice(0, limit);
}

/** The ticks at or after `since`, each with the samples of `container` only, when one is named. */
export function selectTicks(ticks: readonly MemoryTick[], since: string, container?: string): MemoryTick[] {
  const from = Date.parse(since);
  return ticks
    .filter((tick) => Date.parse(tick.at) >= from)
    .map((tick) =>
      container === undefined
        ? tick
        : { ...tick, samples: tick.samples.filter((sample) => sample.container === container) },
    )
    .filter((tick) => tick.samples.length > 0);
}
