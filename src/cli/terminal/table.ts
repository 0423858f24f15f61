/** A cell: its text, and how that is painted once it has its width. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

export type Row = readonly (string | Cell)[];

const GAP = '  ';

/** Rows as lines with aligned columns. The last one is as long as it is, or cut where a line would have more than `most`. Pure. */
export function tableOf(rows: readonly Row[], most = Infinity): readonly string[] {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? { text: cell } : cell)));
  const widths: number[] = [];
  for (const row of cells)
    row.slice(0, -1).forEach(({ text }, column) => {
      widths[column] = Math.max(widths[column] ?? 0, text.length);
    });
  return cells.map((row) => {
    const before = row.slice(0, -1).reduce((sum, _, column) => sum + widths[column]! + GAP.length, 0);
    const parts = row.map(({ text, paint = same }: Cell, column) =>
      column === row.length - 1
        ? paint(cutTo(text, most - before))
        : paint(text) + ' '.repeat(widths[column]! - text.length),
    );
    return parts.join(GAP).trimEnd();
  });
}

/** Text of at most so many characters. Pure. */
export const cutTo = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, Math.max(0, most - 1))}…`;

const same = (text: string): string => text;
