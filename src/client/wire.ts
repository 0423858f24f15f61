import type {
  ContainerView,
  HealthEvent,
  HealthStatus,
  Incident,
  Notification,
} from '../health-monitor/events/index.js';

export type Role = 'viewer' | 'operator';

/** server → client, once after connecting. */
export interface Hello {
  readonly epoch: string;
  readonly head: number;
  readonly role: Role;
  /** The server's wall clock: ISO 8601, or milliseconds since 1970. */
  readonly now: string | number;
  readonly build: string;
}

/** client → server, with an acknowledgement: "I have everything up to `last` of `epoch`". */
export interface SyncRequest {
  /** `''` before anything is known, which asks for a snapshot. */
  readonly epoch: string;
  readonly last: number;
}

export interface Snapshot {
  readonly containers: readonly ContainerView[];
  readonly incidents: readonly Incident[];
  readonly notifications: readonly Notification[];
  readonly status: HealthStatus;
}

export type SyncReply =
  | { readonly mode: 'delta'; readonly events: readonly HealthEvent[]; readonly head: number }
  | { readonly mode: 'snapshot'; readonly state: Snapshot; readonly epoch: string; readonly head: number };
