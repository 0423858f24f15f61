/**
 * What a process is among those that have the same store open.
 *
 * - `leading`: it watches, decides, acts and delivers. It is the store's `writer`.
 * - `following`: it serves what the leader commits, or what the last one did.
 * - `cut-off`: the store cannot be reached, so nobody here knows who leads. What is committed now is in this process
 *   only, and is forgotten unless this process leads again before any other did.
 */
export type ReplicaRole = 'leading' | 'following' | 'cut-off';

/** A process that has the store open, as all see it. */
export interface ReplicaStatus {
  /** Made anew by each start of a process. */
  readonly id: string;
  readonly leads: boolean;
  /** How many of the configured engines it reaches. */
  readonly reaches: number;
  /** Of this package. */
  readonly version: string;
  /** When it last said that it is there; ISO 8601, on the store's clock. */
  readonly seenAt: string;
}

/** The process that answers, among all that serve from the same store. */
export interface ReplicaView {
  /** Of this process. */
  readonly id: string;
  readonly role: ReplicaRole;
  /** The id of the one that leads; `null`: none is known to. */
  readonly leader: string | null;
  /** Those that were seen lately, this one included, in the order of their starts. */
  readonly replicas: readonly ReplicaStatus[];
}
