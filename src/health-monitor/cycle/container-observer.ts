import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock/index.js';
import type { Evidence } from '../../common/events/index.js';
import { EVIDENCE_LOG_LINES, evidenceOf } from '../incidents/index.js';
import { believedHealth, isUp, type ContainerRecord, type StopEvidence } from '../policy/index.js';
import {
  ContainerRuntime,
  RuntimeError,
  type Container,
  type EngineInfo,
  type ListedContainer,
} from '../runtime/index.js';
import type { Observation } from './observation.js';

const INSPECTED_AT_ONCE = 8;
/** Evidence must not keep a container down: logs that come later than this are left out. */
const LOG_DEADLINE_MS = 300;
/** A death longer ago than this is history. */
const FRESH_MS = 10 * 60_000;

/** What is known before a look. */
export interface KnownContainers {
  readonly containers: ReadonlyMap<string, Container>;
  readonly records: ReadonlyMap<string, ContainerRecord>;
}

/** Looks at the engine: a list of all, and a closer look at those that changed. */
@Injectable()
export class ContainerObserver {
  /** How the list showed each container when it was looked at closely, to see what has changed since. */
  private readonly shown = new WeakMap<Container, Shown>();

  constructor(
    private readonly runtime: ContainerRuntime,
    private readonly clock: Clock,
  ) {}

  /**
   * Looks at all containers. Costs one call while nothing changes.
   *
   * @param thorough look closely at the running ones, too: their flags cannot be learnt from events
   * @throws RuntimeError when the engine cannot be asked
   */
  async lookAtAll(
    known: KnownContainers,
    first: boolean,
    thorough: boolean,
    engine: EngineContext,
  ): Promise<Observation> {
    const listed = await this.runtime.list();
    const now = this.clock.now();
    const looked = await inParallel(listed, (row): Look | Promise<Look> => {
      const before = known.containers.get(row.name);
      const same = before?.id === row.id && isShownAlike(row, this.shown.get(before));
      const closer = first || (thorough && row.state === 'running');
      return same && !closer && !isCheckDue(before, now)
        ? { container: before }
        : this.lookCloser(row, before);
    });
    return this.observation(known, looked, { full: true, first, gone: [] }, engine, now);
  }

  /**
   * Looks closely at some containers, by name.
   *
   * @throws RuntimeError when the engine cannot be asked
   */
  async lookAt(names: Iterable<string>, known: KnownContainers, engine: EngineContext): Promise<Observation> {
    const wanted = [...known.containers.values()].filter(({ name }) => new Set(names).has(name));
    const looked = await inParallel(wanted, async (container): Promise<Look> => {
      const look = await this.inspect(container.id);
      return toLook(look, container);
    });
    const gone = looked.flatMap(({ goneName }) => goneName ?? []);
    return this.observation(known, looked, { full: false, first: false, gone }, engine, this.clock.now());
  }

  private async lookCloser(row: ListedContainer, before: Container | undefined): Promise<Look> {
    const look = await this.inspect(row.id);
    if (typeof look === 'object') this.shown.set(look, shownOf(row));
    return look === 'unreadable' && before?.id === row.id
      ? { container: before, stale: true }
      : toLook(look, row);
  }

  private async inspect(id: string): Promise<Container | 'gone' | 'unreadable'> {
    try {
      return await this.runtime.inspect(id);
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error;
      if (error.kind === 'not-found') return 'gone';
      if (error.kind === 'outage' || error.kind === 'aborted') throw error;
      return 'unreadable';
    }
  }

  private async observation(
    known: KnownContainers,
    looked: readonly Look[],
    kind: Pick<Observation, 'full' | 'first' | 'gone'>,
    engine: EngineContext,
    now: number,
  ): Promise<Observation> {
    const containers: Container[] = [];
    const unreadable: string[] = [];
    for (const { container, stale, unreadableName } of looked) {
      if (unreadableName !== undefined) unreadable.push(unreadableName);
      else if (container && stale) unreadable.push(container.name);
      else if (container) containers.push(container);
    }
    const worth = containers.filter((container) => isWorthEvidence(container, known, now));
    const evidence = await inParallel(
      worth,
      async (container) => [container.name, await this.evidence(container, now)] as const,
    );
    return {
      ...kind,
      containers,
      unreadable,
      evidence: new Map(evidence),
      stopEvidence: engine.stopEvidence,
      tellsWhoStopped: engine.tellsWhoStopped,
    };
  }

  private async evidence(container: Container, now: number): Promise<Evidence> {
    const log = await this.runtime
      .logs(container.id, EVIDENCE_LOG_LINES, { signal: AbortSignal.timeout(LOG_DEADLINE_MS) })
      .catch(() => []);
    return evidenceOf(container, log, now);
  }
}

/** What the engine can tell, beside its lists. */
export interface EngineContext {
  readonly tellsWhoStopped: EngineInfo['tellsWhoStopped'];
  readonly stopEvidence: ReadonlyMap<string, StopEvidence>;
}

interface Look {
  readonly container?: Container;
  /** It could not be looked at closely now: this is how it was before. */
  readonly stale?: boolean;
  readonly goneName?: string;
  readonly unreadableName?: string;
}

function toLook(look: Container | 'gone' | 'unreadable', row: Pick<ListedContainer, 'name'>): Look {
  if (look === 'gone') return { goneName: row.name };
  if (look === 'unreadable') return { unreadableName: row.name };
  return { container: look };
}

/** What tells, in a list, that a container has changed. */
const SHOWN = [
  'state',
  'health',
  'exitCode',
  'startedAt',
  'exitedAt',
  'name',
  'pid',
  'processVanished',
] as const satisfies readonly (keyof ListedContainer)[];
type Shown = readonly ListedContainer[(typeof SHOWN)[number]][];

const shownOf = (row: ListedContainer): Shown => SHOWN.map((field) => row[field]);

const isShownAlike = (row: ListedContainer, before: Shown | undefined): boolean =>
  before !== undefined && SHOWN.every((field, index) => row[field] === before[index]);

/** A list does not tell when a health check last ran, and so whether what it says can still be believed. */
function isCheckDue({ state, health, healthCheck }: Container, now: number): boolean {
  if (state !== 'running' || health === 'none' || healthCheck === null) return false;
  return health !== 'healthy' || now - (healthCheck.lastRunAt ?? 0) >= healthCheck.intervalMs;
}

/** Another death than the one known, one whose cause is pending, or newly unhealthy: its last words still are its last. */
function isWorthEvidence(container: Container, known: KnownContainers, now: number): boolean {
  const before = known.records.get(container.name);
  if (!isUp(container)) {
    const fresh = container.exitedAt === null || now - container.exitedAt < FRESH_MS;
    const { id, exitedAt } = known.containers.get(container.name) ?? {};
    const another =
      before === undefined || before.life.up || id !== container.id || exitedAt !== container.exitedAt;
    return container.startedAt !== null && fresh && (another || before.life.death?.stoppedBy === 'pending');
  }
  return before?.health.unhealthySince === null && believedHealth(container, now) === 'unhealthy';
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => R | Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(INSPECTED_AT_ONCE, items.length) }, worker));
  return results;
}
