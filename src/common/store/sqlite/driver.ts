import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

/** A connection, and what the store needs beside Kysely's queries. */
export interface SqliteConnection extends SqliteDatabase {
  exec(sql: string): void;
}

/** Opens a connection to the file, which is made when there is none. */
export type Connect = (path: string) => Promise<SqliteConnection>;

/** Waiting for another process's lock blocks the whole process, so it is kept short; `tick` tries again. */
const BUSY_TIMEOUT_MS = 50;

/** Neither driver can be loaded. The message says what to do. */
export class NoSqliteError extends Error {}

/** Opens `path` with `node:sqlite` where Node has it, else with better-sqlite3. The file is for its owner only. */
export const connect: Connect = async (path) => {
  const open = await loadDriver();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  createIfMissing(path);
  chmodSync(path, 0o600);
  const connection = open(path);
  connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return connection;
};

/**
 * Never opens a file that is there: closing it would drop all locks that this process has on it.
 * https://www.sqlite.org/howtocorrupt.html, section 2.2.
 */
function createIfMissing(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

let driver: Promise<(path: string) => SqliteConnection> | undefined;

function loadDriver(): Promise<(path: string) => SqliteConnection> {
  driver ??= fromNode().catch(() => fromPackage());
  driver.catch(() => (driver = undefined));
  return driver;
}

interface NodeStatement {
  all(...parameters: unknown[]): unknown[];
  run(...parameters: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  iterate(...parameters: unknown[]): IterableIterator<unknown>;
}
interface NodeDatabase {
  prepare(sql: string): NodeStatement;
  exec(sql: string): void;
  close(): void;
}

async function fromNode(): Promise<(path: string) => SqliteConnection> {
  const name: string = 'node:sqlite';
  const { DatabaseSync } = (await import(name)) as { DatabaseSync: new (path: string) => NodeDatabase };
  return (path) => {
    const database = new DatabaseSync(path);
    return {
      prepare: (sql) => asKyselyStatement(sql, database.prepare(sql)),
      exec: (sql) => database.exec(sql),
      close: () => database.close(),
    };
  };
}

const ANSWERS_ROWS = /^\s*(select|pragma|with|explain)\b|\breturning\b/i;

function asKyselyStatement(sql: string, statement: NodeStatement): SqliteStatement {
  return {
    reader: ANSWERS_ROWS.test(sql),
    all: (parameters) => statement.all(...parameters),
    run: (parameters) => statement.run(...parameters),
    iterate: (parameters) => statement.iterate(...parameters),
  };
}

async function fromPackage(): Promise<(path: string) => SqliteConnection> {
  try {
    const { default: Database } = await import('better-sqlite3');
    new Database(':memory:').close();
    return (path) => {
      const database = new Database(path);
      return {
        prepare: (sql) => database.prepare(sql),
        exec: (sql) => void database.exec(sql),
        close: () => void database.close(),
      };
    };
  } catch (error) {
    throw new NoSqliteError(
      `No SQLite driver can be loaded: Node ${process.versions.node} has no node:sqlite, and better-sqlite3 is missing ` +
        `or was not built (${firstLine(error)}). Use Node 22.13 or newer; or run "npm install better-sqlite3" where its ` +
        `prebuilt binary can be downloaded or a C++ compiler is installed; or set storage: { kind: 'memory' }, which ` +
        `forgets everything when the process ends.`,
    );
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
