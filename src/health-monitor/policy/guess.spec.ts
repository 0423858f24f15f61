import { describe, expect, it } from 'vitest';
import { aContainer, aRecord } from '../../../test/support/situation.js';
import type { Probe } from '../../common/options/index.js';
import { guessAnsweredBy, guessOf, isGuessAnswered } from './guess.js';
import { resolvedProbes } from './probe-rules.js';

const rules = (probe: Probe | Probe[], from: 'preset' | 'config' = 'preset') => ({
  probes: resolvedProbes(probe),
  origin: { probes: from },
});
const PORT_80 = rules({ http: ':80/' });
const app = aContainer({ name: 'app' });
const recordWith = (answeredGuess: string | null, id = app.id) => ({
  id,
  life: { ...aRecord({ name: 'app' }).life, answeredGuess },
});

describe('a guess of the preset', () => {
  it('is answered by this container and by what was asked', () => {
    const answered = recordWith(guessOf(PORT_80));
    expect(isGuessAnswered(app, answered, PORT_80)).toBe(true);
    expect(isGuessAnswered(app, answered, rules({ http: ':81/' }))).toBe(false);
    expect(isGuessAnswered(app, recordWith(guessOf(PORT_80), 'another'), PORT_80)).toBe(false);
    expect(isGuessAnswered(app, recordWith(null), PORT_80)).toBe(false);
    expect(isGuessAnswered(app, undefined, PORT_80)).toBe(false);
  });

  it('is another one with another question, and the same with another timing and login', () => {
    const guesses: Probe[] = [
      { http: ':80/' },
      { tcp: ':80' },
      { tcp: ':80', send: 'x' },
      { exec: ['a', 'b'] },
      { exec: ['a'] },
      { rpc: ':80', method: 'a' },
      { rpc: ':80', method: 'b' },
    ];
    expect(new Set(guesses.map((guess) => guessOf(rules(guess)))).size).toBe(guesses.length);
    expect(guessOf(rules({ http: ':80/', everyMs: 5_000, credentials: { env: 'A' } }))).toBe(
      guessOf(PORT_80),
    );
  });

  it('is none where a person wrote it, or nothing is asked', () => {
    expect(guessOf(rules({ http: ':80/' }, 'config'))).toBeNull();
    expect(guessOf(rules([]))).toBeNull();
    expect(isGuessAnswered(app, undefined, rules({ http: ':80/' }, 'config'))).toBe(true);
  });

  it.each([
    ['ok', true],
    ['not-yet', true],
    ['failed', true],
    ['unanswered', false],
  ] as const)('is answered where its probe came to %s: %s', (health, answered) => {
    const probed = {
      health,
      sentence: '',
      share: null,
      leftMs: null,
      since: 0,
      patienceUntil: null,
      needsPerson: false,
    };
    expect(guessAnsweredBy({ container: { probed }, rules: PORT_80 })).toBe(
      answered ? guessOf(PORT_80) : null,
    );
    expect(guessAnsweredBy({ container: {}, rules: PORT_80 })).toBeNull();
  });
});
