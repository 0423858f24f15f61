import type { ContainerView, Status } from './container-view.js';
import type { ExternalView } from './external-view.js';
import type { Incident, OpenIncidents } from './incident.js';
import type { MachineView } from './machine-view.js';
import type { ReplicaView } from './replica.js';

/** How a container engine is. Times are ISO 8601. */
export interface EngineStatus {
  readonly kind: string;
  /** `null` until the engine first answered. */
  readonly version: string | null;
  readonly reachable: boolean;
  /** Since when it has been reachable, or not; `null` before the first check. */
  readonly since: string | null;
  /** What a person should know or do about it; `null` when all is well. */
  readonly problem: string | null;
}

/** Another host than the local one. */
export interface HostStatus {
  /** As its containers are called by: `HOST/NAME`. */
  readonly host: string;
  /** What people call it. */
  readonly name: string;
  readonly engine: EngineStatus;
  /** ISO 8601; `null` before the first check. */
  readonly lastCheckAt: string | null;
  /** What its engine tells of the machine; `null`: nothing yet, or it is not watched. */
  readonly machine: MachineView | null;
}

/** What `GET status` answers. Times are ISO 8601. */
export interface HealthStatus {
  readonly nodeId: string;
  readonly mode: 'heal' | 'observe';
  readonly engine: EngineStatus;
  readonly startedAt: string;
  /** Nothing is healed before this. */
  readonly healingFrom: string;
  readonly lastCheckAt: string | null;
  /** The other hosts that are watched; left out where there are none. */
  readonly hosts?: readonly HostStatus[];
  /** Of all hosts. */
  readonly containers: { readonly total: number } & Readonly<Record<Status, number>>;
  /** Things that are no containers and that containers need. */
  readonly externals: { readonly total: number; readonly down: number };
  /** What `GET incidents?status=open` lists: how many, and where they stand. */
  readonly incidents: OpenIncidents;
  readonly store: {
    /** `sqlite`, `memory`, or the word of a host's own store. */
    readonly kind: string;
    readonly durable: boolean;
    readonly problem: string | null;
  };
  /** `null`: it is not watched, or was not read yet. */
  readonly machine: MachineView | null;
  /** `null`: nobody is to be told over HTTP. */
  readonly webhooks: { readonly endpoints: number; readonly failing: number; readonly queued: number } | null;
  /** Of several processes that serve from one store, the one that answers; left out where there can be no other. */
  readonly replica?: ReplicaView;
  /** While this process only shows what there is, and can do nothing that it is asked for; left out: it can. */
  readonly onlyReads?: OnlyReads;
}

/** Nothing that changes anything is done by this process, and it can have it done by no other. */
export interface OnlyReads {
  /** Why, and what to do, in a sentence or two: what such a request is answered with. */
  readonly reason: string;
  /** Containers that can be started all the same: those that bring the database back. */
  readonly startable: readonly string[];
}

/** Everything as it is now, for whoever tells it on; also its injection token. Reading it costs no I/O. */
export abstract class HealthState {
  abstract containers(): readonly ContainerView[];
  abstract externals(): readonly ExternalView[];
  /** Open ones, and those resolved in the last 30 days, newest first. */
  abstract incidents(): readonly Incident[];
  abstract status(): HealthStatus;
}
