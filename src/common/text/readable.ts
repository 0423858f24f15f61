import { beginningOf, cut, lastLines } from './bounded-text.js';
import { maskSecrets } from './mask-secrets.js';
import { plainText } from './plain-text.js';

/** No more of a text is looked at: far more than is ever shown, and little enough to take no time. UTF-16 units. */
const MOST_READ = 65_536;
const SENTENCE = 300;

/**
 * The gate through which all text from outside goes, before it is kept, logged, shown or sent: the words of an engine,
 * a command, a health check, a container or a receiver. What a terminal would not show is taken out, secrets become
 * `•••`, and only then is it cut to `most` UTF-16 units (and `…`), since a cut could hide what tells that something is
 * a secret. Of a longer text than 65,536 units the beginning is read. What passed once passes again unchanged.
 */
export function readable(text: string, most: number): string {
  return cut(maskSecrets(plainText(beginningOf(text, MOST_READ))), most);
}

/**
 * The same for the lines of a log, oldest first, each cut to `most`. They are masked as one text, since a secret may
 * take several: such a one leaves one line. Of more than 65,536 units the last lines are read.
 */
export function readableLines(lines: readonly string[], most: number): readonly string[] {
  if (lines.length === 0) return [];
  const text = plainText(lastLines(lines, MOST_READ).join('\n'));
  return maskSecrets(text)
    .split('\n')
    .map((line) => cut(line, most));
}

/** The same as one sentence on one line, of at most 301 characters. */
export function asSentence(text: string): string {
  const line = readable(text, SENTENCE).replaceAll(/\s+/g, ' ').trim();
  return /[.!?…]$/.test(line) ? line : `${line}.`;
}
