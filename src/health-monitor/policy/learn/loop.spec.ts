import { describe, expect, it } from 'vitest';
import { after, evidence, kinds, learntFrom } from '../../../../test/support/inspection.js';
import {
  aContainer,
  aDeath,
  ago,
  anExited,
  aRecord,
  aRun,
  DAY,
  HOUR,
  MINUTE,
  NOON,
  SECOND,
} from '../../../../test/support/situation.js';

describe('crash loops', () => {
  it('under our own care: more than three healed deaths in a day, reported once, over after a day without one', () => {
    const at = [ago(3 * HOUR), ago(2 * HOUR), ago(HOUR)];
    expect(after(aRecord({ healedDeaths: at })).loop.since).toBeNull();
    const learnt = learntFrom(aRecord({ healedDeaths: [...at, NOON] }));
    expect(learnt.record.loop.since).toBe(NOON);
    expect(learnt.happened).toEqual([{ kind: 'crash-loop', deaths: 4, windowMs: DAY }]);
    expect(kinds(learntFrom(learnt.record, { now: NOON + HOUR }))).toEqual([]);
    expect(after(learnt.record, { now: NOON + 23 * HOUR }).loop.since).toBe(NOON);
    const over = learntFrom(learnt.record, { now: NOON + DAY });
    expect(over.record.loop.since).toBeNull();
    expect(kinds(over)).toEqual(['crash-loop-over']);
  });

  it("under the engine's policy: more than three restarts in ten minutes", () => {
    const restarted = (engineRestarts: number) => aContainer({ engineRestarts, startedAt: NOON });
    expect(after(aRecord(), { container: restarted(3) }).loop.since).toBeNull();
    const learnt = learntFrom(aRecord(), { container: restarted(4) });
    expect(learnt.happened).toContainEqual({ kind: 'crash-loop', deaths: 4, windowMs: 10 * MINUTE });
    const over = learntFrom(learnt.record, { container: restarted(4), now: NOON + 10 * MINUTE });
    expect(kinds(over)).toEqual(['crash-loop-over']);
  });

  it("are not made of restarts by the engine's policy that fail: nothing dies after those", () => {
    const down = anExited({ engineRestarts: 10 });
    const learnt = learntFrom(aRecord(), { container: down });
    expect(learnt.record).toMatchObject({ loop: { engineDeaths: [], since: null } });
    const later = learntFrom(learnt.record, { container: { ...down, engineRestarts: 20 } });
    expect(later.record).toMatchObject({ loop: { engineDeaths: [], since: null } });
    const anotherRun = anExited({ engineRestarts: 30, startedAt: ago(SECOND) });
    expect(kinds(learntFrom(later.record, { container: anotherRun }))).toEqual(['died', 'crash-loop']);
  });

  describe.each([
    [
      'as it was seen',
      (exitCode: number) => ({ death: aDeath({ key: `${ago(MINUTE)}-1`, exitCode }) }),
      () => null,
    ],
    ['as events told', () => ({}), (exitCode: number) => evidence({ lastExit: { at: NOON, exitCode } })],
  ])("under the engine's policy, its run of a minute ended, %s", (_, deathOf, evidenceOf) => {
    it.each([
      [0, 0, 1],
      [0, 1, 10],
      [1, 1, 1],
    ])('with %i, count %i when %i runs were begun since', (exitCode, deaths, engineRestarts) => {
      const known = aRecord({ run: aRun(ago(MINUTE)), ...deathOf(exitCode) });
      const container = aContainer({ engineRestarts, startedAt: NOON });
      const { loop } = after(known, { container, stopEvidence: evidenceOf(exitCode) });
      expect(loop.engineDeaths.length > 0).toBe(deaths > 0);
    });
  });

  it("under the engine's policy count where nobody saw how they ended", () => {
    const known = aRecord({ run: aRun(ago(MINUTE)) });
    const container = aContainer({ engineRestarts: 1, startedAt: NOON });
    const old = evidence({ lastExit: { at: ago(2 * MINUTE), exitCode: 0 } });
    for (const stopEvidence of [null, old])
      expect(after(known, { container, stopEvidence }).loop.engineDeaths).toEqual([NOON]);
  });

  it('are not made by a manual start that resets the count of the engine', () => {
    const before = aRecord({ engineRestarts: 100 });
    expect(after(before, { container: aContainer({ engineRestarts: 0 }) }).loop.engineDeaths).toEqual([]);
  });
});
