import { describe, expect, it } from 'vitest';
import { ago, HOUR, MINUTE, NOON } from '../../../test/support/situation.js';
import type { ExternalRecord } from '../policy/index.js';
import type { Incidents } from './incidents.js';
import { updateExternals } from './update-externals.js';
import { updateIncidents } from './update-incidents.js';

const STABLE = 10 * MINUTE;
const nas = (changes: Partial<ExternalRecord> = {}): ExternalRecord => ({
  id: 'nas',
  health: 'failed',
  sentence: 'Connection refused at nas:2049.',
  share: null,
  leftMs: null,
  since: NOON,
  patienceUntil: null,
  needsPerson: false,
  isFailing: true,
  workedAt: ago(MINUTE),
  backSince: null,
  ...changes,
});
const up = (since: number) => nas({ health: 'ok', isFailing: false, since, backSince: since });
const follow = (incidents: Incidents, record: ExternalRecord, now: number, dependents: string[] = []) =>
  updateExternals(incidents, [{ record, name: 'The NAS', dependents }], STABLE, now);
const check = (incidents: Incidents, now: number) =>
  updateIncidents({
    incidents,
    conditions: new Map(),
    below: new Map(),
    externals: { below: new Map(), direct: new Map(), nameOf: (id) => (id === 'nas' ? 'The NAS' : null) },
    stableAfterMs: STABLE,
    now,
  });

describe('an external that is down', () => {
  const down = follow(new Map(), nas(), NOON, ['photos', 'music']);
  const [incident] = [...down.incidents.values()];

  it('is one incident since it last worked, told with who needs it, once', () => {
    expect(incident).toMatchObject({
      id: `${ago(MINUTE).toString(36)}-external-nas`,
      kind: 'external',
      openedAt: new Date(ago(MINUTE)).toISOString(),
      cause: { container: null, external: 'nas', name: 'The NAS', reason: 'Connection refused at nas:2049.' },
    });
    expect(down.messages).toMatchObject([
      {
        type: 'external.down',
        title: 'The NAS is down',
        message:
          'Connection refused at nas:2049. It has been so for 1 minute. photos, music need it: they are not restarted until it answers.',
        container: null,
        details: { external: 'nas', incident_id: incident?.id },
      },
    ]);
    expect(down.events).toMatchObject([{ type: 'external.down', data: { incidentId: incident?.id } }]);
    const never = follow(new Map(), nas({ workedAt: null }), NOON);
    expect(never.messages[0]?.message).toBe(
      'Connection refused at nas:2049. It has not worked since the monitor started.',
    );
    const later = follow(down.incidents, nas(), NOON + HOUR);
    expect(later.messages).toEqual([]);
    expect(later.incidents).toBe(down.incidents);
  });

  it('and back is over when that has lasted a minute', () => {
    const back = follow(down.incidents, up(NOON + HOUR), NOON + HOUR).incidents;
    expect(check(back, NOON + HOUR + MINUTE - 1).messages).toEqual([]);
    const over = check(back, NOON + HOUR + MINUTE);
    expect(over.messages).toMatchObject([
      { type: 'external.up', title: 'The NAS is back', message: 'It was away for 1 hour 1 minute.' },
    ]);
    expect([...over.incidents.values()]).toMatchObject([{ stage: 'ended', endedBy: 'itself' }]);
  });

  it('and back for less than a minute is the same problem', () => {
    const back = follow(down.incidents, up(NOON + HOUR), NOON + HOUR).incidents;
    const again = follow(back, nas({ since: NOON + HOUR + 1 }), NOON + HOUR + 30_000);
    expect(again.messages).toEqual([]);
    expect(check(again.incidents, NOON + 2 * HOUR).messages).toEqual([]);
  });

  it('again soon after its end is told of when it stays so for ten minutes, and its end once more', () => {
    const over = check(follow(down.incidents, up(NOON), NOON).incidents, NOON + MINUTE).incidents;
    const at = NOON + 5 * MINUTE;
    const reopened = follow(over, nas({ since: at, workedAt: at }), at);
    expect(reopened.messages).toEqual([]);
    expect([...reopened.incidents.keys()]).toEqual([incident?.id]);
    const long = follow(reopened.incidents, nas({ since: at, workedAt: at }), at + 10 * MINUTE);
    expect(long.messages).toMatchObject([{ type: 'external.down' }]);
    const back = follow(long.incidents, up(at + HOUR), at + HOUR).incidents;
    expect(check(back, at + HOUR + MINUTE).messages).toMatchObject([
      {
        type: 'external.up',
        message: expect.stringMatching(
          /^It was away again for 1 hour\. This began .* ago, and was over in/,
        ) as string,
      },
    ]);
  });

  it('long after its end is another problem', () => {
    const over = check(follow(down.incidents, up(NOON), NOON).incidents, NOON + MINUTE).incidents;
    const at = NOON + HOUR;
    expect(follow(over, nas({ since: at, workedAt: at }), at).messages).toHaveLength(1);
  });

  it('is told of as what does not get ready when it is that', () => {
    const waiting = nas({
      health: 'not-yet',
      isFailing: false,
      sentence: 'Resilvering.',
      patienceUntil: NOON,
    });
    expect(follow(new Map(), waiting, NOON - 1).messages).toEqual([]);
    expect(follow(new Map(), waiting, NOON).messages).toMatchObject([
      { title: 'The NAS does not get ready' },
    ]);
  });

  it('and is no longer written down is over without a word', () => {
    const gone = updateIncidents({
      incidents: down.incidents,
      conditions: new Map(),
      below: new Map(),
      externals: { below: new Map(), direct: new Map(), nameOf: () => null },
      stableAfterMs: STABLE,
      now: NOON + HOUR,
    });
    expect(gone.messages).toEqual([]);
    expect([...gone.incidents.values()]).toMatchObject([{ endedBy: 'person' }]);
  });
});
