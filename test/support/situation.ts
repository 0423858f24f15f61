import { resolveOptions, type HealthMonitorOptions } from '../../src/common/options/index.js';
import {
  ALONE,
  effectiveRules,
  type Attempt,
  type ContainerRecord,
  type Death,
  type Healing,
  type HealthRecord,
  type Intent,
  type Life,
  type LoopRecord,
  type Rules,
  type Run,
  type Shown,
  type Situation,
  type Surroundings,
} from '../../src/health-monitor/policy/index.js';
import { PRESETS } from '../../src/health-monitor/presets/index.js';
import type { Container, HealthCheck } from '../../src/health-monitor/runtime/index.js';

// Sentences show the host's time of day.
process.env['TZ'] = 'UTC';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** 2026-01-01 12:00 UTC. */
export const NOON = Date.UTC(2026, 0, 1, 12);
/** How long before noon. */
export const ago = (ms: number): number => NOON - ms;

/** Up for a day, without a health check. */
export function aContainer(changes: Partial<Container> = {}): Container {
  const name = changes.name ?? 'app';
  return {
    id: `id of ${name}`,
    name,
    image: 'localhost/app:test',
    state: 'running',
    health: 'none',
    exitCode: 0,
    startedAt: ago(DAY),
    exitedAt: null,
    labels: {},
    autoRemove: false,
    pid: 1,
    processVanished: false,
    createdAt: ago(DAY),
    restartPolicy: 'none',
    engineRestarts: 0,
    requires: [],
    stopTimeoutMs: 10_000,
    stoppedByUser: false,
    oomKilled: false,
    healthCheck: null,
    ...changes,
  };
}

/** Ended just now, with 1. */
export const anExited = (changes: Partial<Container> = {}): Container =>
  aContainer({ state: 'exited', exitCode: 1, exitedAt: NOON, pid: null, ...changes });

/** Checked just now, every 30 s. */
export const aCheck = (changes: Partial<HealthCheck> = {}): HealthCheck => ({
  intervalMs: 30_000,
  startPeriodMs: 0,
  onFailure: 'none',
  lastStatus: 'healthy',
  lastRunAt: NOON,
  lastOutput: null,
  ...changes,
});

/** Up for a day with a health check that says this. */
export const aChecked = (health: Container['health'], changes: Partial<Container> = {}): Container =>
  aContainer({ health, healthCheck: aCheck(), ...changes });

/** Begun then, by nobody that we know of. */
export const aRun = (startedAt: number, changes: Partial<Run> = {}): Run => ({
  startedAt,
  since: startedAt,
  begunByUs: false,
  ...changes,
});

/** Just now, with 1, by nobody. */
export const aDeath = (changes: Partial<Death> = {}): Death => ({
  key: 'death',
  at: NOON,
  exitCode: 1,
  oomKilled: false,
  stoppedBy: 'nobody',
  pendingUntil: null,
  endedBy: null,
  withHost: false,
  confirmed: false,
  ranForMs: HOUR,
  flagged: false,
  afterOurStart: false,
  ...changes,
});

export const anAttempt = (at: number, changes: Partial<Attempt> = {}): Attempt => ({
  at,
  kind: 'start',
  outcome: 'done',
  detail: null,
  ...changes,
});

/** A record without its owners, so that a test can say in one line what is special. */
export type FlatRecord = Pick<ContainerRecord, 'name' | 'id'> &
  Intent &
  Life &
  HealthRecord &
  Healing &
  Omit<LoopRecord, 'since'> & { readonly crashLoopSince: LoopRecord['since'] } & Shown;

/** The same record, but for these changes. */
export function changed(record: ContainerRecord, changes: Partial<FlatRecord>): ContainerRecord {
  const { crashLoopSince = record.loop.since, ...others } = changes;
  const withOwn = <T extends object>(owner: T): T => ({
    ...owner,
    ...Object.fromEntries(Object.entries(others).filter(([field]) => field in owner)),
  });
  const { name, id, intent, life, health, healing, loop, shown } = withOwn(record);
  return {
    name,
    id,
    intent: withOwn(intent),
    life: withOwn(life),
    health: withOwn(health),
    healing: withOwn(healing),
    loop: { ...withOwn(loop), since: crashLoopSince },
    shown: withOwn(shown),
  };
}

/** Up and ready for a day, with nothing special. */
export function aRecord(changes: Partial<FlatRecord> = {}): ContainerRecord {
  const name = changes.name ?? 'app';
  const usual: ContainerRecord = {
    name,
    id: `id of ${name}`,
    intent: { wish: { value: 'running', by: 'first-sight', who: null, at: ago(DAY) }, hold: null },
    life: {
      firstSeenAt: ago(DAY),
      absentSince: null,
      unreadable: null,
      unseenSinceBoot: false,
      run: aRun(ago(DAY)),
      up: true,
      unsettledSince: null,
      death: null,
      flaggedWhileUp: false,
      lasted: false,
      answeredGuess: null,
    },
    health: {
      readySince: ago(DAY),
      lastReadyAt: ago(DAY),
      unhealthySince: null,
      spells: [],
      flappingSince: null,
    },
    healing: {
      attempts: [],
      givenUp: null,
      refusal: null,
      rearmedByDependency: false,
      restartingSince: null,
      asked: null,
      batch: null,
      dependencyRuns: {},
    },
    loop: { healedDeaths: [], engineDeaths: [], engineRestarts: 0, since: null },
    shown: { decision: null, spans: [], muted: null },
  };
  return changed(usual, changes);
}

/** The rules a container gets from what the host writes, without a preset unless it says so. */
export function rulesFor(container: Container, options: HealthMonitorOptions = {}): Rules {
  const resolved = resolveOptions({ preset: 'none', access: 'open', ...options });
  return effectiveRules(container, resolved, PRESETS[resolved.preset], (id) => id.replace('id of ', ''));
}

/** What `situation` takes; what is left out is as usual. */
export interface SituationChanges {
  readonly container?: Container;
  readonly record?: Partial<FlatRecord>;
  readonly death?: Partial<Death>;
  readonly rules?: Partial<Rules>;
  readonly options?: HealthMonitorOptions;
  readonly around?: Partial<Surroundings>;
  readonly now?: number;
}

/** At noon. Without anything said, a container is up and well; with a `death` it is down since then. */
export function situation(changes: SituationChanges = {}): Situation {
  const { death, rules, options, around, now = NOON } = changes;
  const container =
    changes.container ??
    (death ? anExited({ exitCode: death.exitCode ?? 1, exitedAt: death.at ?? NOON }) : aContainer());
  const up = container.state === 'running' && !container.processVanished;
  const down =
    !up && container.startedAt !== null ? aDeath({ exitCode: container.exitCode, ...death }) : null;
  return {
    container,
    record: aRecord({ name: container.name, up, death: down, ...changes.record }),
    surroundings: { ...ALONE, ...around },
    rules: { ...rulesFor(container, options), ...rules },
    now,
  };
}
