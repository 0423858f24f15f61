import { readable } from '../../text/index.js';
import type { Trouble, TroubleKind } from '../kept/trouble.js';
import { NoSqliteError } from './driver.js';
import { NewerSchemaError } from './schema.js';

/** Of a driver's own words, so many characters are shown. */
const WORDS = 1_000;

/** What an error of a driver or the file system means. `path` is the database's. */
export function troubleOf(error: unknown, path: string): Trouble {
  const detail = readable(error instanceof Error ? error.message : String(error), WORDS);
  if (error instanceof NoSqliteError || error instanceof NewerSchemaError) {
    return { kind: 'unusable', reason: `The database ${path} cannot be used. ${detail}` };
  }
  const kind = kindOf(error);
  return { kind, reason: `${SENTENCES[kind](path)} (${detail})` };
}

const SENTENCES: Readonly<Record<TroubleKind, (path: string) => string>> = {
  locked: (path) => `The database ${path} is locked by another program. Close what has it open.`,
  full: (path) => `There is no room left to write the database ${path}. Free some space.`,
  'read-only': (path) =>
    `The database ${path} cannot be written. Check its owner, its mode and whether its disk is mounted read-only.`,
  corrupt: (path) => `The database ${path} is damaged.`,
  unreachable: (path) => `The database ${path} cannot be opened or read. Check its folder and its disk.`,
  unusable: (path) => `The database ${path} cannot be used.`,
  refused: (path) => `The database ${path} refuses what is to be written.`,
};

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html. */
const BY_RESULT_CODE: Readonly<Record<number, TroubleKind>> = {
  5: 'locked',
  6: 'locked',
  8: 'read-only',
  10: 'unreachable',
  11: 'corrupt',
  13: 'full',
  14: 'unreachable',
  26: 'corrupt',
};

const BY_NAME: readonly (readonly [RegExp, TroubleKind])[] = [
  [/^SQLITE_(BUSY|LOCKED)/, 'locked'],
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)/, 'full'],
  [/^(SQLITE_READONLY|EACCES|EPERM|EROFS)/, 'read-only'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'corrupt'],
];

function kindOf(error: unknown): TroubleKind {
  const { code, errcode } = (error ?? {}) as { code?: unknown; errcode?: unknown };
  if (typeof errcode === 'number') return BY_RESULT_CODE[errcode & 0xff] ?? 'unreachable';
  const name = typeof code === 'string' ? code : '';
  return BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? 'unreachable';
}
