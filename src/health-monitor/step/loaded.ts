import type { ContainerRecord } from '../policy/index.js';
import type { FactOf } from './fact.js';
import { ABSENT_FOR_MS, absentContainer } from './presence.js';
import { NOTHING_KNOWN, type MonitorState } from './monitor-state.js';

/** A shorter gap in watching is not worth showing. */
const NOT_WATCHED_MS = 60_000;

/** Everything known is replaced, and the next check is a full one, as the first of a process. Pure. */
export function loaded(
  { watchingSince, clockSetAt, engine, externals }: MonitorState,
  { records, incidents, lastAlive, at }: FactOf<'loaded'>,
): MonitorState {
  const wasAway = lastAlive !== null && at - lastAlive.aliveAt > NOT_WATCHED_MS;
  return {
    ...NOTHING_KNOWN,
    watchingSince,
    clockSetAt,
    engine,
    externals,
    lastAlive,
    containers: new Map(
      records
        .filter((record) => isAbsent(record, at))
        .map((record) => [record.name, absentContainer(record)]),
    ),
    records: new Map(
      records.map((record) => [record.name, wasAway ? notWatchedSince(record, lastAlive.aliveAt) : record]),
    ),
    incidents: new Map(incidents.map((incident) => [incident.id, incident])),
  };
}

/** Gone a short while ago: its dependents wait for it, as they did before. */
const isAbsent = ({ life: { absentSince } }: ContainerRecord, at: number): boolean =>
  absentSince !== null && at - absentSince < ABSENT_FOR_MS;

const notWatchedSince = (record: ContainerRecord, from: number): ContainerRecord => ({
  ...record,
  shown: { ...record.shown, spans: [...record.shown.spans, { from, status: 'not-watched' }] },
});
