import type { ContainerRecord } from '../policy/index.js';
import type { FactOf } from './fact.js';
import { NOTHING_KNOWN, type MonitorState } from './monitor-state.js';

/** A shorter gap in watching is not worth showing. */
const NOT_WATCHED_MS = 60_000;

/** Everything known is replaced, and the next check is a full one, as the first of a process. Pure. */
export function loaded(
  { watchingSince, engine }: MonitorState,
  { records, incidents, lastAlive, at }: FactOf<'loaded'>,
): MonitorState {
  const wasAway = lastAlive !== null && at - lastAlive.aliveAt > NOT_WATCHED_MS;
  return {
    ...NOTHING_KNOWN,
    watchingSince,
    engine,
    lastAlive,
    records: new Map(
      records.map((record) => [record.name, wasAway ? notWatchedSince(record, lastAlive.aliveAt) : record]),
    ),
    incidents: new Map(incidents.map((incident) => [incident.id, incident])),
  };
}

const notWatchedSince = (record: ContainerRecord, from: number): ContainerRecord => ({
  ...record,
  shown: { ...record.shown, spans: [...record.shown.spans, { from, status: 'not-watched' }] },
});
