import type { ContainerView, EventDraft } from '../../common/events/index.js';
import {
  endedByItself,
  findTrouble,
  isLeftOnPurpose,
  updateIncidents,
  type Condition,
  type IncidentRecord,
  type Message,
} from '../incidents/index.js';
import { meaningOf, type ContainerRecord } from '../policy/index.js';
import {
  containerEvent,
  newsOfDecision,
  newsOfHappenings,
  newsOfRecovery,
  withViews,
  type ContainerNews,
} from './container-events.js';
import type { DecidedCheck } from './decide-check.js';
import type { Checked } from './fact.js';
import type { LearntCheck } from './learn-check.js';
import { MapDraft, withChanges } from './map-changes.js';
import type { MonitorState } from './monitor-state.js';
import { noteDecision, withShown } from './note-decision.js';
import type { Setting } from './setting.js';
import { viewContainer } from './view-container.js';

/** Work that lasted this long and then ended by itself is worth a message. */
const LONG_WORK_MS = 10 * 60_000;

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
  check: Checked,
  learnt: LearntCheck,
  decided: DecidedCheck,
  { options }: Setting,
): ReportedCheck {
  const now = check.at;
  const { rules, graph } = learnt.topology;
  const evidence = new Map(
    check.observation.inspected.map(({ container, evidence: its }) => [container.name, its]),
  );
  const records = new MapDraft(decided.records);
  const conditions = new Map<string, Condition>();
  const endings: Message[] = [];
  const news: (readonly [name: string, news: readonly ContainerNews[]])[] = learnt.vanished.map((name) => [
    name,
    [['container.removed', { reason: 'It is gone.' }]],
  ]);

  for (const [name, decision] of decided.decisions) {
    const container = learnt.containers.get(name)!;
    const before = state.records.get(name);
    const decidedOn = records.get(name)!;
    const isPresent = decidedOn.life.absentSince === null;
    let record = withShown(decidedOn, noteDecision(decidedOn.shown, container, decision, now));
    if (isPresent) {
      const happenings = newsOfHappenings(record, learnt.happened.get(name) ?? [], now);
      record = withShown(record, happenings.shown);
      const ofDecision = newsOfDecision(before?.shown.decision ?? null, decision, decided.rearmed.get(name));
      news.push([name, [...happenings.news, ...ofDecision]]);
    }
    records.set(name, record);
    const condition: Condition = {
      name,
      container,
      record,
      rules: rules.get(name)!,
      decision,
      leftOnPurpose: isPresent && isLeftOnPurpose(decision),
      trouble: isPresent ? findTrouble(container, record, decision, now) : null,
      evidence: evidence.get(name) ?? null,
    };
    conditions.set(name, condition);
    if (isEndOfLongWork(condition, before)) endings.push(endedByItself(condition));
  }

  const { incidents, messages } = updateIncidents({
    incidents: state.incidents,
    conditions,
    below: graph.below,
    stableAfterMs: options.restart.stableAfterMs,
    now,
  });
  for (const [id, incident] of incidents) {
    if (incident === state.incidents.get(id) || incident.cause.container === null) continue;
    const recovery = newsOfRecovery(incident);
    if (recovery) news.push([incident.cause.container, [recovery]]);
  }

  const after = records.result();
  const changedViews = viewsThatChanged(state, learnt, after, new Set(decided.decisions.keys()), now);
  const events = news.flatMap(([name, all]) => all.map((one) => containerEvent(one, name, now)));
  return {
    records: after,
    incidents,
    views: withChanges(
      state.views,
      changedViews.map(({ view }) => [view.name, view]),
      [...state.awake, ...learnt.vanished].filter((name) => after.get(name)?.life.absentSince !== null),
    ),
    events: withViews(events, changedViews, now),
    messages: [...messages, ...endings],
  };
}

/** It ended by itself after long work, and the engine can tell that no person did it. */
function isEndOfLongWork({ record, decision }: Condition, before: ContainerRecord | undefined): boolean {
  const { death } = record.life;
  return (
    meaningOf(decision).endsByItself &&
    (before?.life.up === true || before?.life.death?.stoppedBy === 'pending') &&
    death?.stoppedBy === 'nobody' &&
    (death.ranForMs ?? 0) >= LONG_WORK_MS
  );
}

/** In the engine's order, the views of those of which something changed. */
function viewsThatChanged(
  state: MonitorState,
  { containers, topology }: LearntCheck,
  records: ReadonlyMap<string, ContainerRecord>,
  decided: ReadonlySet<string>,
  now: number,
): readonly { readonly view: ContainerView; readonly known: ContainerView | undefined }[] {
  if (decided.size === 0) return [];
  const { rules, graph } = topology;
  const inOrder = [...containers.keys()].filter((name) => decided.has(name));
  return inOrder.flatMap((name) => {
    const record = records.get(name);
    const container = containers.get(name)!;
    if (!record || record.life.absentSince !== null) return [];
    const known = state.views.get(name);
    const isSame =
      known !== undefined &&
      record === state.records.get(name) &&
      container === state.containers.get(name) &&
      topology === state.topology;
    if (isSame) return [];
    const dependencies = graph.dependencies.get(name) ?? [];
    return [{ view: viewContainer(container, record, rules.get(name)!, dependencies, now), known }];
  });
}
