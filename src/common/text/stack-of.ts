import { readable } from './readable.js';

const MOST_CHARACTERS = 10_000;

/** What the server's log shows of an error, whose words may be those of an engine, a database or another server. */
export const stackOf = (error: unknown): string =>
  readable(error instanceof Error ? (error.stack ?? error.message) : String(error), MOST_CHARACTERS);
