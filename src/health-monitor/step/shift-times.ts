import type { Incident } from '../../common/events/index.js';
import { isOpen, type IncidentRecord } from '../incidents/index.js';
import type {
  ContainerRecord,
  Healing,
  HostBoot,
  HealthRecord,
  Intent,
  Life,
  LoopRecord,
  Shown,
} from '../policy/index.js';
import type { Batch } from './monitor-state.js';
import { moveTimes, type TimesOf } from './times-of.js';

const INTENT: TimesOf<Intent> = {
  wish: { value: 'stays', by: 'stays', who: 'stays', at: 'time' },
  hold: { reason: 'stays', by: 'stays', since: 'time', until: 'time' },
};

const LIFE: TimesOf<Life> = {
  firstSeenAt: 'time',
  absentSince: 'time',
  unseenSinceBoot: 'stays',
  run: { startedAt: 'engine-time', since: 'time', begunByUs: 'stays' },
  up: 'stays',
  unsettledSince: 'time',
  death: {
    key: 'stays',
    at: 'time',
    exitCode: 'figure',
    oomKilled: 'stays',
    stoppedBy: 'stays',
    pendingUntil: 'time',
    endedBy: 'stays',
    withHost: 'stays',
    confirmed: 'stays',
    ranForMs: 'figure',
    flagged: 'stays',
    afterOurStart: 'stays',
  },
  flaggedWhileUp: 'stays',
};

const HEALTH: TimesOf<HealthRecord> = { readySince: 'time', lastReadyAt: 'time', unhealthySince: 'time' };

const HEALING: TimesOf<Healing> = {
  attempts: { at: 'time', kind: 'stays', outcome: 'stays', detail: 'stays' },
  givenUp: { at: 'time', reason: 'stays' },
  rearmedByDependency: 'stays',
  restartingSince: 'time',
  batch: 'figure',
  dependencyRuns: 'engine-times',
};

const LOOP: TimesOf<LoopRecord> = {
  healedDeaths: 'times',
  engineDeaths: 'times',
  engineRestarts: 'figure',
  since: 'time',
};

const SHOWN: TimesOf<Shown> = {
  decision: {
    action: 'stays',
    code: 'stays',
    reason: 'stays',
    dueAt: 'time',
    blockedBy: 'stays',
    at: 'time',
  },
  spans: { from: 'time', status: 'stays' },
  muted: { since: 'time', count: 'figure' },
};

const RECORD: TimesOf<ContainerRecord> = {
  name: 'stays',
  id: 'stays',
  intent: INTENT,
  life: LIFE,
  health: HEALTH,
  healing: HEALING,
  loop: LOOP,
  shown: SHOWN,
};

const START: TimesOf<NonNullable<Batch['starts']['core']>> = { name: 'stays', at: 'time' };

const BATCH: TimesOf<Batch> = {
  id: 'figure',
  latestDeathAt: 'time',
  starts: { database: START, core: START, dependent: START, application: START, frontend: START },
};

/** What people read of it is of the time at which it happened, as the clock then was. */
type OwnPart = Omit<IncidentRecord, keyof Incident>;

const INCIDENT: TimesOf<OwnPart> = {
  since: 'time',
  backAt: 'time',
  stage: 'stays',
  sent: 'stays',
  helpedBy: 'stays',
};

/** Moves every time of a record, after the host's clock was set. What the engine itself wrote down stays as it is. */
export const shiftRecord = (record: ContainerRecord, by: number): ContainerRecord =>
  moveTimes(record, RECORD, by);

export const shiftBatch = (batch: Batch, by: number): Batch => moveTimes(batch, BATCH, by);

/** Moves our own times of an open incident; one that is over is history. */
export const shiftIncident = (incident: IncidentRecord, by: number): IncidentRecord =>
  isOpen(incident) ? { ...incident, ...moveTimes<OwnPart>(incident, INCIDENT, by) } : incident;

/** Containers started from now on must not seem older than the host's start. */
export const shiftBoot = (boot: HostBoot, by: number): HostBoot => moveTimes(boot, BOOT, by);

const BOOT: TimesOf<HostBoot> = { bootedAt: 'time', downAt: 'time', isNew: 'stays' };
