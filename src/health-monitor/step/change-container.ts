import type { EventDraft } from '../../common/events/index.js';
import {
  notePersonActed,
  startLacksSpace,
  startRefused,
  startTaken,
  unnoteLeakRestart,
  type Message,
} from '../incidents/index.js';
import {
  answered,
  askFor,
  beginRestart,
  endAttempt,
  endRestart,
  isIntentUnknown,
  noteRefusal,
  rearm,
  wasNotMade,
  withAttemptsBack,
  withParts,
  type ActOutcome,
  type ContainerRecord,
} from '../policy/index.js';
import { withAnswer } from './batches.js';
import { containerEvent, type ContainerNews } from './container-events.js';
import { unanswerDependencyRuns } from './dependency-runs.js';
import type { FactOf, Request } from './fact.js';
import { withChanges } from './map-changes.js';
import type { MonitorState } from './monitor-state.js';
import { viewContainer } from './view-container.js';

/** What a change to one container comes to. */
interface ChangedContainer {
  readonly state: MonitorState;
  readonly events: readonly EventDraft[];
}

/** A person asked for something: it is written down. A start, stop or restart itself comes after that. Pure. */
export function asked(
  state: MonitorState,
  { container, request, by, at }: FactOf<'asked'>,
): ChangedContainer {
  const record = state.records.get(container);
  if (!record) return { state, events: [] };
  const helped = { ...state, incidents: notePersonActed(state.incidents, container) };
  const change = (next: ContainerRecord, news: ContainerNews | null) =>
    changeContainer(helped, next, news, at);
  switch (request.kind) {
    case 'start':
      return change(askedFor(wished(record, 'running', by, at), request, at), null);
    case 'stop':
      return change(askedFor(wished(record, 'stopped', by, at), request, at), null);
    case 'restart':
      return change(askedFor(restarting(wished(record, 'running', by, at), at), request, at), null);
    case 'hold': {
      const { reason, until } = request;
      const hold = { reason, by, since: at, until };
      return change({ ...record, intent: { ...record.intent, hold } }, [
        'container.held',
        { reason: `On hold: ${reason}`, by },
      ]);
    }
    case 'release':
      return change({ ...record, intent: { ...record.intent, hold: null } }, [
        'container.released',
        { reason: 'Released.', by },
      ]);
    case 'retry': {
      const isWished = record.intent.wish.value === 'running';
      return change(
        isWished ? wished(record, 'running', by, at) : { ...record, healing: rearm(record.healing) },
        ['container.rearmed', { reason: `Trying again, as ${by} asked.`, by }],
      );
    }
  }
}

const wished = (
  record: ContainerRecord,
  value: 'running' | 'stopped',
  who: string,
  at: number,
): ContainerRecord => ({
  ...record,
  healing: rearm(record.healing),
  intent: {
    wish: { value, by: 'person', who, at },
    hold: isIntentUnknown(record.intent) ? null : record.intent.hold,
  },
});

const restarting = (record: ContainerRecord, at: number): ContainerRecord => ({
  ...record,
  healing: beginRestart(record.healing, at),
});

const askedFor = (
  record: ContainerRecord,
  { kind, as }: Extract<Request, { readonly kind: 'start' | 'stop' | 'restart' }>,
  at: number,
): ContainerRecord =>
  as === undefined ? record : askFor(record, { kind, by: 'person', attempt: null, at, ...as });

/**
 * An act through us ended: how, is written down and published. Pure.
 *
 * @param stableAfterMs a problem that comes back so soon is the same one
 */
export function acted(
  before: MonitorState,
  fact: FactOf<'acted'>,
  stableAfterMs: number,
): ChangedContainer & { readonly messages?: readonly Message[] } {
  const { act, outcome, by, at } = fact;
  const unanswered = before.records.get(act.name);
  if (!unanswered) return { state: before, events: [] };
  if (outcome.kind === 'void' && outcome.abandoned === true) {
    const records = withChanges(before.records, [[act.name, abandoned(unanswered, act.attempt, outcome)]]);
    return { state: { ...before, records }, events: [] };
  }
  const record = answered(unanswered, by === null ? 'monitor' : 'person');
  const state = { ...before, records: withChanges(before.records, [[act.name, record]]) };
  if (by !== null) return actedForPerson(state, record, fact, by);
  const written = writtenDown(state, record, fact);
  if (outcome.kind === 'refused') return afterRefusal(written, act.name, stableAfterMs, at);
  return outcome.kind === 'done' ? afterStart(written, act.name, at) : written;
}

/** It stays asked for, since the engine may still do it; as an attempt it does not count. */
function abandoned(record: ContainerRecord, attempt: number | null, outcome: ActOutcome): ContainerRecord {
  const { asked } = record.healing;
  if (attempt === null || asked === null) return record;
  const { healing, ...rest } = endAttempt(record, outcome);
  return { ...rest, healing: { ...healing, asked: { ...asked, attempt: null } } };
}

/** What is refused together with others is no failure of its own. */
function afterRefusal(
  { state, events }: ChangedContainer,
  name: string,
  stableAfterMs: number,
  at: number,
): ChangedContainer & { readonly messages: readonly Message[] } {
  const { incidents, records, machine } = state;
  const record = records.get(name)!;
  const refused =
    startLacksSpace(incidents, record, machine, stableAfterMs, at) ??
    startRefused(incidents, record, records, stableAfterMs, at);
  const freed = withChanges(
    records,
    refused.newVictims.map((victim) => {
      const record = records.get(victim)!;
      return [victim, { ...record, healing: withAttemptsBack(record.healing) }];
    }),
  );
  return {
    state: { ...state, incidents: refused.incidents, records: freed },
    events,
    messages: refused.messages,
  };
}

function afterStart(
  { state, events }: ChangedContainer,
  name: string,
  at: number,
): ChangedContainer & { readonly messages: readonly Message[] } {
  const taken = startTaken(state.incidents, name, at);
  return {
    state: { ...state, incidents: taken.incidents },
    events,
    messages: taken.messages,
  };
}

function writtenDown(
  state: MonitorState,
  record: ContainerRecord,
  { act, outcome, at }: FactOf<'acted'>,
): ChangedContainer {
  const isAnswered = outcome.kind === 'done';
  return changeContainer(
    {
      ...state,
      batches: isAnswered ? withAnswer(state.batches, act.name, at) : state.batches,
      incidents:
        wasNotMade(outcome) && act.answers === 'leak'
          ? unnoteLeakRestart(state.incidents, act.name)
          : state.incidents,
    },
    ended(record, act, outcome, at),
    newsOfOutcome(act, outcome),
    at,
  );
}

/** With it written down how an act of ours ended; what it was to answer is unanswered when it was not made. */
function ended(
  before: ContainerRecord,
  act: FactOf<'acted'>['act'],
  outcome: ActOutcome,
  at: number,
): ContainerRecord {
  const record = withParts(before, { healing: noteRefusal(before.healing, outcome, before.name, at) });
  if (act.attempt !== null) return endAttempt(record, outcome);
  const healed = withParts(record, { healing: endRestart(record.healing, outcome) });
  return wasNotMade(outcome) && act.answers === 'dependency' ? unanswerDependencyRuns(healed) : healed;
}

const DONE_FOR_PERSON = {
  start: { type: 'container.started', verb: 'Started' },
  stop: { type: 'container.stopped', verb: 'Stopped' },
  restart: { type: 'container.restarted', verb: 'Restarted' },
} as const;

function actedForPerson(
  state: MonitorState,
  record: ContainerRecord,
  { act: { kind }, outcome, wishBefore, at }: FactOf<'acted'>,
  by: string,
): ChangedContainer {
  const helped = { ...state, incidents: notePersonActed(state.incidents, record.name) };
  if (hasFailed(outcome)) {
    const goesBack = kind === 'stop' && wishBefore !== null;
    const intent = goesBack ? { ...record.intent, wish: wishBefore } : record.intent;
    const failed = withParts(record, { intent, healing: endRestart(record.healing, outcome) });
    return failed === record ? { state, events: [] } : changeContainer(helped, failed, null, at);
  }
  if (outcome.kind === 'timed-out') return { state, events: [] };
  const { type, verb } = DONE_FOR_PERSON[kind];
  return changeContainer(helped, record, [type, { reason: `${verb} by ${by}.`, by }], at);
}

/** The engine refused, or could not be asked. One that ran already has not failed. */
const hasFailed = (outcome: ActOutcome): boolean => outcome.kind === 'refused' || wasNotMade(outcome);

function newsOfOutcome(
  { kind, attempt }: FactOf<'acted'>['act'],
  { kind: outcome, detail }: ActOutcome,
): ContainerNews | null {
  const data = attempt === null ? {} : { attempt };
  switch (outcome) {
    case 'done': {
      const verb = kind === 'start' ? 'Started' : 'Restarted';
      const which = attempt === null ? '' : `, attempt ${attempt}`;
      return ['container.restarted', { reason: `${verb}${which}.`, ...data }];
    }
    case 'refused':
      return ['container.restart_failed', { reason: `The engine refused: ${detail}`, ...data }];
    case 'timed-out':
      return ['container.restart_failed', { reason: 'The engine did not answer in time.', ...data }];
    case 'void':
      return null;
  }
}

/** The state with one record changed, and the event about it, which carries the view. */
function changeContainer(
  state: MonitorState,
  record: ContainerRecord,
  news: ContainerNews | null,
  now: number,
): ChangedContainer {
  const { name } = record;
  const container = state.containers.get(name);
  const topology = state.topology;
  if (!container || !topology) return { state, events: [] };
  const isSame = record === state.records.get(name);
  if (isSame && news === null) return { state, events: [] };
  const records = isSame ? state.records : new Map(state.records).set(name, record);
  // What holds the namespaces of a pod is part of that, and not shown by itself.
  if (container.isInfra)
    return { state: { ...state, records }, events: news === null ? [] : [containerEvent(news, name, now)] };
  const view = viewContainer(container, record, topology, state.elsewhere, now);
  const [type, data] = news ?? ['container.changed', { reason: view.decision.reason }];
  return {
    state: { ...state, records, views: new Map(state.views).set(name, view) },
    events: [containerEvent([type, { ...data, view }], name, now)],
  };
}
