import type { ContainerView, Tier } from '../../common/events/index.js';
import type { IncidentRecord } from '../incidents/index.js';
import type { ContainerRecord, KnownTopology } from '../policy/index.js';
import type { Container } from '../runtime/index.js';

/** Containers that went down together: the first list after a boot or an outage, or deaths within 2 s. */
export interface Batch {
  readonly id: number;
  readonly latestDeathAt: number;
  /** The last start in each tier: of whom, and when. */
  readonly starts: Readonly<Partial<Record<Tier, { readonly name: string; readonly at: number }>>>;
}

/** Everything the monitor knows between two looks. A readonly value. */
export interface MonitorState {
  /** As last seen, in the engine's order; also those gone for less than 10 minutes. */
  readonly containers: ReadonlyMap<string, Container>;
  readonly records: ReadonlyMap<string, ContainerRecord>;
  readonly incidents: ReadonlyMap<string, IncidentRecord>;
  readonly topology: KnownTopology | undefined;
  readonly batches: readonly Batch[];
  /** As last told. */
  readonly views: ReadonlyMap<string, ContainerView>;
}

export const NOTHING_KNOWN: MonitorState = {
  containers: new Map(),
  records: new Map(),
  incidents: new Map(),
  topology: undefined,
  batches: [],
  views: new Map(),
};
