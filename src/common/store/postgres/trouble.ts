import { readable } from '../../text/index.js';
import type { Trouble, TroubleKind } from '../kept/trouble.js';
import { sqlStateOf } from './deadline-pool.js';

/** A database that can never be used as it is. The message says why, and what to do. */
export class UnfitDatabaseError extends Error {}

/** Of a driver's own words, so many characters are shown. */
const WORDS = 1_000;

/** What an error of the driver or the database means. `name`: the database's. */
export function troubleOf(error: unknown, name: string): Trouble {
  if (error instanceof UnfitDatabaseError) {
    return { kind: 'unusable', reason: `The database ${name} cannot be used. ${error.message}` };
  }
  const detail = readable(wordsOf(error), WORDS);
  const kind = kindOf(sqlStateOf(error));
  return { kind, reason: `${sentenceOf(kind, name, sqlStateOf(error))} (${detail})` };
}

/** Where a name has several addresses, each has an error of its own, and the whole none. */
function wordsOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : { cause: undefined };
  const one = cause ?? error;
  if (one instanceof AggregateError && one.message === '') return one.errors.map(wordsOf).join('; ');
  return one instanceof Error ? one.message : String(one);
}

/** By class or code; https://www.postgresql.org/docs/15/errcodes-appendix.html. */
const BY_STATE: readonly (readonly [RegExp, TroubleKind])[] = [
  [/^25006$/, 'read-only'],
  [/^(53100|53200)$/, 'full'],
  [/^(XX001|XX002)$/, 'corrupt'],
  [/^(28|3D|42|3F)/, 'unusable'],
  [/^(22|23|54)/, 'refused'],
];

const kindOf = (state: string | null): TroubleKind =>
  BY_STATE.find(([pattern]) => state !== null && pattern.test(state))?.[1] ?? 'unreachable';

function sentenceOf(kind: TroubleKind, name: string, state: string | null): string {
  if (state === '42501') {
    return `The database ${name} does not let its user keep anything. Let that user own the schema; see docs/storage.md.`;
  }
  return SENTENCES[kind](name);
}

const SENTENCES: Readonly<Record<TroubleKind, (name: string) => string>> = {
  locked: (name) => `The database ${name} is locked.`,
  full: (name) => `There is no room left to write the database ${name}. Free some space.`,
  'read-only': (name) =>
    `The database ${name} cannot be written. Check that the address leads to the primary, not to a standby.`,
  corrupt: (name) => `The database ${name} is damaged. Restore it from a backup.`,
  unreachable: (name) => `The database ${name} does not answer. Check that it runs, and the network to it.`,
  unusable: (name) =>
    `The database ${name} cannot be used. Check its name, the user and its password in storage.url, and that user's rights.`,
  refused: (name) =>
    `The database ${name} answers, and refuses what is to be written. Look for a name or a text that is longer than can be meant, or report it.`,
};
