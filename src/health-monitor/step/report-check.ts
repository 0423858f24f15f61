import type { ContainerView, EventDraft } from '../../common/events/index.js';
import {
  intentsUnknown,
  updateIncidents,
  updateMachine,
  updateReadings,
  updateRefusedStarts,
  withThoseWithheld,
  type Conditions,
  type IncidentRecord,
  type IncidentUpdate,
  type Message,
  type UnreadableNow,
} from '../incidents/index.js';
import { externalName, isUp, type ContainerRecord } from '../policy/index.js';
import { containerEvent, newsOfRecovery, withViews, type ContainerNews } from './container-events.js';
import type { DecidedCheck } from './decide-check.js';
import type { Checked } from './fact.js';
import type { LearntCheck } from './learn-check.js';
import { TOLD_AFTER_FULL_CHECKS } from './learn-container.js';
import { withChanges } from './map-changes.js';
import type { MonitorState } from './monitor-state.js';
import { reportContainer, type ReportedContainer } from './report-container.js';
import type { Setting } from './setting.js';
import { isSilenced } from './silent-host.js';
import { viewContainer } from './view-container.js';

/** What a check changed of what people see, and what is published of it. */
export interface ReportedCheck {
  readonly records: ReadonlyMap<string, ContainerRecord>;
  readonly incidents: ReadonlyMap<string, IncidentRecord>;
  readonly views: ReadonlyMap<string, ContainerView>;
  /** In order; the last one about each container carries its view. */
  readonly events: readonly EventDraft[];
  readonly messages: readonly Message[];
}

/** Works out what people see after a check, and what they are to hear of it. Pure. */
export function reportCheck(
  state: MonitorState,
  { observation, at: now }: Checked,
  learnt: LearntCheck,
  decided: DecidedCheck,
  { options }: Setting,
): ReportedCheck {
  const evidence = new Map(observation.inspected.map((one) => [one.container.name, one.evidence]));
  const reportable = { before: state.records, learnt, decided, evidence, now };
  const reported = [...decided.decisions].map(([name, decision]) =>
    reportContainer(name, decision, reportable),
  );
  const conditions = new Map(reported.map(({ condition }) => [condition.name, condition]));
  const { incidents, messages } = updateIncidents({
    incidents: withThoseWithheld(state.incidents, conditions, state.machine, now),
    conditions,
    below: learnt.topology.graph.below,
    externals: {
      below: learnt.topology.graph.externalsBelow,
      direct: learnt.topology.graph.externals,
      nameOf: (id) => (Object.hasOwn(options.externals, id) ? externalName(options, id) : null),
    },
    elsewhere: learnt.topology.graph.elsewhere,
    stableAfterMs: options.restart.stableAfterMs,
    now,
  });
  const events = [
    ...learnt.vanished.map((name) => containerEvent(GONE, name, now)),
    ...reported.flatMap(({ record, news }) => news.map((one) => containerEvent(one, record.name, now))),
    ...recoveries(state.incidents, incidents, now),
  ];
  const records = withChanges(
    decided.records,
    reported.map(({ record }) => [record.name, record]),
  );
  const views = viewsThatChanged(state, learnt, records, new Set(decided.decisions.keys()), now);
  const absent = [...state.awake, ...learnt.vanished].filter(
    (name) => records.get(name)?.life.absentSince !== null,
  );
  const readings = updateReadings(
    incidents,
    unreadableIn(reported),
    (name) => records.get(name)?.life.absentSince === null,
    now,
  );
  const refusals = updateRefusedStarts(readings.incidents, conditions, now);
  const machine = machineAfter(state, refusals.incidents, conditions, options, now);
  return {
    records,
    incidents: machine.incidents,
    views: withChanges(
      state.views,
      views.map(({ view }) => [view.name, view]),
      absent,
    ),
    events: withViews(events, views, now),
    messages: [
      ...messages,
      ...readings.messages,
      ...refusals.messages,
      ...machine.messages,
      ...reported.flatMap(({ message }) => message ?? []),
      ...intentsUnknown(reported.flatMap(({ lostIntent, condition }) => (lostIntent ? condition : []))),
    ],
  };
}

/** Until the machine was read, what was known of it by an earlier process stands. */
const machineAfter = (
  { machine }: MonitorState,
  incidents: ReadonlyMap<string, IncidentRecord>,
  conditions: Conditions,
  { restart }: Setting['options'],
  now: number,
): IncidentUpdate =>
  machine === null
    ? { incidents, messages: [] }
    : updateMachine(incidents, machine, conditions, restart.stableAfterMs, now);

const unreadableIn = (reported: readonly ReportedContainer[]): readonly UnreadableNow[] =>
  reported.flatMap(({ condition: { name, container, record, rules } }) => {
    const { unreadable } = record.life;
    if (unreadable === null || unreadable.fullChecks < TOLD_AFTER_FULL_CHECKS || rules.ignore) return [];
    const { since, words } = unreadable;
    const listed = isUp(container) ? container.state : `${container.state} (${container.exitCode})`;
    return [{ container: name, since, words, listed }];
  });

const GONE: ContainerNews = ['container.removed', { reason: 'It is gone.' }];

/** Of each incident about a container that has just ended, that its cause is well again. */
const recoveries = (
  before: MonitorState['incidents'],
  after: MonitorState['incidents'],
  now: number,
): readonly EventDraft[] =>
  [...after.values()].flatMap((incident) => {
    const { container } = incident.cause;
    const news = incident === before.get(incident.id) ? null : newsOfRecovery(incident);
    return news === null || container === null ? [] : [containerEvent(news, container, now)];
  });

/** In the engine's order, the views of those of which something changed. */
function viewsThatChanged(
  state: MonitorState,
  { containers, topology }: LearntCheck,
  records: ReadonlyMap<string, ContainerRecord>,
  decided: ReadonlySet<string>,
  now: number,
): readonly { readonly view: ContainerView; readonly known: ContainerView | undefined }[] {
  if (decided.size === 0) return [];
  const inOrder = [...containers.keys()].filter((name) => decided.has(name));
  return inOrder.flatMap((name) => {
    const record = records.get(name);
    const container = containers.get(name)!;
    if (!record || record.life.absentSince !== null || container.isInfra) return [];
    const known = state.views.get(name);
    const isSame =
      known !== undefined &&
      !isSilenced(known) &&
      record === state.records.get(name) &&
      container === state.containers.get(name) &&
      topology === state.topology;
    if (isSame) return [];
    return [{ view: viewContainer(container, record, topology, state.elsewhere, now), known }];
  });
}
