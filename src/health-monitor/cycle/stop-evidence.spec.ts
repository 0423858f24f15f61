import { describe, expect, it } from 'vitest';
import type { Container, EngineEvent, EngineEventAction } from '../runtime/index.js';
import { aContainer, anExited } from '../../../test/support/situation.js';
import { NO_ACTS, type EndedAct, type OwnActs } from '../step/index.js';
import { StopEvidenceLog } from './stop-evidence.js';

const event = (action: EngineEventAction, at = 1): EngineEvent => ({
  action,
  id: 'x',
  name: 'app',
  at,
  exitCode: null,
  health: null,
});

const container = aContainer({ id: 'x' });
/** What is known of it. */
const seen = (log: StopEvidenceLog) => log.of(container, false, 10_000);
/** Gathers what is heard at once. */
const hear = (log: StopEvidenceLog, told: EngineEvent) => log.onEvent(told, told.at);

/** An act of ours on it, that is over. */
const doing = (kind: EndedAct['kind'], from: number, to: number): OwnActs => ({
  ...NO_ACTS,
  ended: [{ name: 'app', kind, from, to }],
});

describe('what events tell of a stop', () => {
  it('is news until it is asked for', () => {
    const log = new StopEvidenceLog(() => NO_ACTS);
    hear(log, event('died'));
    expect(log.isNews('x')).toBe(true);
    expect(seen(log)).toMatchObject({ diedAt: 1, cleanups: 0 });
    expect(log.isNews('x')).toBe(false);
  });

  it('is forgotten with its container, so that nothing gathers', () => {
    const log = new StopEvidenceLog(() => NO_ACTS);
    for (const action of ['started', 'died', 'cleaned-up', 'removed'] as const) hear(log, event(action));
    expect(log.isNews('x')).toBe(false);
    expect(seen(log)).toBeNull();
  });

  it.each([
    ['an idle engine', [200, 450], 2],
    ['a busy engine, whose database other commands kept', [214, 5_614], 2],
    ['a busy host, where the first came late, too', [1_900, 7_500], 2],
    ['an engine that was asked for something else much later', [200, 20_001], 1],
  ])('counts the second clean-up of %s', (_, [first, second], cleanups) => {
    const log = new StopEvidenceLog(() => NO_ACTS);
    hear(log, event('died', 1_000));
    for (const after of [first!, second!]) hear(log, event('cleaned-up', 1_000 + after));
    expect(seen(log)).toMatchObject({ diedAt: 1_000, cleanedUpAt: 1_000 + first!, cleanups });
  });

  it('says when the engine last cleaned up, after whichever container', () => {
    const log = new StopEvidenceLog(() => NO_ACTS);
    hear(log, event('died', 1_000));
    hear(log, event('cleaned-up', 1_200));
    hear(log, { ...event('cleaned-up', 3_000), id: 'y', name: 'another' });
    expect(seen(log)).toMatchObject({ cleanedUpAt: 1_200, engineCleanedUpAt: 3_000 });
  });

  it('says how late it was heard', () => {
    const log = new StopEvidenceLog(() => NO_ACTS);
    log.onEvent(event('died', 1_000), 1_050);
    log.onEvent(event('cleaned-up', 1_200), 4_200);
    expect(seen(log)).toMatchObject({ heardLateMs: 3_000 });
    log.onEvent(event('cleaned-up', 1_300), 1_250);
    expect(seen(log)).toMatchObject({ heardLateMs: 0, cleanups: 2 });
  });

  it('keeps how it ended last over its next start', () => {
    const log = new StopEvidenceLog(() => NO_ACTS);
    hear(log, { ...event('died', 5), exitCode: 3 });
    hear(log, event('started', 6));
    expect(seen(log)).toMatchObject({ diedAt: null, lastExit: { at: 5, exitCode: 3 } });
  });

  it('does not count what an act of ours did', () => {
    const log = new StopEvidenceLog(() => doing('restart', 1, 3));
    for (const action of ['died', 'stopped', 'cleaned-up'] as const) hear(log, event(action, 2));
    expect(seen(log)).toMatchObject({ stopped: false, cleanups: 0 });
  });

  it('counts what comes right after an act of ours, or during a start, which stops nobody', () => {
    for (const acts of [doing('restart', 1, 2), doing('start', 1, 5)]) {
      const log = new StopEvidenceLog(() => acts);
      hear(log, event('stopped', 4));
      expect(seen(log)).toMatchObject({ stopped: true });
    }
  });

  describe('by the signals that the engine tells', () => {
    const killed = (at: number, asksToEnd: boolean) => ({ ...event('killed', at), asksToEnd });
    const told = (...events: readonly EngineEvent[]) => {
      const log = new StopEvidenceLog(() => NO_ACTS);
      for (const one of events) hear(log, one);
      return seen(log);
    };

    it.each([
      ['stop, which comes last', [killed(1, true), killed(2, true), event('died', 3), event('stopped', 4)]],
      [
        'stop, which comes before the end',
        [killed(1, true), killed(2, true), event('stopped', 3), event('died', 4)],
      ],
    ])('finds a %s', (_, events) => {
      const evidence = told(...events);
      expect(evidence).toMatchObject({ askedToEndAt: 1, lastAskedToEndAt: 2, stopped: true });
      expect(evidence?.allEndedAt).toBe(4);
    });

    it('finds the stop of one that is down and would be started again, which sends it no signal', () => {
      expect(told(event('died', 1), event('stopped', 5))).toMatchObject({
        stopped: true,
        lastAskedToEndAt: 5,
        allEndedAt: 5,
      });
    });

    it('finds none in a signal that asks for something else, nor in one before the latest start', () => {
      expect(told(killed(1, false), event('died', 2))).not.toHaveProperty('lastAskedToEndAt');
      expect(told(killed(1, false), event('died', 2))?.otherSignal).toBe(true);
      expect(told(killed(1, true), event('started', 2), event('died', 3))).not.toHaveProperty(
        'lastAskedToEndAt',
      );
    });

    it.each<[string, readonly EngineEvent[], boolean]>([
      ['of which it told nothing', [], true],
      ['that it asked long before the others', [killed(1, true)], true],
      ['that ended by itself', [event('died', 10_000)], false],
    ])('finds what went down with the engine: one %s', (_, events, isTakenDown) => {
      const log = new StopEvidenceLog(() => NO_ACTS);
      for (const one of events) hear(log, one);
      for (const id of ['y', 'z']) hear(log, { ...killed(9_000, true), id });
      log.silentSince(10_100);
      log.heardAgain(20_000);
      const down = (stoppedByUser: boolean) =>
        anExited({ id: 'x', startedAt: 0, exitedAt: 10_000, stoppedByUser });
      expect(log.of(down(false), true, 20_000)?.engineEnded === true).toBe(isTakenDown);
      expect(log.of(down(true), true, 20_000)?.engineEnded).toBeUndefined();
    });

    describe('of one that was being stopped when the engine was killed', () => {
      const afterKill = (asked: number, more: Partial<Container>) => {
        const log = new StopEvidenceLog(() => NO_ACTS);
        hear(log, killed(asked, true));
        log.silentSince(20_000);
        log.heardAgain(30_000);
        for (const id of ['x', 'y', 'z']) hear(log, { ...killed(25_000, true), id });
        hear(log, event('died', 26_000));
        const down = anExited({ id: 'x', startedAt: 0, exitedAt: 26_000, stopTimeoutMs: 10_000, ...more });
        return log.of(down, true, 30_000);
      };

      it('finds no end by the engine, unless the engine notes that nobody stopped it', () => {
        expect(afterKill(15_000, { stoppedByUser: null })?.engineEnded).toBeUndefined();
        expect(afterKill(15_000, { stoppedByUser: true })?.engineEnded).toBeUndefined();
        expect(afterKill(15_000, { stoppedByUser: false })?.engineEnded).toBe(true);
      });

      it('finds that it ran on, where it had not heeded that for long', () => {
        const one = { stoppedByUser: true, startedAt: -100_000 };
        expect(afterKill(-30_000, one)).toMatchObject({ engineEnded: true, foundRunning: true });
      });
    });

    it('waits for an engine of which it cannot be told yet whether it ended', () => {
      const log = new StopEvidenceLog(() => NO_ACTS);
      for (const one of [killed(1, true), event('died', 2)]) hear(log, one);
      expect(log.of(container, null, 10_000)?.allEndedAt).toBeNull();
      expect(log.of(container, false, 10_000)?.allEndedAt).toBe(2);
    });

    it('waits for the others that were asked together with it', () => {
      const other = { ...killed(1, true), id: 'y' };
      expect(told(other, killed(2, true), event('died', 3))?.allEndedAt).toBeNull();
    });
  });
});
