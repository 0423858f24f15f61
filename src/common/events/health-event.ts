import type { ContainerView, MemoryTrend } from './container-view.js';
import type { ExternalView } from './external-view.js';
import type { Incident } from './incident.js';
import type { Notification, NotificationDetails } from './notification.js';

/** What every event about a container carries. */
export interface ContainerEventData {
  /** What happened, in a sentence. */
  readonly reason: string;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly oomKilled?: boolean;
  readonly attempt?: number;
  readonly by?: string;
  readonly blockedBy?: readonly string[];
  readonly incidentId?: string;
  /** How many like it were folded into this one, in a crash loop. */
  readonly count?: number;
  /** The container afterwards, when its view changed. */
  readonly view?: ContainerView;
}

/** The data of each type of event. Types are never renamed; fields are only added. */
export interface HealthEventData {
  'container.exited': ContainerEventData;
  'container.started': ContainerEventData;
  'container.restarted': ContainerEventData;
  'container.restart_failed': ContainerEventData;
  'container.recovered': ContainerEventData;
  'container.given_up': ContainerEventData;
  'container.rearmed': ContainerEventData;
  'container.unhealthy': ContainerEventData;
  'container.flapping': ContainerEventData;
  'container.stuck': ContainerEventData;
  'container.crash_loop': ContainerEventData;
  'container.waiting': ContainerEventData;
  'container.stopped': ContainerEventData;
  'container.held': ContainerEventData;
  'container.released': ContainerEventData;
  'container.removed': ContainerEventData;
  'container.changed': ContainerEventData;
  'memory.leak': ContainerEventData;
  'memory.leak_urgent': ContainerEventData;
  'memory.leak_cleared': ContainerEventData;
  'incident.opened': { readonly incident: Incident };
  'incident.updated': { readonly incident: Incident };
  'incident.resolved': { readonly incident: Incident };
  'external.changed': {
    readonly reason: string;
    /** As it is afterwards. */
    readonly external: ExternalView;
    readonly incidentId?: string;
  };
  'external.down': { readonly reason: string; readonly incidentId?: string };
  'external.up': { readonly reason: string; readonly incidentId?: string };
  'engine.unreachable': { readonly reason: string; readonly incidentId?: string };
  'engine.reachable': { readonly reason: string; readonly incidentId?: string };
  'host.unreachable': { readonly reason: string; readonly incidentId?: string };
  'host.reachable': { readonly reason: string; readonly incidentId?: string };
  'notification.created': { readonly notification: Notification; readonly details: NotificationDetails };
  'notification.updated': { readonly notification: Notification };
  'notification.removed': { readonly id: string };
  'webhook.disabled': { readonly endpoint: string; readonly reason: string };
  'store.degraded': { readonly reason: string };
  'store.recovered': { readonly reason: string };
}

export type HealthEventType = keyof HealthEventData;

/** Something that is to be recorded; it gets its place in the order when it is. */
export type EventDraft<T extends HealthEventType = HealthEventType> = {
  [K in T]: {
    readonly type: K;
    /** ISO 8601. */
    readonly at: string;
    /** Its name; `HOST/NAME` of one on another host. */
    readonly container?: string;
    /** The host that it is about; left out where that is the local one. */
    readonly host?: string;
    readonly data: HealthEventData[K];
  };
}[T];

/** Something that happened. `seq` counts from 1 without holes. */
export type HealthEvent<T extends HealthEventType = HealthEventType> = EventDraft<T> & {
  readonly seq: number;
};

/** Memory of all running containers at one moment; told to whoever listens, and no event. */
export interface MemoryTick {
  readonly at: string;
  readonly samples: readonly {
    /** Its name; `HOST/NAME` of one on another host. */
    readonly container: string;
    readonly usedBytes: number;
    readonly limitBytes: number | null;
    /** While it leaks; never recorded. */
    readonly trend?: MemoryTrend;
  }[];
}
