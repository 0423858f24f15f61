import { styleText } from 'node:util';

export type Colour = 'red' | 'yellow' | 'green' | 'dim' | 'bold';

/** Where a command prints to. */
export interface Output {
  /** Whether a person looks at it as it comes. */
  readonly isTerminal: boolean;
  /** As of now. Lines longer than that are wrapped by the terminal. */
  size(): { readonly columns: number; readonly rows: number };
  /** One line. */
  print(line: string): void;
  /** As it is. */
  write(text: string): void;
  /** The text in a colour where colours are shown and wanted (`NO_COLOR`), else as it is. */
  readonly paint: (colour: Colour, text: string) => string;
}

/** Prints to stdout. Whoever reads on no longer (`| head`) ends the command. */
export function standardOutput(): Output {
  const { stdout } = process;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  // A stream that is no terminal has no such method at all.
  const isTerminal = stdout.isTTY === true;
  const hasColours = isTerminal && stdout.hasColors();
  return {
    isTerminal,
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    print: (line) => void stdout.write(`${line}\n`),
    write: (text) => void stdout.write(text),
    paint: (colour, text) => (hasColours ? styleText(colour, text) : text),
  };
}

/** An answer as JSON, two spaces deep. What a terminal would take for a command, or not show, is escaped. Pure. */
export const jsonOf = (value: unknown): string =>
  JSON.stringify(value, null, 2).replaceAll(/(?!\n)[\p{Cc}\p{Cf}]/gu, escaped);

const escaped = (unseen: string): string =>
  [...Array(unseen.length).keys()]
    .map((index) => `\\u${unseen.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('');
