import { readable } from '../../common/text/index.js';
import { RuntimeError } from '../runtime/index.js';

/** Of an error that nobody expected, so many characters are kept. */
const WORDS = 1_000;

/** What an error says, as people may read it: the engine's words, or, of an error of another kind, its message. */
export const wordsOf = (error: unknown): string =>
  error instanceof RuntimeError
    ? error.message
    : readable(`An unexpected error: ${error instanceof Error ? error.message : String(error)}`, WORDS);
