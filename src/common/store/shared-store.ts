import type { HealthEvent, ReplicaRole, ReplicaStatus } from '../events/index.js';
import type { HealthStore, Put, Remove } from './health-store.js';

export type { ReplicaRole, ReplicaStatus };

/** What another process committed: applied here all at once, as it was there. */
export interface FollowedChange {
  readonly put: readonly Put[];
  readonly remove: readonly Remove[];
  /** In order. */
  readonly events: readonly HealthEvent[];
}

/** Why the leader was not asked, or did not answer. */
export type UnansweredKind = 'no-leader' | 'no-answer';

/** A question to the leader has no answer. */
export class UnansweredError extends Error {
  constructor(
    /** `no-leader`: nobody took it, so nothing was done. `no-answer`: it was taken, and may have been done. */
    readonly kind: UnansweredKind,
    message: string,
  ) {
    super(message);
  }
}

/**
 * What a store offers that several processes have open at once. One of them leads, all of them serve; its lease has a
 * time to live, and a `term` that counts the leaders, so that what a former one still writes is refused.
 */
export interface SharedStore {
  /** This process, among the others. */
  readonly id: string;
  readonly role: ReplicaRole;
  /** How many times the lead changed hands, as far as this process knows. It goes with every act that is written down. */
  readonly term: number;
  /** Those that were seen lately, this one included, in the order of their starts. */
  readonly replicas: readonly ReplicaStatus[];

  /** For how long this process certainly leads yet, in milliseconds of the monotonic clock; 0 when it does not. */
  leaseLeftMs(): number;

  /** How many of the configured engines this process reaches now. One that reaches fewer than another does not lead. */
  sayReach(engines: number): void;

  /**
   * Calls `listener` with what others committed, in order, once it is in the documents here; returns how to stop it.
   * After a `reloaded` notice everything may be another, and what follows continues from there.
   */
  onFollowed(listener: (change: FollowedChange) => void): () => void;

  /** Resolves when the others, as far as they reach the store, have read what was committed until now. Default: at once. */
  untilFollowed?(): Promise<void>;

  /**
   * Asks the leader, and gives its answer. Both are plain data, as JSON has it. Asked of the leader itself, too.
   *
   * @param deadlineMs from now on; a question that nobody took by then is withdrawn
   * @throws UnansweredError
   */
  ask(question: unknown, deadlineMs: number): Promise<unknown>;

  /** Answers what is asked while this process leads. Called once, before `open` has anything to ask. Never rejects. */
  onAsked(answer: (question: unknown) => Promise<unknown>): void;
}

/** Whether this process serves what another one commits, and so has nothing to say or to do of its own. */
export const isFollowing = ({ shared }: Pick<HealthStore, 'shared'>): boolean => shared?.role === 'following';
