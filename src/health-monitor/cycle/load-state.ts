import type { IncidentRecord } from '../incidents/index.js';
import type { ContainerRecord } from '../policy/index.js';
import type { HealthStore } from '../../common/store/index.js';
import type { HostRecord } from './host-record.js';
import { NOTHING_KNOWN, type MonitorState } from './monitor-state.js';

/** A shorter gap in watching is not worth showing. */
const NOT_WATCHED_MS = 60_000;

export interface LoadedState {
  readonly state: MonitorState;
  readonly host: HostRecord | null;
}

/** What an earlier process left behind. */
export async function loadState(store: HealthStore, now: number): Promise<LoadedState> {
  const [records, incidents, hosts] = await Promise.all([
    store.all('container'),
    store.all('incident'),
    store.all('host'),
  ]);
  const host = hosts.at(-1) ?? null;
  const away = host !== null && now - host.aliveAt > NOT_WATCHED_MS;
  const loaded = records.map((record): ContainerRecord =>
    away
      ? {
          ...record,
          shown: {
            ...record.shown,
            spans: [...record.shown.spans, { from: host.aliveAt, status: 'not-watched' }],
          },
        }
      : record,
  );
  return {
    host,
    state: {
      ...NOTHING_KNOWN,
      records: new Map(loaded.map((record) => [record.name, record])),
      incidents: new Map(incidents.map((incident: IncidentRecord) => [incident.id, incident])),
    },
  };
}
