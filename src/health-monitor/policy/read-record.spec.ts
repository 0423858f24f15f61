import { describe, expect, it } from 'vitest';
import { aRecord, ago, HOUR, MINUTE, NOON } from '../../../test/support/situation.js';
import { isIntentUnknown } from './intent-unknown.js';
import { holdForUnknownIntent } from './intent-unknown.js';
import { readRecord } from './read-record.js';
import { UNKNOWN_ID } from './record.js';

/** As a database has it that was written before records were cut by owner. */
const FLAT = {
  name: 'lnd',
  id: 'id of lnd',
  firstSeenAt: ago(HOUR),
  absentSince: null,
  unseenSinceBoot: false,
  wish: { value: 'running', by: 'person', who: 'ann', at: ago(HOUR) },
  hold: { reason: 'backup', by: 'ann', since: ago(MINUTE), until: null },
  run: { startedAt: ago(HOUR), since: ago(HOUR) },
  up: false,
  unsettledSince: null,
  readySince: null,
  lastReadyAt: ago(HOUR),
  unhealthySince: null,
  death: {
    key: 'a death',
    at: NOON,
    exitCode: 137,
    oomKilled: false,
    stoppedBy: 'judging',
    judgeAt: NOON + 1_000,
    endedBy: null,
    withHost: false,
    confirmed: false,
    ranForMs: HOUR,
    flagged: false,
  },
  attempts: [{ at: ago(MINUTE), kind: 'start', outcome: 'refused', detail: 'busy' }],
  restartingSince: null,
  verdict: { at: NOON, reason: 'refused' },
  rearmedByDependency: true,
  healedDeaths: [ago(MINUTE)],
  engineDeaths: [],
  engineRestarts: 2,
  crashLoopSince: ago(MINUTE),
  flaggedWhileUp: true,
  batch: 7,
  dependencyRuns: { bitcoin: ago(HOUR) },
  muted: { since: ago(MINUTE), count: 3 },
  decision: { action: 'wait', code: 'judging-exit', reason: 'Waits.', dueAt: NOON, blockedBy: [], at: NOON },
  spans: [{ from: ago(HOUR), status: 'down' }],
};

describe('reading what is remembered of a container', () => {
  it('gives a document of today as it is', () => {
    const record = aRecord();
    expect(readRecord(record.name, record, NOON)).toEqual(record);
  });

  it('gives what was added later its first value', () => {
    const { unreadable: _, ...life } = aRecord().life;
    const { refusal: __, asked: ___, ...healing } = aRecord().healing;
    expect(
      readRecord(aRecord().name, JSON.parse(JSON.stringify({ ...aRecord(), life, healing })), NOON),
    ).toEqual(aRecord());
  });

  it('knows the hold for an unknown intent as an earlier version wrote it', () => {
    const { intentUnknown: _, ...hold } = holdForUnknownIntent(null, NOON);
    const record = { ...aRecord(), intent: { ...aRecord().intent, hold: { ...hold, by: 'health-monitor' } } };
    expect(readRecord(record.name, record, NOON).intent.hold).toMatchObject({ intentUnknown: true });
  });

  it('puts every field of an older document where it belongs now, and fills in what is new', () => {
    const { judgeAt, ...death } = FLAT.death;
    expect(readRecord('lnd', FLAT, NOON)).toEqual({
      name: FLAT.name,
      id: FLAT.id,
      intent: { wish: FLAT.wish, hold: FLAT.hold },
      life: {
        firstSeenAt: FLAT.firstSeenAt,
        absentSince: null,
        unreadable: null,
        unseenSinceBoot: false,
        run: { ...FLAT.run, begunByUs: false },
        up: false,
        unsettledSince: null,
        death: { ...death, stoppedBy: 'pending', pendingUntil: judgeAt, afterOurStart: false },
        flaggedWhileUp: true,
        lasted: false,
        answeredGuess: null,
      },
      health: {
        readySince: null,
        lastReadyAt: FLAT.lastReadyAt,
        unhealthySince: null,
        spells: [],
        flappingSince: null,
      },
      healing: {
        attempts: FLAT.attempts,
        givenUp: FLAT.verdict,
        refusal: null,
        rearmedByDependency: true,
        restartingSince: null,
        asked: null,
        batch: 7,
        dependencyRuns: FLAT.dependencyRuns,
      },
      loop: {
        healedDeaths: FLAT.healedDeaths,
        engineDeaths: [],
        engineRestarts: 2,
        since: FLAT.crashLoopSince,
      },
      shown: { decision: FLAT.decision, spans: FLAT.spans, muted: FLAT.muted },
    });
  });

  it.each([aRecord(), { ...FLAT, name: 'app' }])('takes the name from the key', (document) => {
    for (const name of [undefined, 7, 'of another'])
      expect(readRecord('app', { ...document, name }, NOON)).toEqual(readRecord('app', document, NOON));
  });

  it.each([aRecord(), FLAT])('keeps all but the id where that is damaged', (document) => {
    for (const id of [undefined, null, 7])
      expect(readRecord('app', { ...document, id }, NOON)).toEqual({
        ...readRecord('app', document, NOON),
        id: UNKNOWN_ID,
      });
  });

  it.each([null, 5, 'text', [], {}, { name: 'a' }])('does not know what is wished from %j', (document) => {
    const record = readRecord('app', document, NOON);
    expect(record).toMatchObject({ name: 'app', id: UNKNOWN_ID, life: { death: null, run: null } });
    expect(isIntentUnknown(record.intent)).toBe(true);
  });
});
