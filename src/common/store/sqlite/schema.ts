import type { KeptTables } from '../kept/rows.js';
import type { SqliteConnection } from './driver.js';

export interface Tables extends KeptTables {
  meta: { key: string; value: string };
  document: { collection: string; key: string; value: string };
}

/** Each step brings the schema from its index to the next version, kept in `PRAGMA user_version`. Steps are only added. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE document (
     collection TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
     PRIMARY KEY (collection, key)
   );
   CREATE TABLE event (
     seq INTEGER PRIMARY KEY, at TEXT NOT NULL, type TEXT NOT NULL, container TEXT, data TEXT NOT NULL
   );
   CREATE TABLE event_detail (seq INTEGER PRIMARY KEY, detail TEXT NOT NULL);
   CREATE INDEX event_by_container ON event (container, seq) WHERE container IS NOT NULL;
   CREATE TABLE memory_sample (
     at INTEGER NOT NULL, container TEXT NOT NULL, used_bytes INTEGER NOT NULL, limit_bytes INTEGER,
     PRIMARY KEY (at, container)
   ) WITHOUT ROWID;`,
  'ALTER TABLE event ADD COLUMN host TEXT;',
];

export class NewerSchemaError extends Error {}

/** Brings the schema up to date, one transaction a step. Throws {@link NewerSchemaError} rather than touch a newer one. */
export function migrate(connection: SqliteConnection): void {
  const [row] = connection.prepare('PRAGMA user_version').all([]) as [{ user_version: number }];
  const version = row.user_version;
  if (version > MIGRATIONS.length) {
    throw new NewerSchemaError(
      `Its schema is version ${version}; this release knows ${MIGRATIONS.length}. Update the package, or use another file.`,
    );
  }
  MIGRATIONS.slice(version).forEach((step, index) => {
    connection.exec(`BEGIN IMMEDIATE; ${step} PRAGMA user_version = ${version + index + 1}; COMMIT;`);
  });
}
