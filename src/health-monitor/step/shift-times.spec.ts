import { describe, expect, it } from 'vitest';
import { aDeath, anAttempt, aRecord, aRun, HOUR, NOON } from '../../../test/support/situation.js';
import type { IncidentRecord } from '../incidents/index.js';
import type { ContainerRecord, Elsewhere, ExternalRecord } from '../policy/index.js';
import type { Batch } from './monitor-state.js';
import { shiftBatch, shiftElsewhere, shiftExternal, shiftIncident, shiftRecord } from './shift-times.js';
import { moveTimes, type TimesOf } from './times-of.js';

/** Of the engine's clock, which it wrote down. */
const BY_ENGINE = NOON - HOUR;

/** With everything set, and every time set to this one. */
const recordAt = (at: number): ContainerRecord =>
  aRecord({
    firstSeenAt: at,
    absentSince: at,
    unreadable: { since: at, fullChecks: 2, words: 'layer not known' },
    wish: { value: 'running', by: 'person', who: 'ann', at },
    hold: { reason: 'backup', by: 'ann', since: at, until: at },
    run: aRun(BY_ENGINE, { since: at }),
    unsettledSince: at,
    answeredGuess: 'abc',
    death: aDeath({ at, key: `${BY_ENGINE}-0`, stoppedBy: 'pending', pendingUntil: at, endedBy: 'us' }),
    readySince: at,
    lastReadyAt: at,
    unhealthySince: at,
    spells: [{ from: at, to: at }],
    flappingSince: at,
    attempts: [anAttempt(at, { detail: 'Busy.' }), anAttempt(at, { detail: 'Busy.' })],
    givenUp: { at, reason: 'died' },
    refusal: { at, words: 'no space left', cause: 'space' },
    restartingSince: at,
    asked: { kind: 'start', by: 'monitor', attempt: 3, at, until: at, term: 7, inherited: true },
    batch: 7,
    dependencyRuns: { db: BY_ENGINE },
    healedDeaths: [at, at],
    engineDeaths: [at, at],
    engineRestarts: 3,
    crashLoopSince: at,
    decision: { action: 'wait', code: 'backing-off', reason: 'Waits.', dueAt: at, blockedBy: ['db'], at },
    spans: [
      { from: at, status: 'down' },
      { from: at, status: 'healthy' },
    ],
    muted: { since: at, count: 2 },
  });

const batchAt = (at: number): Batch => ({
  id: 7,
  latestDeathAt: at,
  starts: {
    database: { name: 'db', at },
    core: { name: 'lnd', at },
    dependent: { name: 'web', at },
    application: { name: 'app', at },
    frontend: { name: 'ui', at },
  },
});

const externalAt = (at: number): ExternalRecord => ({
  id: 'nas',
  health: 'failed',
  sentence: 'No answer.',
  share: 0.5,
  leftMs: 7,
  since: at,
  patienceUntil: at,
  needsPerson: false,
  isFailing: true,
  workedAt: at,
  backSince: at,
});

const elsewhereAt = (at: number): Elsewhere => ({
  reference: 'attic/db',
  name: 'db',
  lacks: { started: null, healthy: 'is unhealthy', completed: 'is unhealthy' },
  run: { startedAt: BY_ENGINE, since: at },
  readySince: at,
  silentSince: at,
  inCircleWith: ['lnd'],
});

const incidentAt = (at: number, changes: Partial<IncidentRecord> = {}): IncidentRecord => ({
  id: 'incident',
  kind: 'down',
  openedAt: '2026-01-01T12:00:00.000Z',
  resolvedAt: null,
  endedBy: null,
  cause: { container: 'app', reason: 'It is down.', evidence: null },
  attempts: 1,
  attemptAt: at,
  failedAttempt: null,
  victims: [{ container: 'web', from: '2026-01-01T12:00:00.000Z', to: null }],
  timeline: [],
  since: at,
  backAt: at,
  stage: 'opened',
  sent: ['container.down'],
  helpedBy: 'attempt',
  refusedFor: 'space',
  withheldFrom: at,
  ...changes,
});

it('nothing of that record is left out', () => {
  expect(JSON.stringify(recordAt(NOON))).not.toMatch(/null|\[\]|{}/);
});

describe.each([HOUR, -HOUR])("when the host's clock was set by %i ms", (by) => {
  it('every time of a record moves along, and what the engine wrote down stays', () => {
    expect(shiftRecord(recordAt(NOON), by)).toEqual(recordAt(NOON + by));
  });

  it('what is not set stays so', () => {
    const bare = aRecord({ run: null, readySince: null, lastReadyAt: null });
    expect(shiftRecord(bare, by)).toMatchObject({
      intent: { hold: null },
      life: { absentSince: null, run: null, death: null, unsettledSince: null },
      health: { readySince: null, lastReadyAt: null, unhealthySince: null },
      healing: { attempts: [], givenUp: null, restartingSince: null },
      loop: { healedDeaths: [], since: null },
      shown: { decision: null, spans: [], muted: null },
    });
  });

  it('every time of a batch moves along', () => {
    expect(shiftBatch(batchAt(NOON), by)).toEqual(batchAt(NOON + by));
  });

  it('our own times of an open incident move along, and what people read of it stays', () => {
    expect(shiftIncident(incidentAt(NOON), by)).toEqual(incidentAt(NOON + by));
  });

  it('every time of an external moves along', () => {
    expect(shiftExternal(externalAt(NOON), by)).toEqual(externalAt(NOON + by));
  });

  it('every time of a container of another host moves along, but for what its engine wrote down', () => {
    expect(shiftElsewhere(elsewhereAt(NOON), by)).toEqual(elsewhereAt(NOON + by));
  });

  it('an incident that is over stays as it is', () => {
    const over = incidentAt(NOON, { resolvedAt: '2026-01-01T13:00:00.000Z' });
    expect(shiftIncident(over, by)).toBe(over);
  });
});

describe('what says of every field whether it is a time', () => {
  interface Kept {
    readonly at: number;
    readonly count?: number;
    readonly runs: Readonly<Record<string, number>>;
    readonly inner: { readonly at: number | null } | null;
  }
  const kept: Kept = { at: 1, count: 1, runs: { db: 1 }, inner: { at: 1 } };

  it('names times in lists, dictionaries and parts, too', () => {
    const times: TimesOf<Kept> = { at: 'time', count: 'not-a-time', runs: 'times', inner: { at: 'time' } };
    expect(moveTimes(kept, times, 5)).toEqual({ at: 6, count: 1, runs: { db: 6 }, inner: { at: 6 } });
  });

  it('does not compile without a field, nor with a number said to be nothing', () => {
    // @ts-expect-error `count` has no entry.
    const without: TimesOf<Kept> = { at: 'time', runs: 'times', inner: { at: 'time' } };
    const nothing: TimesOf<Kept> = {
      // @ts-expect-error A number has to be a time, one of the engine's, or a figure.
      at: 'no-number',
      count: 'not-a-time',
      runs: 'engine-times',
      // @ts-expect-error The same goes for a number in a part.
      inner: { at: 'no-number' },
    };
    for (const times of [without, nothing]) expect(moveTimes(kept, times, 5).count).toBe(1);
  });
});

it('of an incident leaves all that is no time the very same, so that it is seen to be only moved', () => {
  const incident = incidentAt(NOON);
  const { since, backAt, attemptAt, withheldFrom, ...rest } = shiftIncident(incident, HOUR);
  for (const time of [since, backAt, attemptAt, withheldFrom]) expect(time).toBe(NOON + HOUR);
  for (const [field, value] of Object.entries(rest))
    expect(value).toBe(incident[field as keyof IncidentRecord]);
});
