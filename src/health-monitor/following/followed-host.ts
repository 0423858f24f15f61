import type { ContainerView, MachineView, MemoryView } from '../../common/events/index.js';
import { optionsOfHost, type ResolvedOptions } from '../../common/options/index.js';
import type { CollectionName } from '../../common/store/index.js';
import {
  memoryByName,
  readServedMemory,
  readServedReading,
  readServedStatus,
  readView,
  type ServedReading,
  type ServedStatus,
} from '../cycle/index.js';
import type { HostName, KnownHost, KnownState } from '../hosts/index.js';
import { readIncident, type IncidentRecord } from '../incidents/index.js';
import { NOTHING_KNOWN, viewMachine, type Watched } from '../step/index.js';

/** Of which collections the documents say how a host is. */
export const FOLLOWED = [
  'view',
  'incident',
  'served-status',
  'served-reading',
  'served-memory',
] as const satisfies readonly CollectionName[];
export type Followed = (typeof FOLLOWED)[number];

export const isFollowed = (collection: CollectionName): collection is Followed =>
  (FOLLOWED as readonly CollectionName[]).includes(collection);

/** A host as the leader's monitor knows it, put together from its documents. */
export class FollowedHost implements KnownHost {
  private readonly viewsByName = new Map<string, ContainerView>();
  private readonly incidents = new Map<string, IncidentRecord>();
  private status: ServedStatus | null = null;
  private reading: ServedReading | null = null;
  private memory: ReadonlyMap<string, MemoryView> = new Map();

  constructor(
    readonly name: HostName | null,
    private readonly options: ResolvedOptions,
    /** Since when it is watched, as far as anybody has said. */
    private readonly begunAt: number,
  ) {}

  get state(): KnownState {
    const { watchingSince, engine, lastFullCheckAt } = this.status ?? NOTHING_KNOWN;
    return {
      watchingSince: this.status === null ? this.begunAt : watchingSince,
      engine,
      lastFullCheckAt,
      views: this.viewsByName,
      incidents: this.incidents,
      externals: new Map(this.status?.externals.map((one) => [one.id, one])),
    };
  }

  get healingFrom(): number {
    return (
      this.state.watchingSince + optionsOfHost(this.options, this.name?.key ?? null).check.startupDelayMs
    );
  }

  get machine(): MachineView | null {
    if (this.reading === null) return null;
    const { at, reading } = this.reading;
    return viewMachine(reading, at, { machine: this.status?.machine ?? null, incidents: this.incidents });
  }

  views(): readonly ContainerView[] {
    return [...this.viewsByName.values()];
  }

  memoryOf(name: string): MemoryView | null {
    return this.memory.get(name) ?? null;
  }

  /** What this process goes on with when it is to watch. @param until when the leader was last there */
  watchedUntil(until: number): Watched | null {
    if (this.status === null) return null;
    const { watchingSince: since, engine, externals } = this.status;
    return { since, until, engine, externals };
  }

  /** Nothing is known of it any more. */
  forget(): void {
    this.viewsByName.clear();
    this.incidents.clear();
    this.status = null;
    this.reading = null;
    this.memory = new Map();
  }

  /** Takes a document as it is now. One that does not fit is as if it were not there. */
  put(collection: Followed, key: string, document: unknown): void {
    switch (collection) {
      case 'view':
        return set(this.viewsByName, key, readView(document));
      case 'incident':
        return set(this.incidents, key, readIncident(document));
      case 'served-status':
        this.status = readServedStatus(document);
        return;
      case 'served-reading':
        this.reading = readServedReading(document);
        return;
      case 'served-memory':
        this.memory = memoryByName(readServedMemory(document));
    }
  }

  remove(collection: Followed, key: string): void {
    this.put(collection, key, null);
  }
}

function set<V>(map: Map<string, V>, key: string, value: V | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}
