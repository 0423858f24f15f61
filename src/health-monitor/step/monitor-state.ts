import type { ContainerView, Tier } from '../../common/events/index.js';
import type { IncidentRecord } from '../incidents/index.js';
import type { Machine } from '../machine/index.js';
import type {
  ContainerRecord,
  ElsewhereByReference,
  Externals,
  HostBoot,
  Topology,
} from '../policy/index.js';
import type { Container } from '../runtime/index.js';
import { ENGINE_UNKNOWN, type EngineState } from './engine-state.js';

/** Containers that went down together: the first list after a boot or an outage, or deaths within 2 s. */
export interface Batch {
  readonly id: number;
  readonly latestDeathAt: number;
  /** The last start in each tier: of whom, and when it was answered, or, before that, asked for. */
  readonly starts: Readonly<Partial<Record<Tier, { readonly name: string; readonly at: number }>>>;
}

/** The last sign of life of this monitor, to know what happened to the host in between. */
export interface HostRecord {
  /** Tells one start of the host from another; `null`: this system does not say. */
  readonly bootId: string | null;
  /** Milliseconds since 1970. */
  readonly aliveAt: number;
}

declare module '../../common/store/health-store.js' {
  interface Collections {
    host: HostRecord;
  }
}

/** What holds for all containers alike. When it changes, every one is decided anew. */
export interface Circumstances {
  /**
   * `stands-by`: another process heals with the same store; this one only watches. `cut-off`: the store is shared and
   * cannot be reached, so nobody here knows who heals.
   */
  readonly role: 'heals' | 'stands-by' | 'cut-off';
  /** The host or this process is on its way down. */
  readonly shuttingDown: boolean;
  /** Nothing is healed before this. */
  readonly healingFrom: number;
}

/**
 * Everything the monitor of one host knows between two facts. A readonly value; times are milliseconds since 1970.
 * What did not change from one state to the next is the same object in both.
 */
export interface MonitorState {
  /** Since when this process has watched. */
  readonly watchingSince: number;
  /** As it was when something of it last mattered; `null`: it is not watched, or was not read yet. */
  readonly machine: Machine | null;
  /** When the host's clock was last set; `null`: not since this process began. */
  readonly clockSetAt: number | null;
  readonly engine: EngineState;
  /** The host's latest start; `null` until the first full check. */
  readonly boot: HostBoot | null;
  readonly lastFullCheckAt: number | null;
  /** Our last sign of life, in this process or in one before; `null`: there was none. */
  readonly lastAlive: HostRecord | null;
  /** As of the latest decisions. */
  readonly circumstances: Circumstances | null;
  /** As last seen, in the engine's order; also those gone for less than 10 minutes. */
  readonly containers: ReadonlyMap<string, Container>;
  readonly records: ReadonlyMap<string, ContainerRecord>;
  readonly incidents: ReadonlyMap<string, IncidentRecord>;
  /** What is no container, as far as this process has asked it. */
  readonly externals: Externals;
  /** The containers of other hosts that ours need, as far as this process has looked at them. */
  readonly elsewhere: ElsewhereByReference;
  readonly topology: Topology | undefined;
  readonly batches: readonly Batch[];
  /** Who stands in line for a start, first come first. */
  readonly line: readonly string[];
  /** As last published, without memory. */
  readonly views: ReadonlyMap<string, ContainerView>;
  /**
   * Whom every check decides about, also when nothing happens to them: all that are not at rest, and those whose
   * dependency changed after their turn.
   */
  readonly awake: ReadonlySet<string>;
}

export const NOTHING_KNOWN: MonitorState = {
  watchingSince: 0,
  machine: null,
  clockSetAt: null,
  engine: ENGINE_UNKNOWN,
  boot: null,
  lastFullCheckAt: null,
  lastAlive: null,
  circumstances: null,
  containers: new Map(),
  records: new Map(),
  incidents: new Map(),
  externals: new Map(),
  elsewhere: new Map(),
  topology: undefined,
  batches: [],
  line: [],
  views: new Map(),
  awake: new Set(),
};
