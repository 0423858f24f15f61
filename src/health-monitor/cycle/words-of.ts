import { readableText } from '../incidents/index.js';
import { RuntimeError } from '../runtime/index.js';

/** Of an engine's own words, so many characters are kept. */
const WORDS = 1_000;

/** What an error says, as people may read it: the engine's words, or, of an error of another kind, its message. */
export const wordsOf = (error: unknown): string =>
  error instanceof RuntimeError
    ? readableText(error.message, WORDS)
    : readableText(`An unexpected error: ${error instanceof Error ? error.message : String(error)}`, WORDS);
