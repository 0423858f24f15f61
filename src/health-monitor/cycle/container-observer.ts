import type { Clock } from '../../common/clock/index.js';
import type { Evidence } from '../../common/events/index.js';
import { EVIDENCE_LOG_LINES, evidenceOf } from '../incidents/index.js';
import { believedHealth, isDown, isUp, meaningOf, type ContainerRecord } from '../policy/index.js';
import {
  byOurClock,
  checkedByOurClock,
  inParallel,
  RuntimeError,
  type Container,
  type ContainerRuntime,
  type EngineInfo,
  type ListedContainer,
  type ProbedHealth,
} from '../runtime/index.js';
import type { Inspected, MonitorState, Observation, UnreadableContainer } from '../step/index.js';
import { wordsOf } from './words-of.js';

const INSPECTED_AT_ONCE = 8;
/** Evidence must not keep a container down: logs that come later than this are left out. */
const LOG_DEADLINE_MS = 300;
/** One that could not be inspected before keeps the others waiting no longer than this. */
const PATIENCE_MS = 2_000;
/** A death longer ago than this is history. */
const FRESH_MS = 10 * 60_000;

export interface FullCheck {
  readonly engine: EngineInfo;
  /** The first after a boot or an outage. */
  readonly first: boolean;
  /** Events were missed that may still tell what happened. */
  readonly eventsMissing: boolean;
  /** Inspects the running ones, too: their flags cannot be learnt from events. */
  readonly thorough: boolean;
  /** Who was acted on and has not been seen since. */
  readonly unseen: readonly string[];
}

/** What is known of a container elsewhere. */
export interface WhatOthersKnow {
  /** Whether events told something of it that no check has taken into account. */
  readonly isNews: (id: string) => boolean;
  /** What its probes make of its latest run. */
  readonly probedHealth: (container: Container) => ProbedHealth | undefined;
}

type Answer =
  | { readonly container: Container }
  | { readonly gone: string }
  | { readonly unreadable: string; readonly words: string };

/** Asks the engine: for a list of all, and about those that may have changed. */
export class ContainerObserver {
  /** How the list showed each container when it was inspected, to see what has changed since. */
  private readonly shown = new WeakMap<Container, ListedContainer>();
  /** Of the check that is under way. */
  private engine: Pick<EngineInfo, 'clockAheadMs'> = {};
  /** Ids that the latest list held, and the engine did not find. */
  private missing: ReadonlySet<string> = new Set();

  constructor(
    private readonly runtime: ContainerRuntime,
    private readonly clock: Clock,
    private readonly others: WhatOthersKnow,
  ) {}

  /**
   * Lists all containers, and inspects those that may have changed. Costs one call while nothing changes.
   *
   * @throws RuntimeError when the engine cannot be asked
   */
  async checkAll(known: MonitorState, check: FullCheck): Promise<Observation> {
    this.engine = check.engine;
    const rows = withInfra(await this.runtime.list());
    const now = this.clock.now();
    const unseen = new Set(check.unseen);
    const maybeGone = whoMayBeGone(rows, known);
    const doubtful = rows.filter(
      (row) =>
        check.first ||
        mayRequireGone(known.containers.get(row.name), maybeGone) ||
        (check.thorough && row.state === 'running') ||
        unseen.has(row.name) ||
        this.mayHaveChanged(row, known, now),
    );
    const missing = new Set<string>();
    const answers = await inParallel(INSPECTED_AT_ONCE, doubtful, async (row) => {
      const answer = await this.inspect(row, known, maybeGone);
      if ('container' in answer) this.shown.set(answer.container, row);
      return this.asListed(row, answer, missing);
    });
    this.missing = missing;
    const answered = await this.answered(answers, rows, known, now);
    const gone = new Set(answered.gone);
    const names = new Map(answered.inspected.map(({ container: { id, name } }) => [id, name]));
    const listed = rows.map(({ id, name }) => names.get(id) ?? name).filter((name) => !gone.has(name));
    const isAsBefore = !check.first && isSameFleet(rows, listed, known);
    return {
      full: true,
      first: check.first,
      eventsMissing: check.eventsMissing,
      engine: check.engine,
      listed: isAsBefore ? null : listed,
      ...answered,
    };
  }

  /**
   * Inspects some containers, by name; of those that are down or unhealthy also what they need, since only together with
   * that it can be decided whether they are to be started.
   *
   * @throws RuntimeError when the engine cannot be asked
   */
  async check(
    names: ReadonlySet<string>,
    known: MonitorState,
    engine: EngineInfo,
    eventsMissing: boolean,
  ): Promise<Observation> {
    this.engine = engine;
    const maybeGone = whoMayBeGone([], known);
    const asked = await this.inspectAll(names, known, maybeGone);
    const needed = whatTheyNeed(asked, known, this.clock.now());
    for (const name of names) needed.delete(name);
    const answers = [...(await this.inspectAll(needed, known, maybeGone)), ...asked];
    // Of those that cannot be inspected, the list tells what there is to tell.
    const rows = answers.some((answer) => 'unreadable' in answer) ? withInfra(await this.runtime.list()) : [];
    const answered = await this.answered(answers, rows, known, this.clock.now());
    return { full: false, first: false, eventsMissing, engine, listed: null, ...answered };
  }

  private inspectAll(
    names: ReadonlySet<string>,
    known: MonitorState,
    maybeGone: (id: string) => boolean,
  ): Promise<readonly Answer[]> {
    const wanted = [...names].flatMap((name) => known.containers.get(name) ?? []);
    return inParallel(INSPECTED_AT_ONCE, wanted, (container) => this.inspect(container, known, maybeGone));
  }

  /** A list does not tell everything: not when a health check last ran, and not what events told meanwhile. */
  private mayHaveChanged(
    row: ListedContainer,
    { containers, records, awake }: MonitorState,
    now: number,
  ): boolean {
    const before = containers.get(row.name);
    if (before === undefined || before.id !== row.id || row.state === 'unknown') return true;
    const shown = this.shown.get(before);
    if (shown === undefined || !isShownAlike(row, shown)) return true;
    const record = records.get(row.name);
    return (
      record === undefined ||
      (awake.has(row.name) && isLifeOpen(record)) ||
      this.others.isNews(row.id) ||
      isCheckDue(before, now)
    );
  }

  /** With those noted that it requires and the engine has no more. What a list lacks may be there all the same. */
  private async withGone(
    container: Container,
    before: Container | undefined,
    maybeGone: (id: string) => boolean,
  ): Promise<Container> {
    const missing = container.requires.filter(maybeGone);
    if (missing.length === 0) return container;
    // An id is gone for ever.
    const known = before?.requiresGone ?? [];
    const answers = await Promise.all(missing.map(async (id) => known.includes(id) || this.isGone(id)));
    const requiresGone = missing.filter((_, index) => answers[index]);
    return requiresGone.length === 0 ? container : { ...container, requiresGone };
  }

  private isGone(id: string): Promise<boolean> {
    return this.runtime.inspect(id).then(
      () => false,
      (error: unknown) => error instanceof RuntimeError && error.kind === 'not-found',
    );
  }

  private async inspect(
    { id, name }: Pick<ListedContainer, 'id' | 'name'>,
    { records, containers }: MonitorState,
    maybeGone: (id: string) => boolean,
  ): Promise<Answer> {
    const before = records.get(name)?.life.unreadable ?? null;
    try {
      const options = before === null ? {} : { signal: AbortSignal.timeout(PATIENCE_MS) };
      const inspected = checkedByOurClock(await this.runtime.inspect(id, options), this.engine);
      const named = inspected.isInfra ? { ...inspected, name } : inspected;
      const probed = this.others.probedHealth(named);
      const container = probed === undefined ? named : { ...named, probed };
      return { container: await this.withGone(container, containers.get(name), maybeGone) };
    } catch (error) {
      const kind = error instanceof RuntimeError ? error.kind : null;
      if (kind === 'not-found') return { gone: name };
      if (kind === 'outage') throw error;
      return { unreadable: name, words: kind === 'aborted' && before ? before.words : wordsOf(error) };
    }
  }

  /** One that the engine lists again, and again does not find, is not gone. */
  private asListed({ id, name }: ListedContainer, answer: Answer, missing: Set<string>): Answer {
    if (!('gone' in answer)) return answer;
    missing.add(id);
    return this.missing.has(id)
      ? { unreadable: name, words: 'The engine lists it, but does not find it.' }
      : answer;
  }

  private async answered(
    answers: readonly Answer[],
    rows: readonly ListedContainer[],
    known: MonitorState,
    now: number,
  ): Promise<Pick<Observation, 'inspected' | 'gone' | 'unreadable'>> {
    const containers = answers.flatMap((answer) => ('container' in answer ? [answer.container] : []));
    const inspected = await inParallel(
      INSPECTED_AT_ONCE,
      containers,
      async (container): Promise<Inspected> => {
        const ours = byOurClock(container, this.engine);
        const evidence = isWorthEvidence(container, ours, known, now) ? await this.evidence(ours, now) : null;
        return { container, evidence, stopEvidence: null };
      },
    );
    const gone: string[] = [];
    const unreadable: UnreadableContainer[] = [];
    for (const answer of answers) {
      if ('gone' in answer) gone.push(answer.gone);
      if (!('unreadable' in answer)) continue;
      const listed = rows.find(({ name }) => name === answer.unreadable);
      if (listed) unreadable.push({ listed, words: answer.words });
      // One that cannot be inspected and is not listed is there no more.
      else gone.push(answer.unreadable);
    }
    return { inspected, gone, unreadable };
  }

  private async evidence(container: Container, now: number): Promise<Evidence> {
    const log = await this.runtime
      .logs(container.id, EVIDENCE_LOG_LINES, { signal: AbortSignal.timeout(LOG_DEADLINE_MS) })
      .catch(() => []);
    return evidenceOf(container, log, now);
  }
}

/** It is to be asked whether something that it requires is gone. */
const mayRequireGone = (known: Container | undefined, maybeGone: (id: string) => boolean): boolean =>
  known?.requires.some((id) => maybeGone(id) && !known.requiresGone?.includes(id)) === true;

/** Whom neither this list has nor one of the last ten minutes, in which it may be made anew. */
function whoMayBeGone(
  rows: readonly ListedContainer[],
  { containers }: MonitorState,
): (id: string) => boolean {
  // Few require anything, so most checks never need to know.
  let ids: ReadonlySet<string> | null = null;
  return (id) => {
    ids ??= new Set([...rows, ...containers.values()].map((there) => there.id));
    return !ids.has(id);
  };
}

/** All containers: that of a pod, under a name that people understand and no other container has, before its members. */
function withInfra(rows: readonly ListedContainer[]): readonly ListedContainer[] {
  const seen = new Set(['']);
  return rows.flatMap((row): readonly ListedContainer[] => {
    const { pod, ...member } = row;
    if (pod === undefined) return [row];
    if (seen.has(pod.infra.id)) return [member];
    seen.add(pod.infra.id);
    return [{ ...pod.infra, name: `pod ${pod.name}`, isInfra: true }, member];
  });
}

/** What tells, in a list, that a container has changed. */
const TELLING = [
  'state',
  'health',
  'exitCode',
  'startedAt',
  'exitedAt',
  'name',
  'pid',
  'processVanished',
] as const satisfies readonly (keyof ListedContainer)[];

const isShownAlike = (row: ListedContainer, before: ListedContainer): boolean =>
  TELLING.every((field) => row[field] === before[field]);

/** What those of them need that are down or unhealthy, directly or not. */
function whatTheyNeed(answers: readonly Answer[], { topology }: MonitorState, now: number): Set<string> {
  const below = topology?.graph.below;
  return new Set(
    answers.flatMap((answer) => {
      if (!('container' in answer)) return [];
      const { container } = answer;
      const isWell = isUp(container) && believedHealth(container, now) !== 'unhealthy';
      return isWell ? [] : [...(below?.get(container.name) ?? [])];
    }),
  );
}

/** Those that are known to be there, in the same order, and nobody else. */
function isSameFleet(
  rows: readonly ListedContainer[],
  names: readonly string[],
  { containers, records }: MonitorState,
): boolean {
  if (names.length !== rows.length) return false;
  let index = 0;
  for (const { id, name } of containers.values()) {
    if (names[index] === name && rows[index]?.id === id) index++;
    else if (records.get(name)?.life.absentSince === null) return false;
  }
  return index === rows.length;
}

/** It was gone, or ended in a way that is not understood yet. */
const isLifeOpen = (record: ContainerRecord): boolean =>
  record.life.absentSince !== null || isEndOpen(record);

/** Whether its end is a problem is not known yet. */
const isEndOpen = (record: ContainerRecord): boolean =>
  record.life.death?.stoppedBy === 'pending' ||
  (!record.life.up && record.life.death !== null && isUndecided(record));

const isUndecided = ({ shown: { decision } }: ContainerRecord): boolean =>
  decision !== null && meaningOf(decision).problem === 'unknown';

function isCheckDue({ state, health, healthCheck }: Container, now: number): boolean {
  if (state !== 'running' || health === 'none' || healthCheck === null) return false;
  return health !== 'healthy' || now - (healthCheck.lastRunAt ?? 0) >= healthCheck.intervalMs;
}

/** Another death than the one known, one still open, or newly unhealthy: its last words still are its last. */
function isWorthEvidence(
  container: Container,
  { exitedAt }: Pick<Container, 'exitedAt'>,
  { containers, records }: MonitorState,
  now: number,
): boolean {
  const before = records.get(container.name);
  if (isUp(container)) {
    const isNews = before !== undefined && (before.health.unhealthySince === null || isUndecided(before));
    return isNews && believedHealth(container, now) === 'unhealthy';
  }
  const isFresh = exitedAt === null || now - exitedAt < FRESH_MS;
  if (container.startedAt === null || !isFresh) return false;
  if (before === undefined || isAnotherEnd(container, before, containers)) return true;
  return isDown(container) && isEndOpen(before);
}

function isAnotherEnd(
  { name, id, exitedAt }: Container,
  before: ContainerRecord,
  containers: MonitorState['containers'],
): boolean {
  const known = containers.get(name);
  return before.life.up || known?.id !== id || known.exitedAt !== exitedAt;
}
