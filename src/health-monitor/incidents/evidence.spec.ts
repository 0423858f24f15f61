import { describe, expect, it } from 'vitest';
import { aCheck, aContainer, anExited, NOON } from '../../../test/support/situation.js';
import { EVIDENCE_LOG_LINES, evidenceOf } from './evidence.js';

describe('evidence', () => {
  it('is the last twenty lines, each bounded, on one line, without colours', () => {
    const log = Array.from(
      { length: 50 },
      (_, index) => `\u001b[31mline ${index}\u001b[0m\u0007${'x'.repeat(2_000)}`,
    );
    const evidence = evidenceOf(anExited({ exitCode: 139 }), log, NOON);
    expect(evidence.log).toHaveLength(EVIDENCE_LOG_LINES);
    expect(evidence.log[0]).toMatch(/^line 30x+…$/);
    expect(Math.max(...evidence.log.map((line) => line.length))).toBeLessThanOrEqual(501);
    expect(evidence).toMatchObject({ exitCode: 139, signal: 'SIGSEGV', oomKilled: false, health: null });
  });

  it('masks before it cuts, since a cut could hide what a secret is', () => {
    const evidence = evidenceOf(anExited(), [`${'x'.repeat(480)} password=hunter2hunter2`], NOON);
    expect(evidence.log[0]).not.toContain('hunter2');
  });

  it('masks a secret that takes several lines, of which one alone would not tell', () => {
    const log = ['db:', '  password: >-', '    correcthorse', '  user: me'];
    expect(evidenceOf(anExited(), log, NOON).log).toEqual(['db:', '  password: >-', '•••', '  user: me']);
  });

  it('of one that is up has no exit, but the words of its check, masked', () => {
    const container = aContainer({ exitCode: 1, healthCheck: aCheck({ lastOutput: 'token=abc refused' }) });
    expect(evidenceOf(container, [], NOON)).toMatchObject({ exitCode: null, health: 'token=••• refused' });
  });

  it('believes the engine that memory was short only together with 137', () => {
    expect(evidenceOf(anExited({ exitCode: 3, oomKilled: true }), [], NOON).oomKilled).toBe(false);
    expect(evidenceOf(anExited({ exitCode: 137, oomKilled: true }), [], NOON).oomKilled).toBe(true);
  });
});
