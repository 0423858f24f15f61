import { Inject, Injectable, Logger } from '@nestjs/common';
import { HealthStore, type StateChange } from './health-store.js';
import type { HealthEvent, MemoryTick } from '../events/index.js';
import { stackOf } from '../text/index.js';
import { isFollowing, type FollowedChange } from './shared-store.js';

type Listener<T> = (value: T) => void;

/** What the stream asks of a store. */
export type CommittingStore = Pick<HealthStore, 'head' | 'commit' | 'shared'>;

/**
 * The one way by which anything is recorded and told: what is committed here is first kept, then published, in
 * order. While this process follows, it tells what the leader commits, in the same way. A listener that throws is
 * logged and stops nobody.
 */
@Injectable()
export class EventStream {
  private readonly logger = new Logger(EventStream.name);
  private readonly listeners = new Set<Listener<readonly HealthEvent[]>>();
  private readonly memoryListeners = new Set<Listener<MemoryTick>>();
  private readonly followers = new Set<Listener<FollowedChange>>();
  private queue: Promise<unknown> = Promise.resolve();

  constructor(@Inject(HealthStore) private readonly store: CommittingStore) {
    store.shared?.onFollowed((change) => {
      this.tell(this.followers, change);
      if (change.events.length > 0) this.tell(this.listeners, change.events);
    });
  }

  /**
   * Keeps a change and publishes its events. Changes are kept one after another, in the order of the calls. While this
   * process follows, nothing is kept: what is so is the leader's to say.
   *
   * @param change what to keep, or a function that makes it and is told the `seq` its first event will have
   */
  commit(change: StateChange | ((nextSeq: number) => StateChange)): Promise<readonly HealthEvent[]> {
    const committed = this.queue.then(async () => {
      if (isFollowing(this.store)) return [];
      const events = await this.store.commit(
        typeof change === 'function' ? change(this.store.head + 1) : change,
      );
      if (events.length > 0) this.tell(this.listeners, events);
      return events;
    });
    this.queue = committed.catch(() => undefined);
    return committed;
  }

  /** Publishes memory figures, which are never kept. */
  tellMemory(tick: MemoryTick): void {
    this.tell(this.memoryListeners, tick);
  }

  /**
   * Calls `listener` with what another process committed, before its events are told to anybody: so whoever hears of
   * them and asks misses nothing. Returns how to stop it.
   */
  onFollowed(listener: Listener<FollowedChange>): () => void {
    this.followers.add(listener);
    return () => this.followers.delete(listener);
  }

  /** Calls `listener` with each committed batch of events; returns how to stop it. */
  subscribe(listener: Listener<readonly HealthEvent[]>): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  subscribeMemory(listener: Listener<MemoryTick>): () => void {
    this.memoryListeners.add(listener);
    return () => this.memoryListeners.delete(listener);
  }

  private tell<T>(listeners: ReadonlySet<Listener<T>>, value: T): void {
    for (const listener of listeners) {
      try {
        listener(value);
      } catch (error) {
        this.logger.error('A listener failed; the others were told.', stackOf(error));
      }
    }
  }
}
