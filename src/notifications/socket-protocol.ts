import type {
  ContainerView,
  ExternalView,
  HealthEvent,
  HealthStatus,
  Incident,
  MemoryTick,
  Notification,
} from '../common/events/index.js';

/*
 * What goes over the socket. Types only: the browser client imports them, too. A session is told in docs/socket.md.
 */

/** `data` of a `connect_error` that comes of the server's own trouble. None: the token is refused, for good. */
export interface ConnectRefusal {
  /** The same token may be let in a moment later. */
  readonly retry: true;
}

/** The first message. It comes again when the log began anew; what was known before is then void: sync again. */
export interface Hello {
  /** Tells one log of events from another. */
  readonly epoch: string;
  /** `seq` of the latest event; 0 before the first. */
  readonly head: number;
  readonly role: 'viewer' | 'operator';
  /** The server's wall clock, ISO 8601. */
  readonly now: string;
  /** Version of this package. */
  readonly build: string;
}

/** "I have everything up to `last` of `epoch`." */
export interface SyncRequest {
  /** `''` when nothing is known yet. */
  readonly epoch: string;
  readonly last: number;
}

export interface SyncDelta {
  readonly mode: 'delta';
  /**
   * All of them after `last`, in order. Where a later one of them tells the same again, an earlier one comes without the
   * container's `view` or with an empty timeline of the incident.
   */
  readonly events: readonly HealthEvent[];
  readonly head: number;
}

export interface SyncSnapshot {
  readonly mode: 'snapshot';
  readonly state: {
    readonly containers: readonly ContainerView[];
    /** Left out by earlier versions, which had none. */
    readonly externals?: readonly ExternalView[];
    readonly incidents: readonly Incident[];
    readonly notifications: readonly Notification[];
    readonly status: HealthStatus;
  };
  readonly epoch: string;
  readonly head: number;
}

/** What was wrong with the request, in a sentence. */
export interface SyncError {
  readonly error: string;
}

export type SyncAnswer = SyncDelta | SyncSnapshot | SyncError;

export interface ServerToClientEvents {
  hello: (hello: Hello) => void;
  /** In order, from the answer to `sync` on. */
  event: (event: HealthEvent) => void;
  /** Left out for a client that is busy; never sent again. */
  memory: (tick: MemoryTick) => void;
}

export interface ClientToServerEvents {
  sync: (request: SyncRequest, answer: (answer: SyncAnswer) => void) => void;
}
