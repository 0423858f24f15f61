import { describe, expect, it } from 'vitest';
import { judgeAnswer, type Verdict } from './judge-answer.js';
import type { ProbeAnswer } from './probe-answer.js';

const STARTED = 1_000_000;
const MINUTE = 60_000;
const RULES = { failureThreshold: 3, successThreshold: 1, startMs: 0, notYetForMs: 30 * MINUTE };

const ok: ProbeAnswer = { kind: 'ok', words: 'It answered 200.', share: null };
const failed: ProbeAnswer = { kind: 'failed', words: 'It answered 503.', share: null };
const syncing = (share: number | null, words = 'Syncing.'): ProbeAnswer => ({
  kind: 'not-yet',
  words,
  share,
});

/** What came of answers, one a minute from the start on. */
const judged = (answers: readonly ProbeAnswer[], rules: Partial<typeof RULES> = {}): Verdict =>
  answers.reduce<Verdict | null>(
    (before, answer, index) =>
      judgeAnswer(before, answer, { ...RULES, ...rules }, STARTED, STARTED + index * MINUTE),
    null,
  )!;

describe('what the answers of a probe come to', () => {
  it('is well at the first success, and after one failure still is, in its own words', () => {
    expect(judged([ok])).toMatchObject({ health: 'ok', since: STARTED });
    expect(judged([ok, failed, failed])).toMatchObject({
      health: 'ok',
      sentence: 'It answered 200.',
      since: STARTED,
    });
  });

  it('has failed after so many failures in a row, and not when one answer in between was good', () => {
    expect(judged([ok, failed, failed, failed])).toMatchObject({
      health: 'failed',
      sentence: 'It answered 503.',
      since: STARTED + 3 * MINUTE,
    });
    expect(judged([ok, failed, failed, ok, failed, failed]).health).toBe('ok');
  });

  it('is well again only after so many successes in a row', () => {
    const rules = { successThreshold: 2 };
    expect(judged([failed, failed, failed, ok], rules)).toMatchObject({
      health: 'failed',
      sentence: 'It answered 503.',
    });
    expect(judged([failed, failed, failed, ok, ok], rules).health).toBe('ok');
  });

  it('takes a failure while it starts for not yet, and never again once it was well', () => {
    const rules = { startMs: 10 * MINUTE };
    expect(judged(Array(5).fill(failed), rules)).toMatchObject({
      health: 'not-yet',
      sentence: 'It answered 503.',
    });
    expect(judged(Array(12).fill(failed), rules).health).toBe('failed');
    expect(judged([ok, failed, failed, failed], rules).health).toBe('failed');
  });

  it('is never failed while it says that it is not ready yet', () => {
    expect(judged(Array(100).fill(syncing(null))).health).toBe('not-yet');
    expect(judged([failed, failed, failed, syncing(null)]).health).toBe('not-yet');
    expect(judged([syncing(null), failed, failed]).health).toBe('not-yet');
    expect(judged([syncing(null), failed, failed, failed]).health).toBe('failed');
  });

  it('foretells how long the rest will take from how far it has come, and anew when it goes back', () => {
    expect(judged([syncing(0.5)]).leftMs).toBeNull();
    expect(judged([syncing(0.5), syncing(0.6)]).leftMs).toBeCloseTo(4 * MINUTE);
    expect(judged([syncing(0.5), syncing(0.6), syncing(0.1)]).leftMs).toBeNull();
    expect(judged([syncing(0.5), syncing(0.6), syncing(0.1), syncing(0.2)]).leftMs).toBeCloseTo(8 * MINUTE);
    expect(
      judged([
        { ...ok, share: 0.9 },
        { ...ok, share: 1 },
      ]).leftMs,
    ).toBeNull();
  });

  it('has people wait for thirty minutes from when it last got any further', () => {
    const until = (...answers: ProbeAnswer[]) => (judged(answers).patienceUntil! - STARTED) / MINUTE;
    expect(until(syncing(0.5))).toBe(30);
    expect(until(syncing(0.5), syncing(0.5), syncing(0.5))).toBe(30);
    expect(until(syncing(0.5), syncing(0.5), syncing(0.51))).toBe(32);
    // What is stuck falls behind a goal that moves on, or goes to and fro.
    expect(until(syncing(0.5), syncing(0.499), syncing(0.498))).toBe(30);
    expect(until(syncing(0.5), syncing(0.49), syncing(0.5), syncing(0.49), syncing(0.5))).toBe(30);
    expect(until(syncing(0.5), syncing(0.1), syncing(0.1))).toBe(31);
    expect(until(syncing(null, 'Block 7.'), syncing(null, 'Block 8.'))).toBe(31);
    expect(until(syncing(null, '12:00:03 waiting.'), syncing(null, '12:01:03 waiting.'))).toBe(30);
    expect(until(syncing(0.5), failed)).toBe(30);
    expect(judged([syncing(0.5), ok]).patienceUntil).toBeNull();
  });

  it('has people wait for its time to start at least', () => {
    const slow = { startMs: 120 * MINUTE };
    expect((judged([failed], slow).patienceUntil! - STARTED) / MINUTE).toBe(120);
  });

  it('asks for a person at once where only a person can help, and for patience again after that', () => {
    const locked: ProbeAnswer = {
      kind: 'not-yet',
      words: 'The wallet is locked.',
      share: null,
      needsPerson: true,
    };
    expect(judged([syncing(null), locked, locked])).toMatchObject({
      needsPerson: true,
      patienceUntil: STARTED,
      sentence: 'The wallet is locked.',
    });
    expect(judged([locked, syncing(null)])).toMatchObject({
      needsPerson: false,
      patienceUntil: STARTED + 31 * MINUTE,
    });
  });
});
