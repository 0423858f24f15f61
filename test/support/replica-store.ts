import type { HealthEvent } from '../../src/common/events/index.js';
import {
  MemoryStore,
  type ReplicaRole,
  type SharedStore,
  type StateChange,
} from '../../src/common/store/index.js';

const LEASE_MS = 8_000;

/** The store of one replica among several, whose role and lease a test sets. What it keeps outlives the monitor on it. */
export class ReplicaStore extends MemoryStore {
  override writer = true;
  override shared: SharedStore | null;
  /** How many engines it was told are reached, each time. */
  readonly reach: number[] = [];
  leaseLeftMs = LEASE_MS;
  private role: ReplicaRole = 'leading';
  private term = 1;
  private isKilled = false;

  constructor() {
    super();
    const role = () => this.role;
    const term = () => this.term;
    this.shared = {
      id: 'this one',
      get role() {
        return role();
      },
      get term() {
        return term();
      },
      replicas: [],
      leaseLeftMs: () => this.leaseLeftMs,
      sayReach: (engines) => this.reach.push(engines),
      onFollowed: () => () => undefined,
      ask: () => Promise.reject(new Error('Nobody is asked here.')),
      onAsked: () => undefined,
    };
  }

  become(role: ReplicaRole): void {
    this.role = role;
    this.writer = role === 'leading';
    this.leaseLeftMs = role === 'leading' ? LEASE_MS : 0;
  }

  /** The leader is killed: what it says from now on is kept by nobody. */
  kill(): void {
    this.isKilled = true;
  }

  /** Another process leads. */
  takeOver(): void {
    this.isKilled = false;
    this.term++;
    this.become('leading');
  }

  override commit(change: StateChange): Promise<readonly HealthEvent[]> {
    return this.isKilled ? Promise.resolve([]) : super.commit(change);
  }
}
