import { describe, expect, it } from 'vitest';
import { tableOf } from './table.js';

describe('a table', () => {
  const rows = [
    ['NAME', 'WHY'],
    ['nextcloud', 'On hold.'],
    ['db', ''],
  ];

  it('aligns its columns, and leaves no spaces at the ends of lines', () => {
    expect(tableOf(rows)).toEqual(['NAME       WHY', 'nextcloud  On hold.', 'db']);
  });

  it('cuts the last column where a line would be too long', () => {
    expect(tableOf(rows, 16)).toEqual(['NAME       WHY', 'nextcloud  On h…', 'db']);
  });

  it('is as wide when it is painted', () => {
    const paint = (text: string) => `<${text}>`;
    expect(
      tableOf(
        [
          [{ text: 'a', paint }, 'x'],
          ['bcd', { text: 'long', paint }],
        ],
        7,
      ),
    ).toEqual(['<a>    x', 'bcd  <l…>']);
  });
});
