import type { Victim } from '../../common/events/index.js';
import { meaningOf, type DependencyGraph } from '../policy/index.js';
import type { Condition } from './condition.js';
import { TOLD_NOTHING, type IncidentRecord } from './incident-record.js';
import type { Notice } from './notice.js';
import {
  gaveUp,
  gotStuck,
  keepsCrashing,
  leftDown,
  recovered,
  restartFailed,
  unhealthyLeftAlone,
} from './notices.js';

/** A victim may go down this long before its cause is seen. */
export const BEFORE_CAUSE_MS = 10_000;
/** Ready that long without a break, it has recovered. */
export const RECOVERED_AFTER_MS = 60_000;

/** While the monitor only observes, somebody else may heal: what is down that long, nobody sees to. */
const LEFT_DOWN_AFTER_MS = 60_000;

export interface IncidentUpdate {
  /** Those that changed, were opened or resolved. */
  readonly changed: readonly IncidentRecord[];
  /** Never shown, and found to belong to another one. */
  readonly dropped: readonly string[];
  readonly notices: readonly Notice[];
}

/**
 * Keeps the incidents in step with the containers: opens one a cause, attaches victims, ends it, and says what people
 * are to be told: at most one message when a problem opens, one when it worsens, one when it ends. Pure.
 *
 * @param conditions all containers, what others depend on first
 */
export function updateIncidents(
  incidents: ReadonlyMap<string, IncidentRecord>,
  conditions: ReadonlyMap<string, Condition>,
  graph: Pick<DependencyGraph, 'below'>,
  stableAfterMs: number,
  now: number,
): IncidentUpdate {
  const book = new IncidentBook(incidents);
  for (const condition of conditions.values())
    attribute(book, condition, conditions, graph, stableAfterMs, now);
  absorb(book, graph, now);
  const notices: Notice[] = [];
  for (const incident of book.open()) follow(book, incident, conditions, notices, now);
  return { changed: book.changed(), dropped: book.dropped, notices };
}

/** Resolved that long ago, an incident is history that nobody asks for. */
const FORGOTTEN_AFTER_MS = 30 * 24 * 60 * 60_000;

/** Those that are old enough to be forgotten, by id. Pure. */
export function oldIncidents(incidents: ReadonlyMap<string, IncidentRecord>, now: number): string[] {
  return [...incidents.values()]
    .filter(({ resolvedAt }) => resolvedAt !== null && now - Date.parse(resolvedAt) > FORGOTTEN_AFTER_MS)
    .map(({ id }) => id);
}

/** The incidents while they are being brought up to date. */
class IncidentBook {
  readonly dropped: string[] = [];
  private readonly latest: Map<string, IncidentRecord>;

  constructor(private readonly before: ReadonlyMap<string, IncidentRecord>) {
    this.latest = new Map([...before].filter(([, { kind }]) => kind !== 'engine' && kind !== 'leak'));
  }

  open(): IncidentRecord[] {
    return [...this.latest.values()].filter(({ status }) => status === 'open');
  }

  causedBy(name: string): IncidentRecord | undefined {
    return this.open().find(({ cause }) => cause.container === name);
  }

  /** The latest one that it caused and that is over. */
  lastResolved(name: string): IncidentRecord | undefined {
    return [...this.latest.values()].findLast(
      ({ cause, status }) => cause.container === name && status === 'resolved',
    );
  }

  put(incident: IncidentRecord): void {
    this.latest.set(incident.id, incident);
  }

  drop({ id }: IncidentRecord): void {
    this.latest.delete(id);
    if (this.before.has(id)) this.dropped.push(id);
  }

  changed(): IncidentRecord[] {
    return [...this.latest.values()].filter((incident) => this.before.get(incident.id) !== incident);
  }
}

/** Finds the incident to which a container in trouble belongs: its own, its cause's, or a new one. */
function attribute(
  book: IncidentBook,
  condition: Condition,
  conditions: ReadonlyMap<string, Condition>,
  graph: Pick<DependencyGraph, 'below'>,
  stableAfterMs: number,
  now: number,
): void {
  const { name, trouble, decision } = condition;
  if (trouble === null || book.causedBy(name)) return;
  const cause =
    decision.blockedBy.length > 0
      ? rootsOf(condition, conditions)
          .map((root) => book.causedBy(root))
          .find((incident) => incident !== undefined)
      : causeAmong(book, graph.below.get(name), trouble.since);
  if (cause && !failsByItself(condition, cause)) {
    if (!cause.victims.some(({ container, to }) => container === name && to === null)) {
      const victim: Victim = { container: name, from: iso(trouble.since), to: null };
      book.put({ ...cause, victims: [...cause.victims, victim] });
    }
    return;
  }
  if (decision.blockedBy.length > 0) return;
  const last = book.lastResolved(name);
  const reopened = last?.resolvedAt && now - Date.parse(last.resolvedAt) < stableAfterMs ? last : undefined;
  book.put(
    reopened ? reopen(reopened, condition) : openNew(condition, (graph.below.get(name)?.size ?? 0) === 0),
  );
}

/** What stands at the ground of a chain of waiting containers. */
function rootsOf(
  condition: Condition,
  conditions: ReadonlyMap<string, Condition>,
  seen = new Set<string>(),
): string[] {
  return condition.decision.blockedBy.flatMap((name) => {
    if (seen.has(name)) return [];
    seen.add(name);
    const blocker = conditions.get(name);
    return blocker && blocker.decision.blockedBy.length > 0 ? rootsOf(blocker, conditions, seen) : [name];
  });
}

function causeAmong(
  book: IncidentBook,
  below: ReadonlySet<string> | undefined,
  since: number,
): IncidentRecord | undefined {
  if (!below || below.size === 0) return undefined;
  return book.open().find((incident) => {
    const name = incident.cause.container;
    return name !== null && below.has(name) && wasWrongAt(incident, since);
  });
}

const wasWrongAt = (incident: IncidentRecord, at: number): boolean =>
  at >= incident.since - BEFORE_CAUSE_MS && (incident.backAt === null || at <= incident.backAt);

/** It was given up although its cause is back: a problem of its own. */
const failsByItself = ({ record }: Condition, cause: IncidentRecord): boolean =>
  cause.backAt !== null && record.healing.givenUp !== null;

function openNew({ name, trouble, evidence }: Condition, announced: boolean): IncidentRecord {
  const { kind, since, reason } = trouble!;
  return {
    id: `${since.toString(36)}-${name.slice(0, 100)}`,
    kind,
    status: 'open',
    openedAt: iso(since),
    resolvedAt: null,
    endedBy: null,
    cause: { container: name, reason, evidence },
    victims: [],
    timeline: [],
    since,
    backAt: null,
    announced,
    told: TOLD_NOTHING,
    attempted: false,
    helped: false,
  };
}

/** Nothing is told of it, unless people were told that it is over and it comes to a verdict again. */
const reopen = (incident: IncidentRecord, { trouble, evidence }: Condition): IncidentRecord => ({
  ...incident,
  status: 'open',
  kind: trouble!.kind,
  resolvedAt: null,
  endedBy: null,
  backAt: null,
  told: incident.told.ended === null ? incident.told : { ...incident.told, worsened: null },
  cause: { ...incident.cause, reason: trouble!.reason, evidence: evidence ?? incident.cause.evidence },
});

/** One that was taken for a cause, and went down because of another: it becomes a victim there. */
function absorb(book: IncidentBook, graph: Pick<DependencyGraph, 'below'>, now: number): void {
  for (const incident of book.open()) {
    const name = incident.cause.container;
    if (name === null || incident.told.opened !== null || incident.told.worsened !== null) continue;
    // It came back before anything was seen of the other.
    if (incident.backAt !== null) continue;
    const cause = causeAmong(book, graph.below.get(name), incident.since);
    if (!cause || cause.id === incident.id) continue;
    const victims = [{ container: name, from: incident.openedAt, to: null }, ...incident.victims].filter(
      ({ container }) =>
        !cause.victims.some((victim) => victim.container === container && victim.to === null),
    );
    book.put({ ...cause, victims: [...cause.victims, ...victims] });
    if (incident.announced)
      book.put({ ...incident, status: 'resolved', resolvedAt: iso(now), endedBy: 'dependency' });
    else book.drop(incident);
  }
}

/** Follows one open incident: its victims, its messages, its end. */
function follow(
  book: IncidentBook,
  before: IncidentRecord,
  conditions: ReadonlyMap<string, Condition>,
  notices: Notice[],
  now: number,
): void {
  const condition = conditions.get(before.cause.container ?? '');
  if (!condition || condition.leftOnPurpose) {
    book.put({
      ...before,
      status: 'resolved',
      resolvedAt: iso(now),
      endedBy: condition && meaningOf(condition.decision).endsByItself ? 'itself' : 'person',
      backAt: null,
      victims: endVictims(before, now),
    });
    return;
  }
  const { record, decision, evidence, trouble } = condition;
  const { untreated } = meaningOf(decision);
  let incident = before;
  const set = (change: Partial<IncidentRecord>) => (incident = { ...incident, ...change });

  // What was found when the last attempt failed says more of why than what was found first.
  const better = incident.cause.evidence === null || record.healing.attempts.length > 0;
  if (evidence !== null && evidence !== incident.cause.evidence && better) {
    set({ cause: { ...incident.cause, evidence } });
  }
  if (trouble?.kind === 'crash-loop' && incident.kind !== 'crash-loop') set({ kind: 'crash-loop' });
  if (!incident.attempted && record.healing.attempts.length > 0) set({ attempted: true });
  const backAt = record.health.readySince !== null && record.life.up ? record.health.readySince : null;
  if (backAt !== incident.backAt) set({ backAt });

  const victims = incident.victims.map((victim) => {
    const ready = victim.to === null && conditions.get(victim.container)?.record.health.readySince;
    return ready ? { ...victim, to: iso(ready) } : victim;
  });
  if (victims.some((victim, index) => victim !== incident.victims[index])) set({ victims });

  const tell = (notice: Notice, told: Partial<IncidentRecord['told']>) => {
    notices.push(notice);
    set({ announced: true, told: { ...incident.told, ...told } });
  };
  const failed = record.healing.attempts.at(-1)?.outcome;
  if (record.healing.givenUp !== null) {
    if (incident.told.worsened !== 'container.given_up')
      tell(gaveUp(condition, incident), { worsened: 'container.given_up', ended: null });
  } else if (untreated === 'stuck' && trouble !== null) {
    // Nothing more is tried, so a problem that people know of has worsened.
    const { opened, worsened } = incident.told;
    if (opened === null && worsened === null)
      tell(gotStuck(condition, incident), { opened: 'container.stuck' });
    else if (opened !== 'container.stuck' && worsened === null)
      tell(gotStuck(condition, incident), { worsened: 'container.stuck', ended: null });
  } else if (incident.told.opened === null && incident.told.worsened === null) {
    if (record.loop.since !== null)
      tell(keepsCrashing(condition, incident), { opened: 'container.crash_loop' });
    else if (untreated === 'unhealthy' || (untreated === 'any' && trouble?.kind === 'unhealthy'))
      tell(unhealthyLeftAlone(condition, incident, now), { opened: 'container.unhealthy' });
    else if (untreated === 'any' && trouble !== null && now - trouble.since >= LEFT_DOWN_AFTER_MS)
      tell(leftDown(condition, incident, trouble, now), { opened: 'container.down' });
    else if (failed === 'refused' || failed === 'timed-out')
      tell(restartFailed(condition, incident), { opened: 'container.restart_failed' });
  }

  if (isOver(incident, condition, conditions, book, now)) {
    const toldOfIt = incident.told.opened !== null || incident.told.worsened !== null;
    if (toldOfIt && incident.told.ended === null) {
      tell(recovered(condition, incident, backAgain(incident)), { ended: 'container.recovered' });
    }
    const endedBy = incident.helped ? 'person' : incident.attempted ? 'attempt' : 'itself';
    set({ status: 'resolved', resolvedAt: iso(now), endedBy, announced: true });
  }
  if (!incident.announced && now - incident.since >= BEFORE_CAUSE_MS) set({ announced: true });
  if (incident !== before) book.put(incident);
}

/** The cause has been ready for a minute, and no victim is still down because of it. */
function isOver(
  incident: IncidentRecord,
  { record }: Condition,
  conditions: ReadonlyMap<string, Condition>,
  book: IncidentBook,
  now: number,
): boolean {
  if (incident.backAt === null || now - incident.backAt < RECOVERED_AFTER_MS) return false;
  if (record.loop.since !== null && incident.told.worsened === null) return false;
  return incident.victims.every(({ container, to }) => {
    if (to !== null) return true;
    const victim = conditions.get(container);
    return (
      !victim || victim.leftOnPurpose || victim.trouble === null || book.causedBy(container) !== undefined
    );
  });
}

/** Not those that are still down, by choice or through something else. */
const backAgain = ({ victims }: IncidentRecord): string[] => [
  ...new Set(victims.filter(({ to }) => to !== null).map(({ container }) => container)),
];

const endVictims = (incident: IncidentRecord, now: number): readonly Victim[] =>
  incident.victims.map((victim) => (victim.to === null ? { ...victim, to: iso(now) } : victim));

const iso = (at: number): string => new Date(at).toISOString();
