import type { Incident } from '../../common/events/index.js';
import { isOpen, type IncidentRecord } from '../incidents/index.js';
import type {
  ContainerRecord,
  Elsewhere,
  ExternalRecord,
  Healing,
  HostBoot,
  HealthRecord,
  Intent,
  Life,
  LoopRecord,
  Shown,
} from '../policy/index.js';
import type { EngineState } from './engine-state.js';
import type { Batch } from './monitor-state.js';
import { moveTimes, type TimesOf } from './times-of.js';

const INTENT: TimesOf<Intent> = {
  wish: { value: 'no-number', by: 'no-number', who: 'no-number', at: 'time' },
  hold: { reason: 'no-number', by: 'no-number', since: 'time', until: 'time', intentUnknown: 'no-number' },
};

const LIFE: TimesOf<Life> = {
  firstSeenAt: 'time',
  absentSince: 'time',
  unreadable: { since: 'time', fullChecks: 'not-a-time', words: 'no-number' },
  unseenSinceBoot: 'no-number',
  run: { startedAt: 'engine-time', since: 'time', begunByUs: 'no-number', revived: 'no-number' },
  up: 'no-number',
  unsettledSince: 'time',
  death: {
    key: 'no-number',
    at: 'time',
    exitCode: 'not-a-time',
    oomKilled: 'no-number',
    stoppedBy: 'no-number',
    pendingUntil: 'time',
    endedBy: 'no-number',
    withHost: 'no-number',
    confirmed: 'no-number',
    ranForMs: 'not-a-time',
    flagged: 'no-number',
    afterOurStart: 'no-number',
  },
  flaggedWhileUp: 'no-number',
  lasted: 'no-number',
  answeredGuess: 'no-number',
};

const HEALTH: TimesOf<HealthRecord> = {
  readySince: 'time',
  lastReadyAt: 'time',
  unhealthySince: 'time',
  spells: { from: 'time', to: 'time' },
  flappingSince: 'time',
};

const HEALING: TimesOf<Healing> = {
  attempts: { at: 'time', kind: 'no-number', outcome: 'no-number', detail: 'no-number' },
  givenUp: { at: 'time', reason: 'no-number' },
  refusal: { at: 'time', words: 'no-number', cause: 'no-number' },
  rearmedByDependency: 'no-number',
  restartingSince: 'time',
  asked: {
    kind: 'no-number',
    by: 'no-number',
    attempt: 'not-a-time',
    at: 'time',
    until: 'time',
    term: 'not-a-time',
    inherited: 'no-number',
  },
  batch: 'not-a-time',
  dependencyRuns: 'engine-times',
};

const LOOP: TimesOf<LoopRecord> = {
  healedDeaths: 'times',
  engineDeaths: 'times',
  engineRestarts: 'not-a-time',
  since: 'time',
};

const SHOWN: TimesOf<Shown> = {
  decision: {
    action: 'no-number',
    code: 'no-number',
    reason: 'no-number',
    dueAt: 'time',
    blockedBy: 'no-number',
    at: 'time',
  },
  spans: { from: 'time', status: 'no-number' },
  muted: { since: 'time', count: 'not-a-time' },
};

const RECORD: TimesOf<ContainerRecord> = {
  name: 'no-number',
  id: 'no-number',
  intent: INTENT,
  life: LIFE,
  health: HEALTH,
  healing: HEALING,
  loop: LOOP,
  shown: SHOWN,
};

const START: TimesOf<NonNullable<Batch['starts']['core']>> = { name: 'no-number', at: 'time' };

const BATCH: TimesOf<Batch> = {
  id: 'not-a-time',
  latestDeathAt: 'time',
  starts: { database: START, core: START, dependent: START, application: START, frontend: START },
};

/** What people read of it is of the time at which it happened, as the clock then was. */
type OwnPart = Omit<IncidentRecord, keyof Incident>;

const INCIDENT: TimesOf<OwnPart> = {
  since: 'time',
  backAt: 'time',
  attemptAt: 'time',
  stage: 'no-number',
  sent: 'no-number',
  helpedBy: 'no-number',
  refusedFor: 'no-number',
  withheldFrom: 'time',
};

/** Moves every time of a record, after the host's clock was set. What the engine itself wrote down stays as it is. */
export const shiftRecord = (record: ContainerRecord, by: number): ContainerRecord =>
  moveTimes(record, RECORD, by);

export const shiftBatch = (batch: Batch, by: number): Batch => moveTimes(batch, BATCH, by);

/** Moves our own times of an open incident; one that is over is history. */
export const shiftIncident = (incident: IncidentRecord, by: number): IncidentRecord =>
  isOpen(incident) ? { ...incident, ...moveTimes<OwnPart>(incident, INCIDENT, by) } : incident;

const EXTERNAL: TimesOf<ExternalRecord> = {
  id: 'no-number',
  health: 'no-number',
  sentence: 'no-number',
  share: 'not-a-time',
  leftMs: 'not-a-time',
  since: 'time',
  patienceUntil: 'time',
  needsPerson: 'no-number',
  isFailing: 'no-number',
  workedAt: 'time',
  backSince: 'time',
};

export const shiftExternal = (external: ExternalRecord, by: number): ExternalRecord =>
  moveTimes(external, EXTERNAL, by);

const ELSEWHERE: TimesOf<Elsewhere> = {
  reference: 'no-number',
  name: 'no-number',
  shown: 'no-number',
  lacks: { started: 'no-number', healthy: 'no-number', completed: 'no-number' },
  run: { startedAt: 'engine-time', since: 'time' },
  readySince: 'time',
  silentSince: 'time',
  inCircleWith: 'no-number',
};

export const shiftElsewhere = (elsewhere: Elsewhere, by: number): Elsewhere =>
  moveTimes(elsewhere, ELSEWHERE, by);

const ENGINE: TimesOf<Omit<EngineState, 'info'>> = {
  reachable: 'no-number',
  since: 'time',
  failures: 'not-a-time',
  failingSince: 'time',
  problem: 'no-number',
};

/** Moves our own times of the engine. */
export const shiftEngine = (engine: EngineState, by: number): EngineState => ({
  ...engine,
  ...moveTimes<Omit<EngineState, 'info'>>(engine, ENGINE, by),
});

/** Containers started from now on must not seem older than the host's start. */
export const shiftBoot = (boot: HostBoot, by: number): HostBoot => moveTimes(boot, BOOT, by);

const BOOT: TimesOf<HostBoot> = { bootedAt: 'time', downAt: 'time', isNew: 'no-number' };
