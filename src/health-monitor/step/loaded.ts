import type { ContainerRecord } from '../policy/index.js';
import type { FactOf, Seen } from './fact.js';
import { ABSENT_FOR_MS, absentContainer } from './presence.js';
import { NOTHING_KNOWN, type MonitorState } from './monitor-state.js';

/** A shorter gap in watching is not worth showing. */
const NOT_WATCHED_MS = 60_000;

/** Everything known is replaced, and the next check is a full one, as the first of a process. Pure. */
export function loaded(
  { watchingSince, clockSetAt, engine, externals }: MonitorState,
  { records, incidents, lastAlive, views, watched, seen, at }: FactOf<'loaded'>,
): MonitorState {
  const watchedUntil = Math.max(lastAlive?.aliveAt ?? at, watched?.until ?? 0);
  const wasAway = at - watchedUntil > NOT_WATCHED_MS;
  return {
    ...NOTHING_KNOWN,
    watchingSince: watched?.since ?? watchingSince,
    clockSetAt,
    engine: watched?.engine ?? engine,
    externals: watched ? new Map(watched.externals.map((one) => [one.id, one])) : externals,
    lastAlive,
    containers: new Map(
      records
        .filter((record) => isAbsent(record, at))
        .map((record) => [record.name, absentContainer(record)]),
    ),
    records: new Map(
      records
        .map((record) => withActInherited(record, at))
        .map((record) => [record.name, wasAway ? withGap(record, watchedUntil, seen, at) : record]),
    ),
    incidents: new Map(incidents.map((incident) => [incident.id, incident])),
    views: new Map(views.map((view) => [view.name, view])),
  };
}

/** Gone a short while ago: its dependents wait for it, as they did before. */
const isAbsent = ({ life: { absentSince } }: ContainerRecord, at: number): boolean =>
  absentSince !== null && at - absentSince < ABSENT_FOR_MS;

/**
 * Whoever asked for it tells us no outcome. It is waited for no longer than from now on: its clock was another one, or
 * was set since.
 */
function withActInherited(record: ContainerRecord, now: number): ContainerRecord {
  const { asked } = record.healing;
  if (asked === null) return record;
  const { at, term } = asked;
  const latest = now + (asked.until - at);
  const until = term === undefined ? Math.min(asked.until, latest) : latest;
  return { ...record, healing: { ...record.healing, asked: { ...asked, until, inherited: true } } };
}

type Spans = ContainerRecord['shown']['spans'];

/**
 * How it was while nobody wrote that down: as this process saw it by itself, if it watched until now, as one does that
 * is cut off from the store; else nobody watched.
 */
function withGap(
  record: ContainerRecord,
  from: number,
  seen: Seen | undefined,
  now: number,
): ContainerRecord {
  const hasWatched = seen !== undefined && now - seen.until <= NOT_WATCHED_MS;
  const own = hasWatched ? spansSince(seen.records.get(record.name)?.shown.spans ?? [], from) : [];
  const gap: Spans = own.length > 0 ? own : [{ from, status: 'not-watched' }];
  const known = record.shown.spans;
  const goesOn = gap[0]?.status === known.at(-1)?.status;
  return { ...record, shown: { ...record.shown, spans: [...known, ...(goesOn ? gap.slice(1) : gap)] } };
}

/** The one that lasted at that time begins with it. */
const spansSince = (spans: Spans, from: number): Spans =>
  spans
    .slice(
      Math.max(
        0,
        spans.findLastIndex((span) => span.from <= from),
      ),
    )
    .map((span) => ({ ...span, from: Math.max(from, span.from) }));
