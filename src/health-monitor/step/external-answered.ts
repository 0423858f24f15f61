import { isDeepStrictEqual } from 'node:util';
import type { EventDraft } from '../../common/events/index.js';
import type { ResolvedOptions } from '../../common/options/index.js';
import {
  openExternalOf,
  updateExternals,
  type AnnouncedUpdate,
  type ExternalNow,
  type IncidentRecord,
} from '../incidents/index.js';
import {
  externalName,
  withAttemptsBack,
  type ContainerRecord,
  type ExternalRecord,
} from '../policy/index.js';
import type { FactOf } from './fact.js';
import { withChanges } from './map-changes.js';
import type { MonitorState } from './monitor-state.js';
import type { Step } from './step.js';
import { viewExternal } from './view-external.js';

/** What the questions to an external came to is written down, published, and told where it is down. Pure. */
export function externalAnswered(
  state: MonitorState,
  fact: FactOf<'external-answered'>,
  options: ResolvedOptions,
): Pick<Step, 'state' | 'events' | 'messages'> {
  const { external: id, answers, at } = fact;
  if (!Object.hasOwn(options.externals, id)) return { state, events: [], messages: [] };
  const before = state.externals.get(id);
  const record: ExternalRecord = { ...answers, id, backSince: backSince(state, before, fact) };
  const known = { ...state, externals: new Map(state.externals).set(id, record) };
  const { incidents, events, messages } = followExternals(known, [record], options, at);
  const incident = openExternalOf(incidents, id);
  const isNew = incident !== undefined && openExternalOf(state.incidents, id) === undefined;
  return {
    state: {
      ...known,
      incidents,
      records: isNew ? withAttemptsOfVictimsBack(known, incident) : known.records,
    },
    events: [...changed(before, record, incident, options, at), ...events],
    messages,
  };
}

/** Since when it works again, after it did not, perhaps in the time of an earlier process. */
function backSince(
  { incidents }: MonitorState,
  before: ExternalRecord | undefined,
  { answers, at, external: id }: FactOf<'external-answered'>,
): number | null {
  if (answers.health !== 'ok') return null;
  if (before?.health === 'ok') return before.backSince;
  const wasAway = before !== undefined || openExternalOf(incidents, id) !== undefined;
  return wasAway ? at : null;
}

/** Opens and follows the incidents of some externals, as they are now. Pure. */
export function followExternals(
  { incidents, topology }: Pick<MonitorState, 'incidents' | 'topology'>,
  externals: Iterable<ExternalRecord>,
  options: ResolvedOptions,
  now: number,
): AnnouncedUpdate {
  const below = [...(topology?.graph.externalsBelow ?? [])];
  const asTheyAre = [...externals].map((record): ExternalNow => ({
    record,
    name: externalName(options, record.id),
    dependents: below.flatMap(([name, needed]) => (needed.has(record.id) ? [name] : [])),
  }));
  return updateExternals(incidents, asTheyAre, options.restart.stableAfterMs, now);
}

/** What was tried in vain since it was away is no fault of those that need it. */
function withAttemptsOfVictimsBack(
  { records, topology }: MonitorState,
  { since, cause }: IncidentRecord,
): MonitorState['records'] {
  const needsIt = ({ name }: ContainerRecord): boolean =>
    topology?.graph.externalsBelow.get(name)?.has(cause.external ?? '') === true;
  const triedInVain = ({ life, health, healing: { attempts, givenUp } }: ContainerRecord): boolean =>
    givenUp === null &&
    attempts.length > 0 &&
    attempts.every(({ at }) => at >= since) &&
    (!life.up || health.unhealthySince !== null);
  const victims = [...records.values()].filter((record) => needsIt(record) && triedInVain(record));
  return withChanges(
    records,
    victims.map((record) => [record.name, { ...record, healing: withAttemptsBack(record.healing) }]),
  );
}

function changed(
  before: ExternalRecord | undefined,
  record: ExternalRecord,
  incident: IncidentRecord | undefined,
  options: ResolvedOptions,
  now: number,
): readonly EventDraft[] {
  const external = viewExternal(record.id, record, options);
  if (isDeepStrictEqual(external, viewExternal(record.id, before, options))) return [];
  const { sentence: reason, name } = external;
  return [
    {
      type: 'external.changed',
      at: new Date(now).toISOString(),
      data: {
        reason: `${name}: ${reason}`,
        external,
        ...(incident === undefined ? {} : { incidentId: incident.id }),
      },
    },
  ];
}
