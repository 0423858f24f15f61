import { describe, expect, it } from 'vitest';
import {
  aChecked,
  aContainer,
  aDeath,
  ago,
  anExited,
  aRecord,
  HOUR,
  MINUTE,
  NOON,
  SECOND,
} from '../../../test/support/situation.js';
import {
  assumptionInWords,
  elsewhereBack,
  elsewhereBlockers,
  knownNeeds,
  neverSeen,
  NOT_THERE,
  standingAsLastSeen,
  standingNow,
  takenToBeReady,
  type Elsewhere,
  type ElsewhereNeed,
  type Standing,
} from './elsewhere.js';
import { timeOfDay } from './words.js';

const NEED: ElsewhereNeed = { reference: 'attic/db', condition: 'healthy', restart: false };
const seen = (standing: Standing, inCircleWith: readonly string[] = []): Elsewhere => ({
  ...standing,
  reference: NEED.reference,
  inCircleWith,
});
const needs = (one: Elsewhere | null, need: Partial<ElsewhereNeed> = {}) =>
  knownNeeds('lnd', [{ ...NEED, ...need }], new Map(one === null ? [] : [[NEED.reference, one]]));

const upFor = (ms: number) => ({
  up: true,
  run: { startedAt: ago(ms), since: ago(ms), begunByUs: false },
  readySince: ago(ms),
});
const UP = {
  container: aContainer({ startedAt: ago(HOUR) }),
  record: aRecord({ name: 'db', ...upFor(HOUR) }),
};
const DOWN = {
  container: anExited({ exitCode: 1 }),
  record: aRecord({ name: 'db', up: false, readySince: null, death: aDeath({ exitCode: 1 }) }),
};

describe('a container of another host', () => {
  it.each<[string, Standing, string | null]>([
    ['is ready', standingNow(UP, NOON), null],
    ['is down', standingNow(DOWN, NOON), 'is down'],
    [
      'is unhealthy',
      standingNow({ ...UP, container: aChecked('unhealthy', { startedAt: ago(HOUR) }) }, NOON),
      'is unhealthy',
    ],
    ['is gone for the moment', standingNow({ ...UP, container: null }, NOON), 'is gone for the moment'],
    ['does not exist', NOT_THERE, null],
    ['was not looked at', neverSeen(null), 'has not been looked at yet'],
    ['nobody ever saw', neverSeen(NOON), 'is not known: its host has not answered yet'],
    ['was ready when last seen', standingAsLastSeen(UP.record, ago(MINUTE)), null],
    [
      'was not ready when last seen',
      standingAsLastSeen(DOWN.record, ago(MINUTE)),
      `was not ready when last seen, and how it is now is not known: its host has not answered since ${timeOfDay(ago(MINUTE))}`,
    ],
    [
      'was missing when last seen',
      standingAsLastSeen(aRecord({ name: 'db', ...upFor(HOUR), absentSince: ago(MINUTE) }), ago(MINUTE)),
      expect.stringMatching(/^was not ready when last seen/) as string,
    ],
  ])('that %s holds a container back: %j', (_, standing, what) => {
    const name = 'attic/db';
    expect(elsewhereBlockers(needs(seen(standing)))).toEqual(what === null ? [] : [{ name, what }]);
  });

  it('of which nothing was told holds back', () => {
    expect(elsewhereBlockers(needs(null))).toEqual([
      { name: 'attic/db', what: 'has not been looked at yet' },
    ]);
  });

  it.each<[ElsewhereNeed['condition'], Standing, boolean]>([
    ['started', standingNow({ ...UP, container: aChecked('unhealthy') }, NOON), true],
    ['completed', standingNow(UP, NOON), false],
    ['completed', standingNow({ ...DOWN, container: anExited({ exitCode: 0 }) }, NOON), true],
    ['started', standingAsLastSeen(aRecord({ ...upFor(SECOND), readySince: null }), NOON), true],
    ['completed', standingAsLastSeen(DOWN.record, NOON), false],
    [
      'completed',
      standingAsLastSeen(aRecord({ up: false, readySince: null, death: aDeath({ exitCode: 0 }) }), NOON),
      true,
    ],
  ])('is asked for the condition %s: %#', (condition, standing, isMet) => {
    expect(elsewhereBlockers(needs(seen(standing), { condition }))).toHaveLength(isMet ? 0 : 1);
  });

  it('is not waited for by what it needs itself', () => {
    expect(needs(seen(standingNow(DOWN, NOON), ['lnd']))).toEqual([]);
    expect(needs(seen(standingNow(DOWN, NOON), ['web']))).toHaveLength(1);
  });

  it('is called by its name over there', () => {
    const known = needs(seen(standingNow({ ...DOWN, record: { ...DOWN.record, name: 'archy-db' } }, NOON)));
    expect(elsewhereBlockers(known)).toMatchObject([{ name: 'attic/archy-db' }]);
  });

  it('is taken to be ready only where its host is silent', () => {
    expect(takenToBeReady(needs(seen(standingNow(UP, NOON))))).toEqual([]);
    expect(takenToBeReady(needs(seen(standingAsLastSeen(DOWN.record, NOON))))).toEqual([]);
    const [taken] = takenToBeReady(needs(seen(standingAsLastSeen(UP.record, NOON))));
    expect(taken).toEqual({ name: 'attic/db', silentSince: NOON });
    expect(assumptionInWords(taken!)).toBe(
      `attic/db is taken to be ready, as it was when last seen: its host has not answered since ${timeOfDay(NOON)}.`,
    );
  });

  it('that came back is one for who was given up before that, and not after', () => {
    const known = needs(seen(standingNow(UP, NOON)));
    expect(elsewhereBack(known, ago(2 * HOUR))).toEqual({ name: 'attic/db', at: ago(HOUR) });
    expect(elsewhereBack(known, ago(HOUR))).toBeUndefined();
  });
});
