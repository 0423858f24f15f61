import { readableLines } from '../../../common/text/index.js';
import { type Execution } from '../container.js';
import { RuntimeError } from '../runtime-error.js';

/** Of what a command writes, no more is kept until its end. */
export const OUTPUT_KEPT_BYTES = 32 * 1024;

const SHOWN_CHARACTERS = 4_000;
/** The engine's own exit codes; 255 is what its command line makes of 125. A command of the container's may have them, too. */
const MAY_BE_THE_ENGINES: ReadonlySet<number> = new Set([125, 126, 127, 255]);
const NOT_INVOKED = /^Error: .*\bOCI (?:runtime|permission)\b/;

/**
 * How a command ended, from its exit code and the end of what it wrote, in one stream or more: secrets masked, and then
 * the last lines of it.
 *
 * @throws RuntimeError `refused` when the engine says that it could not be run at all: it is not there, or no program
 */
export function readExecution(exitCode: number, ...ends: readonly Buffer[]): Execution {
  const lines = ends.flatMap((end) => wholeLinesOf(end).split(/\r?\n/));
  const notInvoked = MAY_BE_THE_ENGINES.has(exitCode) && lines.find((line) => NOT_INVOKED.test(line));
  if (notInvoked) throw new RuntimeError('refused', notInvoked.replace('Error: ', ''));
  return { exitCode, output: lastOf(readableLines(lines, SHOWN_CHARACTERS)) };
}

/** Of a line whose beginning is missing nobody can tell what in it is a secret. */
function wholeLinesOf(end: Buffer): string {
  if (end.length < OUTPUT_KEPT_BYTES) return end.toString('utf8');
  const newline = end.indexOf('\n');
  return newline < 0 ? '' : end.subarray(newline + 1).toString('utf8');
}

function lastOf(lines: readonly string[]): string {
  const written = lines.filter((line) => line.trim() !== '').map((line) => line.trimEnd());
  const last = written.at(-1);
  if (last === undefined) return '';
  // The cut of a line that is too long is one character more.
  let output = last.slice(0, SHOWN_CHARACTERS);
  for (const line of written.slice(0, -1).reverse()) {
    if (line.length + 1 + output.length > SHOWN_CHARACTERS) break;
    output = `${line}\n${output}`;
  }
  return output;
}
