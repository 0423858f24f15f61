import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../clock/index.js';
import { PACKAGE_VERSION } from '../../package/index.js';
import type { StoreLogger } from '../store-logger.js';
import type { FollowedChange, ReplicaRole, ReplicaStatus, SharedStore } from '../shared-store.js';
import type { Answering } from './answering.js';
import type { Asking } from './asking.js';
import { knowsSchema } from './lead-rules.js';
import type { Observation } from './observation.js';
import type { RoleKeeper } from './role-keeper.js';
import { leaseLeftMs, leaseOf, roleAt } from './role.js';

/** This process among those that have the store open. */
export class Replica implements SharedStore {
  reaches = 0;
  private latestTerm = 0;
  private seen: readonly ReplicaStatus[] = [];
  private unknownSchema: number | null = null;
  private readonly listeners = new Set<(change: FollowedChange) => void>();

  constructor(
    readonly id: string,
    private readonly keeper: RoleKeeper,
    private readonly asking: Asking,
    private readonly answering: Answering,
    private readonly clock: Clock,
    private readonly logger: StoreLogger,
    /** Within this, others look at the database, and have read what they found. */
    private readonly followMs: number,
  ) {}

  /** People find the process by it; no other one ever has it. */
  static newId(): string {
    return `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  }

  get role(): ReplicaRole {
    return roleAt(this.keeper.state, this.clock.monotonic());
  }

  get term(): number {
    return Math.max(this.latestTerm, leaseOf(this.keeper.state)?.term ?? 0);
  }

  /** The version of the database's schema, when this release does not know it; else `null`. */
  get newerSchema(): number | null {
    return this.unknownSchema;
  }

  get replicas(): readonly ReplicaStatus[] {
    const leads = this.role === 'leading';
    const others = this.seen.map((one) => ({
      ...one,
      leads: one.id === this.id ? leads : one.leads && !leads,
    }));
    if (others.some(({ id }) => id === this.id)) return others;
    return [...others, { ...this.presence, leads, seenAt: new Date(this.clock.now()).toISOString() }];
  }

  leaseLeftMs(): number {
    const { state } = this.keeper;
    return state.is === 'leading' ? leaseLeftMs(state, this.clock.monotonic()) : 0;
  }

  sayReach(engines: number): void {
    this.reaches = engines;
  }

  onFollowed(listener: (change: FollowedChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async untilFollowed(): Promise<void> {
    if (this.seen.some(({ id }) => id !== this.id)) await delay(this.followMs, undefined, { ref: false });
  }

  ask(question: unknown, deadlineMs: number): Promise<unknown> {
    return this.role === 'leading' ? this.answering.ask(question) : this.asking.ask(question, deadlineMs);
  }

  onAsked(answer: (question: unknown) => Promise<unknown>): void {
    this.answering.onAsked(answer);
  }

  /** What was seen in the database of all. */
  observed({ lease, replicas, schema }: Pick<Observation, 'lease' | 'replicas' | 'schema'>): void {
    this.latestTerm = lease.term;
    this.unknownSchema = knowsSchema({ schema }) ? null : schema;
    this.seen = replicas.map(({ id, reaches, version, seenAt }) => ({
      id,
      leads: id === lease.holder && lease.leftMs > 0,
      reaches,
      version,
      seenAt,
    }));
  }

  /** Tells what others committed. */
  tell(change: FollowedChange): void {
    for (const listener of this.listeners) {
      try {
        listener(change);
      } catch (error) {
        this.logger.error(`Whoever follows the store failed: ${String(error)}`);
      }
    }
  }

  /** What it says of itself to others. */
  get presence(): { readonly id: string; readonly reaches: number; readonly version: string } {
    return { id: this.id, reaches: this.reaches, version: PACKAGE_VERSION };
  }
}
