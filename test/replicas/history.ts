import type { HealthEvent } from '../../src/common/events/index.js';

/** What a client on a replica was given, in the order in which it came. */
export type ClientStep =
  | { readonly kind: 'snapshot'; readonly epoch: string; readonly head: number }
  | { readonly kind: 'events'; readonly epoch: string; readonly events: readonly HealthEvent[] };

/** What happened to a container at the engine. Times are milliseconds since 1970. */
export type EngineStep =
  | { readonly kind: 'died'; readonly container: string; readonly at: number }
  | { readonly kind: 'asked'; readonly container: string; readonly at: number; readonly by: string };

/** Something a person asked a replica for, and was told that it was done. */
export interface AnsweredAct {
  readonly container: string;
  /** Nobody else gave this reason. */
  readonly reason: string;
}

/** A webhook as it came in. */
export interface ReceivedWebhook {
  readonly id: string;
  readonly event: string;
  readonly container: string | null;
  readonly timestamp: string;
}

/** A replica stood still for longer than its lease lasts. */
export interface Freeze {
  readonly replica: string;
  readonly from: number;
  readonly to: number;
}

/** All that can be known from outside of replicas that share a store. */
export interface History {
  /** By the client's name. */
  readonly clients: ReadonlyMap<string, readonly ClientStep[]>;
  /** In order. */
  readonly engine: readonly EngineStep[];
  readonly answered: readonly AnsweredAct[];
  /** In order; a message may have come more than once. */
  readonly webhooks: readonly ReceivedWebhook[];
  readonly freezes: readonly Freeze[];
  /** The log as the store has it at the end. */
  readonly log: readonly HealthEvent[];
}
