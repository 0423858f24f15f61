import { describe, expect, it } from 'vitest';
import { ago, MINUTE, NOON } from '../../../test/support/situation.js';
import { externalBack, externalBlockers, type ExternalRecord } from './externals.js';

const options = { externals: { nas: { tcp: 'nas:2049', name: 'The NAS' }, spare: { tcp: 'spare:2049' } } };
const record = (changes: Partial<ExternalRecord> = {}): ExternalRecord => ({
  id: 'nas',
  health: 'ok',
  sentence: 'It takes connections.',
  share: null,
  leftMs: null,
  since: ago(MINUTE),
  patienceUntil: null,
  needsPerson: false,
  isFailing: false,
  workedAt: NOON,
  backSince: null,
  ...changes,
});
const blockers = (...known: readonly ExternalRecord[]) =>
  externalBlockers([['nas', 'spare']], new Map(known.map((one) => [one.id, one])), options);

describe('an external', () => {
  it.each<[string, Partial<ExternalRecord> | null, string | null]>([
    ['was not asked', null, 'has not answered yet'],
    ['works', {}, null],
    ['failed once', { isFailing: true }, 'did not answer just now'],
    ['is down', { health: 'failed', isFailing: true }, 'is down'],
    ['answers again, and not often enough', { health: 'failed' }, 'is down'],
    ['is not ready', { health: 'not-yet' }, 'is not ready yet'],
  ])('that %s holds a container back: %s', (_, known, what) => {
    expect(blockers(...(known === null ? [] : [record(known)]))).toEqual(
      what === null ? [] : [{ name: 'nas', shown: 'The NAS', what }],
    );
  });

  it('of several that will do holds nobody back while one works', () => {
    expect(blockers(record({ health: 'failed' }), record({ id: 'spare' }))).toEqual([]);
  });

  it('that came back is one for who was given up before that, and not after', () => {
    const externals = new Map([['nas', record({ backSince: NOON })]]);
    expect(externalBack([['nas']], externals, options, ago(MINUTE))).toEqual({ name: 'The NAS', at: NOON });
    expect(externalBack([['nas']], externals, options, NOON)).toBeUndefined();
    expect(externalBack([['spare']], externals, options, 0)).toBeUndefined();
  });
});
