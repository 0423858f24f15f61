import type {
  ContainerView,
  ExternalView,
  HealthEvent,
  HealthStatus,
  Incident,
  Notification,
} from '../common/events/index.js';
import { referenceOf } from '../common/reference/index.js';
import { readExternal, readView } from './read-view.js';
import type { Role, Snapshot } from './wire.js';

/** Everything the server told, as of event `head` of `epoch`. Never changed in place: a change makes a new one. */
export interface MonitorData {
  /** Names the server's numbering of events; `''` before the first snapshot. */
  readonly epoch: string;
  /** `seq` of the latest event applied. */
  readonly head: number;
  /** By name; those of other hosts by `HOST/NAME`. */
  readonly containers: ReadonlyMap<string, ContainerView>;
  /** What is no container and containers need, by id, as the server lists them. */
  readonly externals: ReadonlyMap<string, ExternalView>;
  /** By id. */
  readonly incidents: ReadonlyMap<string, Incident>;
  /** By id. */
  readonly notifications: ReadonlyMap<string, Notification>;
  /** `null` before the first snapshot. */
  readonly status: HealthStatus | null;
}

/**
 * - `connecting`: nothing is known yet
 * - `live`: what is shown is what is
 * - `lost`: what is shown is from `since`; reconnecting by itself
 * - `refused`: the server does not let this token in; nothing more is tried until `reconnect()`
 */
export type ConnectionStatus = 'connecting' | 'live' | 'lost' | 'refused';

export interface Connection {
  readonly status: ConnectionStatus;
  /** When this status began, on this machine's clock, milliseconds since 1970. */
  readonly since: number;
  /** Why it is not live, in words; `null` when it is. */
  readonly reason: string | null;
}

/** What happened while the connection was lost. */
export interface Missed {
  /** When the connection was lost, on this machine's clock, milliseconds since 1970. */
  readonly since: number;
  /** In order; empty when too much happened, or the server began anew, and a snapshot came instead. */
  readonly events: readonly HealthEvent[];
  /** Whether `events` is all of it. */
  readonly complete: boolean;
}

export interface MonitorState extends MonitorData {
  readonly connection: Connection;
  readonly role: Role;
  /** The server's build; `''` before it said so. */
  readonly build: string;
  /** Add it to this machine's clock to get the server's, milliseconds. */
  readonly clockOffsetMs: number;
  /** Of the latest reconnection; `null` before there was one. */
  readonly missed: Missed | null;
}

export const EMPTY_DATA: MonitorData = {
  epoch: '',
  head: 0,
  containers: new Map(),
  externals: new Map(),
  incidents: new Map(),
  notifications: new Map(),
  status: null,
};

export function fromSnapshot(snapshot: Snapshot, epoch: string, head: number): MonitorData {
  return {
    epoch,
    head,
    containers: new Map(snapshot.containers.map((view) => [referenceOf(view), readView(view)])),
    externals: new Map((snapshot.externals ?? []).map((view) => [view.id, readExternal(view)])),
    incidents: new Map(snapshot.incidents.map((incident) => [incident.id, incident])),
    notifications: new Map(snapshot.notifications.map((notification) => [notification.id, notification])),
    status: snapshot.status,
  };
}
