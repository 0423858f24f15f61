import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DECISIONS, type DecisionMeaning } from './decision-catalogue.js';

const PROBLEM = { no: 'no', unknown: 'not known yet', yes: 'yes' } as const;

const cells = (code: string, { when, status, problem, event }: DecisionMeaning): string[] => [
  `\`${code}\``,
  when,
  status === null ? 'as it is' : `\`${status}\``,
  PROBLEM[problem],
  event === null ? '' : `\`${event}\``,
];

describe('the catalogue of decisions', () => {
  it('is the table that the documentation shows', () => {
    const page = readFileSync('docs/how-it-decides.md', 'utf8');
    const shown = page
      .split('\n')
      .filter((line) => /^\| `[a-z-]+` +\|/.test(line) && line.split('|').length === 7)
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    expect(shown).toEqual(Object.entries(DECISIONS).map(([code, meaning]) => cells(code, meaning)));
  });

  it('holds others back only by what is not done yet', () => {
    const acts = Object.values<DecisionMeaning>(DECISIONS).filter(({ answers }) => answers !== null);
    expect(acts.filter(({ holdsBack }) => holdsBack)).toEqual([]);
  });
});
