import type { IncidentRecord } from '../incidents/index.js';
import type { ContainerRecord, Hold } from '../policy/index.js';
import type { EventDraft } from '../../common/events/index.js';
import { containerEvent } from './container-events.js';
import type { LearntCheck } from './learn-check.js';
import { withChanges } from './map-changes.js';
import type { Observation } from './observation.js';
import type { Batch, MonitorState } from './monitor-state.js';

/** Containers that have another name than before: the new name by the old one. */
export type Renames = ReadonlyMap<string, string>;

/** Finds who has another name than before: an id that is remembered under one name, and shown under another. Pure. */
export function findRenames(
  { records }: Pick<MonitorState, 'records'>,
  { listed, inspected, unreadable }: Observation,
): Renames {
  if (listed === null) return NOBODY;
  const shown = [...inspected.map(({ container }) => container), ...unreadable.map((one) => one.listed)];
  const strangers = shown.filter(({ id, name }) => records.get(name)?.id !== id);
  if (strangers.length === 0) return NOBODY;
  const names = new Map([...records.values()].map(({ id, name }) => [id, name]));
  return new Map(
    strangers.flatMap(({ id, name }): (readonly [string, string])[] => {
      const before = names.get(id);
      return before === undefined || before === name ? [] : [[before, name]];
    }),
  );
}

const NOBODY: Renames = new Map();

/**
 * The state with everything that goes with an id under its new name: what is remembered, incidents, a place in line. The
 * rules go with the name, and are found anew. Pure.
 */
export function withRenames(state: MonitorState, renames: Renames): MonitorState {
  if (renames.size === 0) return state;
  const now = (name: string): string => renames.get(name) ?? name;
  return {
    ...state,
    records: new Map(
      movedFirst(state.records, renames).map((record) => [now(record.name), renamed(record, now)]),
    ),
    incidents: new Map([...state.incidents].map(([id, incident]) => [id, withNames(incident, now)])),
    containers: new Map([...state.containers].filter(([name]) => !renames.has(name))),
    views: new Map([...state.views].filter(([name]) => !renames.has(name))),
    awake: new Set([...state.awake].map(now)),
    line: state.line.map(now),
    batches: state.batches.map((batch) => withStarts(batch, now)),
  };
}

/** The hold that a name had before: whoever has that name now is held as well. Pure. */
export const holdsLeftBehind = (
  { records }: Pick<MonitorState, 'records'>,
  renames: Renames,
): ReadonlyMap<string, Hold> =>
  new Map(
    [...renames.keys()].flatMap((name): (readonly [string, Hold])[] => {
      const hold = records.get(name)?.intent.hold ?? null;
      return hold === null ? [] : [[name, hold]];
    }),
  );

/** With those held that have a name now which was held. Pure. */
export function withHolds(learnt: LearntCheck, holds: ReadonlyMap<string, Hold>): LearntCheck {
  const held = [...holds].flatMap(([name, hold]): (readonly [string, ContainerRecord])[] => {
    const record = learnt.records.get(name);
    if (record === undefined || record.intent.hold !== null || record.life.absentSince !== null) return [];
    return [[name, { ...record, intent: { ...record.intent, hold } }]];
  });
  return { ...learnt, records: withChanges(learnt.records, held) };
}

/** That a name is not there any more, and what became of it. Pure. */
export const eventsOfRenames = (
  renames: Renames,
  records: MonitorState['records'],
  now: number,
): readonly EventDraft[] =>
  [...renames].flatMap(([from, to]) =>
    records.has(from)
      ? []
      : [containerEvent(['container.removed', { reason: `It was renamed to ${to}.` }], from, now)],
  );

/** One that moves to a name takes the place of one that is gone from there, and its hold with it. */
function movedFirst(records: MonitorState['records'], renames: Renames): readonly ContainerRecord[] {
  const taken = new Set(renames.values());
  const stay = [...records.values()].filter(({ name }) => !renames.has(name) && !taken.has(name));
  const moved = [...renames].flatMap(([from, to]) => {
    const record = records.get(from);
    if (record === undefined) return [];
    const hold = record.intent.hold ?? records.get(to)?.intent.hold ?? null;
    return [hold === record.intent.hold ? record : { ...record, intent: { ...record.intent, hold } }];
  });
  return [...stay, ...moved];
}

function renamed(record: ContainerRecord, now: (name: string) => string): ContainerRecord {
  const runs = Object.entries(record.healing.dependencyRuns);
  const isKnownAnew = now(record.name) !== record.name || runs.some(([name]) => now(name) !== name);
  if (!isKnownAnew) return record;
  const dependencyRuns = Object.fromEntries(runs.map(([name, run]) => [now(name), run]));
  return { ...record, name: now(record.name), healing: { ...record.healing, dependencyRuns } };
}

function withNames(incident: IncidentRecord, now: (name: string) => string): IncidentRecord {
  const { cause, victims } = incident;
  const isSame = [cause.container, ...victims.map(({ container }) => container)].every(
    (name) => name === null || now(name) === name,
  );
  if (isSame) return incident;
  return {
    ...incident,
    cause: { ...cause, container: cause.container === null ? null : now(cause.container) },
    victims: victims.map((victim) => ({ ...victim, container: now(victim.container) })),
  };
}

const withStarts = (batch: Batch, now: (name: string) => string): Batch => ({
  ...batch,
  starts: Object.fromEntries(
    Object.entries(batch.starts).map(([tier, start]) => [tier, { ...start, name: now(start.name) }]),
  ),
});
