import type {
  ContainerEventData,
  ContainerView,
  EventDraft,
  HealthEventType,
  MemoryView,
} from '../../common/events/index.js';
import {
  endedByItself,
  findTrouble,
  isLeftOnPurpose,
  oldIncidents,
  updateIncidents,
  type Condition,
  type IncidentUpdate,
  type Notice,
} from '../incidents/index.js';
import {
  exitInWords,
  inWords,
  meaningOf,
  signalOf,
  statusOf,
  type ContainerRecord,
  type Decision,
  type Happening,
  type MadeDecision,
  type Shown,
} from '../policy/index.js';
import type { Container } from '../runtime/index.js';
import type { CycleContext } from './cycle-context.js';
import type { Decided } from './decide-all.js';
import type { MonitorState } from './monitor-state.js';
import type { Observation } from './observation.js';
import type { TakenIn } from './take-in.js';
import { viewContainer } from './view-container.js';

const DAY = 24 * 60 * 60_000;
/** In a crash loop, exits and starts are told this often. */
const MUTED_FOR_MS = 60_000;
/** Work that lasted this long and then ended by itself is worth a word. */
const WORTH_TELLING_MS = 10 * 60_000;

/** The new state, and what is to be kept and told of the way there. */
export interface Conclusion {
  readonly state: MonitorState;
  readonly records: readonly ContainerRecord[];
  readonly forgotten: readonly string[];
  /** Events about containers, in order; the last of each container carries its view. */
  readonly events: readonly EventDraft[];
  readonly notices: readonly Notice[];
}

type ContainerEventType = Extract<HealthEventType, `container.${string}`>;

/** Works out what a step changed and what is to be told of it. Pure. */
export function conclude(
  state: MonitorState,
  observation: Observation,
  taken: TakenIn,
  decided: Decided,
  context: CycleContext,
  memoryOf: (name: string) => MemoryView | null,
): Conclusion {
  const { now } = context;
  const { rules, graph } = taken.topology.topology;
  const records = decided.records;
  const told = new Telling(now);
  const notices: Notice[] = [];
  const conditions = new Map<string, Condition>();

  for (const name of taken.vanished) told.add('container.removed', name, { reason: 'It is gone.' });

  for (const [name, decision] of decided.decisions) {
    const container = taken.containers.get(name)!;
    const before = state.records.get(name);
    let record = noteDecision(records.get(name)!, container, decision, now);
    const happened = taken.happened.get(name) ?? [];
    if (record.life.absentSince === null) {
      record = tellHappened(told, record, happened, now);
      tellDecided(told, name, before?.shown.decision ?? null, decision, decided.rearmed.get(name));
    }
    records.set(name, record);
    const present = record.life.absentSince === null;
    const condition: Condition = {
      name,
      container,
      record,
      rules: rules.get(name)!,
      decision,
      leftOnPurpose: present && isLeftOnPurpose(decision),
      trouble: present ? findTrouble(container, record, decision, now) : null,
      evidence: observation.evidence.get(name) ?? null,
    };
    conditions.set(name, condition);
    if (isWorthAWord(condition, before)) notices.push(endedByItself(condition));
  }

  const incidents = updateIncidents(
    state.incidents,
    conditions,
    graph,
    context.options.restart.stableAfterMs,
    now,
  );
  tellRecovered(told, incidents);

  const views = new Map<string, ContainerView>();
  for (const [name, container] of taken.containers) {
    const record = records.get(name);
    if (!record || record.life.absentSince !== null) continue;
    const known = state.views.get(name);
    const same =
      known !== undefined &&
      record === state.records.get(name) &&
      container === state.containers.get(name) &&
      taken.topology === state.topology;
    if (same) {
      views.set(name, known);
      continue;
    }
    const view = viewContainer(
      container,
      record,
      rules.get(name)!,
      graph.dependencies.get(name) ?? [],
      memoryOf(name),
      now,
    );
    views.set(name, view);
    told.show(name, view, known);
  }

  const changed = [...records.values()].filter((record) => state.records.get(record.name) !== record);
  return {
    state: {
      containers: taken.containers,
      records,
      incidents: withUpdate(
        state.incidents,
        incidents,
        observation.full ? oldIncidents(state.incidents, now) : [],
      ),
      topology: taken.topology,
      batches: decided.batches,
      views,
    },
    records: changed,
    forgotten: taken.forgotten,
    events: told.drafts,
    notices: [...incidents.notices, ...notices],
  };
}

function withUpdate(
  incidents: MonitorState['incidents'],
  { changed, dropped }: IncidentUpdate,
  old: readonly string[],
): MonitorState['incidents'] {
  if (changed.length + dropped.length + old.length === 0) return incidents;
  const next = new Map(incidents);
  for (const id of [...dropped, ...old]) next.delete(id);
  for (const incident of changed) next.set(incident.id, incident);
  return next;
}

/** Keeps the decision as it was while the same one is made again, and the status over the last day. */
function noteDecision(
  record: ContainerRecord,
  container: Container,
  decision: Decision,
  now: number,
): ContainerRecord {
  const before = record.shown.decision;
  const same =
    before !== null &&
    before.code === decision.code &&
    before.dueAt === decision.dueAt &&
    before.action === decision.action &&
    (before.reason === decision.reason || decision.dueAt !== null) &&
    isBlockedAlike(before, decision);
  const made: MadeDecision = same ? before : { ...decision, at: now };
  const status = statusOf(container, made, now);
  const spans =
    record.shown.spans.at(-1)?.status === status
      ? record.shown.spans
      : [
          ...record.shown.spans.filter(
            (_, index) => now - (record.shown.spans[index + 1]?.from ?? now) < DAY,
          ),
          { from: now, status },
        ];
  return made === before && spans === record.shown.spans
    ? record
    : { ...record, shown: { ...record.shown, decision: made, spans: spans.slice(-200) } };
}

const isBlockedAlike = (before: Decision, { blockedBy }: Decision): boolean =>
  before.blockedBy.length === blockedBy.length &&
  before.blockedBy.every((name, index) => name === blockedBy[index]);

function tellHappened(
  told: Telling,
  before: ContainerRecord,
  happened: readonly Happening[],
  now: number,
): ContainerRecord {
  let record = before;
  const { name } = record;
  /** In a loop, one word a minute is enough; what is left out is counted. */
  const tell = (type: ContainerEventType, data: ContainerEventData) => {
    const { muted } = record.shown;
    const mute = (next: Shown['muted']) => (record = { ...record, shown: { ...record.shown, muted: next } });
    if (record.loop.since === null) {
      if (muted !== null) mute(null);
      told.add(type, name, data);
    } else if (muted === null || now - muted.since >= MUTED_FOR_MS) {
      told.add(type, name, muted === null || muted.count === 0 ? data : { ...data, count: muted.count + 1 });
      mute({ since: now, count: 0 });
    } else mute({ ...muted, count: muted.count + 1 });
  };
  for (const happening of happened) {
    switch (happening.kind) {
      case 'died': {
        const { exitCode, oomKilled } = happening.death;
        const signal = signalOf(exitCode);
        tell('container.exited', {
          reason: `Stopped with ${exitInWords(exitCode, oomKilled)}.`,
          exitCode,
          oomKilled,
          ...(signal === null ? {} : { signal }),
        });
        break;
      }
      case 'began-run':
        if (!happening.byUs) tell('container.started', { reason: 'Started, not by the monitor.' });
        break;
      case 'stopped-by-person':
        told.add('container.stopped', name, { reason: 'Stopped by hand; left off.', by: 'engine' });
        break;
      case 'hold-over':
        told.add('container.released', name, { reason: 'Its hold has ended.' });
        break;
      case 'recreated':
        told.add('container.changed', name, { reason: 'Made anew under the same name.' });
        break;
      case 'stable':
        told.add('container.changed', name, { reason: 'Up long enough; its attempts are forgotten.' });
        break;
      case 'crash-loop':
        told.add('container.crash_loop', name, {
          reason: `Exited ${happening.deaths} times in ${inWords(happening.windowMs)}.`,
          count: happening.deaths,
        });
        break;
      case 'crash-loop-over':
        told.add('container.changed', name, { reason: 'It has stopped crashing.' });
        break;
    }
  }
  return record;
}

function tellDecided(
  told: Telling,
  name: string,
  before: MadeDecision | null,
  decision: Decision,
  rearmed: string | undefined,
): void {
  if (rearmed !== undefined) told.add('container.rearmed', name, { reason: rearmed });
  const same = before?.code === decision.code && before.action === decision.action;
  if (same && isBlockedAlike(before, decision)) return;
  const { reason, blockedBy } = decision;
  const type = decision.action === 'give-up' ? 'container.given_up' : meaningOf(decision).event;
  if (type !== null) told.add(type, name, blockedBy.length === 0 ? { reason } : { reason, blockedBy });
}

function tellRecovered(told: Telling, { changed }: IncidentUpdate): void {
  for (const { status, cause, endedBy, since, backAt, id } of changed) {
    if (status !== 'resolved' || cause.container === null || backAt === null || endedBy === 'dependency')
      continue;
    told.add('container.recovered', cause.container, {
      reason: `Healthy again after ${inWords(backAt - since)}.`,
      incidentId: id,
    });
  }
}

/** It ended by itself after long work, and the engine can tell that no person did it. */
function isWorthAWord({ record, decision }: Condition, before: ContainerRecord | undefined): boolean {
  const { death } = record.life;
  return (
    meaningOf(decision).endsByItself &&
    (before?.life.up === true || before?.life.death?.stoppedBy === 'pending') &&
    death?.stoppedBy === 'nobody' &&
    (death.ranForMs ?? 0) >= WORTH_TELLING_MS
  );
}

/** Gathers the events of one step. */
class Telling {
  readonly drafts: EventDraft[] = [];
  private readonly at: string;

  constructor(now: number) {
    this.at = new Date(now).toISOString();
  }

  add(type: ContainerEventType, container: string, data: ContainerEventData): void {
    this.drafts.push({ type, at: this.at, container, data });
  }

  /** Lets a changed view ride along with the container's last event, or in one of its own. */
  show(name: string, view: ContainerView, known: ContainerView | undefined): void {
    const last = this.drafts.findLastIndex(({ container }) => container === name);
    const draft = this.drafts[last];
    if (draft)
      this.drafts[last] = { ...draft, data: { ...(draft.data as ContainerEventData), view } } as EventDraft;
    else if (known === undefined || signature(view) !== signature(known)) {
      this.add('container.changed', name, { reason: view.decision.reason, view });
    }
  }
}

/** A view without what changes all the time and is told in other ways. */
const signature = ({ memory: _memory, spans: _spans, ...view }: ContainerView): string =>
  JSON.stringify({ ...view, decision: { ...view.decision, at: null } });
