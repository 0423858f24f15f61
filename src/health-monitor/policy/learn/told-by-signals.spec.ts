import { describe, expect, it } from 'vitest';
import { after, evidence } from '../../../../test/support/inspection.js';
import {
  aContainer,
  ago,
  anExited,
  aRecord,
  MINUTE,
  NOON,
  SECOND,
} from '../../../../test/support/situation.js';
import type { Inspection, StopEvidence } from './inspection.js';

/** It died so many milliseconds ago; what its engine, which tells signals, told of that. */
const judge = (diedAgo: number, told: Partial<StopEvidence> | null, more: Partial<Inspection> = {}) => {
  const diedAt = ago(diedAgo);
  return after(aRecord(), {
    container: anExited({ exitedAt: diedAt, stoppedByUser: null, exitCode: 137 }),
    tellsWhoStopped: 'signals',
    stopEvidence: told === null ? null : evidence({ diedAt, cleanedUpAt: null, cleanups: 0, ...told }),
    ...more,
  }).life.death;
};
/** It was asked to end so long before it did, and all that were asked with it ended when it did. */
const asked = (diedAgo: number, before: number, more: Partial<StopEvidence> = {}): Partial<StopEvidence> => ({
  askedToEndAt: ago(diedAgo) - before,
  lastAskedToEndAt: ago(diedAgo) - before,
  allEndedAt: ago(diedAgo),
  ...more,
});

describe('who stopped it, where the engine tells signals', () => {
  it.each<[string, ReturnType<typeof judge>, string]>([
    ['nothing asked it to end', judge(0, {}), 'nobody'],
    ['a person, which the engine has outlived', judge(16 * SECOND, asked(16 * SECOND, SECOND)), 'person'],
    ['perhaps the engine, on its way out', judge(14 * SECOND, asked(14 * SECOND, SECOND)), 'pending'],
    [
      'perhaps the engine: another one is still ending',
      judge(MINUTE, asked(MINUTE, SECOND, { allEndedAt: null })),
      'pending',
    ],
    [
      'perhaps the engine: its events are not heard',
      judge(MINUTE, asked(MINUTE, SECOND), { eventsMissing: true }),
      'pending',
    ],
    [
      'a person: its events were not heard for too long',
      judge(6 * MINUTE, asked(6 * MINUTE, SECOND), { eventsMissing: true }),
      'person',
    ],
    ['the engine', judge(0, asked(0, SECOND, { engineEnded: true })), 'nobody'],
    ['nothing: it did not heed the signal', judge(2 * SECOND, asked(2 * SECOND, MINUTE)), 'nobody'],
    ['perhaps a stop with a longer time', judge(0, asked(0, MINUTE)), 'pending'],
    [
      'a stop with a longer time',
      judge(20 * SECOND, asked(20 * SECOND, MINUTE, { stopped: true })),
      'person',
    ],
    ['not told yet', judge(0, null), 'pending'],
    ['not told at all', judge(5 * SECOND, null), 'unknown'],
    ['not told, and may still be', judge(MINUTE, null, { eventsMissing: true }), 'pending'],
  ])('%s', (_, death, stoppedBy) => {
    expect(death?.stoppedBy).toBe(stoppedBy);
    expect(death?.pendingUntil === null).toBe(stoppedBy !== 'pending');
  });

  it.each([
    [true, 'person'],
    [false, 'nobody'],
  ] as const)('is read from the engine’s files where nothing was told (%s)', (stoppedByUser, stoppedBy) => {
    const container = anExited({ exitedAt: ago(MINUTE), stoppedByUser });
    expect(judge(MINUTE, null, { container })?.stoppedBy).toBe(stoppedBy);
  });

  it('is nobody where the engine notes no stop, though something asked it to end', () => {
    const container = anExited({ exitedAt: ago(MINUTE), stoppedByUser: false });
    expect(judge(MINUTE, asked(MINUTE, SECOND), { container })?.stoppedBy).toBe('nobody');
  });

  describe('and the engine ended just after', () => {
    const lastWords = (stoppedByUser: boolean | null) => ({
      container: anExited({ exitedAt: ago(SECOND), stoppedByUser }),
      tellsWhoStopped: 'signals' as const,
      stopEvidence: evidence({ ...asked(SECOND, 100), diedAt: ago(SECOND), engineEnded: true }),
    });

    it('is a person where the engine notes a stop, and the engine where it notes none, or nobody can read that', () => {
      const { life, intent } = after(aRecord(), lastWords(true));
      expect(life.death).toMatchObject({ stoppedBy: 'person', endedBy: null });
      expect(intent.wish).toMatchObject({ value: 'stopped', by: 'engine' });
      for (const note of [false, null])
        expect(after(aRecord(), lastWords(note)).life.death).toMatchObject({ endedBy: 'engine' });
    });

    it('is the engine where that note is of another signal, seen while it ran, or of its own when it came up', () => {
      const container = aContainer({ stoppedByUser: true });
      const noted = after(aRecord(), { container, tellsWhoStopped: 'signals' });
      expect(after(noted, lastWords(true)).life.death).toMatchObject({ endedBy: 'engine' });
      const stopEvidence = { ...lastWords(true).stopEvidence, foundRunning: true as const };
      const found = after(aRecord(), { ...lastWords(true), stopEvidence });
      expect(found.life.death).toMatchObject({ endedBy: 'engine' });
    });
  });

  it('is a person where only its end was told and the engine notes a stop, unless that note may be of another signal', () => {
    const container = anExited({ exitedAt: ago(MINUTE), stoppedByUser: true });
    expect(judge(MINUTE, {}, { container })?.stoppedBy).toBe('person');
    expect(judge(MINUTE, { otherSignal: true }, { container })?.stoppedBy).toBe('nobody');
  });

  it('is unknown where nothing was told, and the engine’s note may be of another signal', () => {
    const container = anExited({ exitedAt: ago(MINUTE), stoppedByUser: true });
    const known = aRecord({ flaggedWhileUp: true });
    const told = { container, tellsWhoStopped: 'signals', stopEvidence: null } as const;
    expect(after(known, told).life.death?.stoppedBy).toBe('unknown');
  });

  it('is the engine after all where its end shows later than that of what it took down untold', () => {
    const container = anExited({ exitedAt: ago(5 * SECOND), stoppedByUser: false, exitCode: 0 });
    const alone = after(aRecord(), { container, tellsWhoStopped: 'signals', stopEvidence: null });
    expect(alone.life.death).toMatchObject({ stoppedBy: 'nobody', endedBy: null });
    const stopEvidence = evidence({ diedAt: null, engineEnded: true });
    const withEngine = after(alone, { container, tellsWhoStopped: 'signals', stopEvidence });
    expect(withEngine.life.death).toMatchObject({ stoppedBy: 'nobody', endedBy: 'engine' });
  });

  it('comes out later for one that was judged to be pending', () => {
    const diedAt = ago(10 * SECOND);
    const inspection: Partial<Inspection> = {
      container: anExited({ exitedAt: diedAt, stoppedByUser: null }),
      tellsWhoStopped: 'signals',
      stopEvidence: evidence({ diedAt, ...asked(10 * SECOND, SECOND) }),
    };
    const pending = after(aRecord(), inspection);
    expect(pending.life.death?.stoppedBy).toBe('pending');
    const person = after(pending, { ...inspection, now: NOON + 6 * SECOND });
    expect(person.intent.wish).toMatchObject({ value: 'stopped', by: 'engine' });
    const byEngine = after(pending, {
      ...inspection,
      stopEvidence: { ...inspection.stopEvidence!, engineEnded: true },
    });
    expect(byEngine.life.death).toMatchObject({ stoppedBy: 'nobody', endedBy: 'engine' });
    expect(byEngine.intent.wish.value).toBe('running');
  });
});
