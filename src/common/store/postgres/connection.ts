import { Kysely, PostgresDialect, sql } from 'kysely';
import type { PostgresPool } from '../../options/index.js';
import { DeadlinePool, isLostConnection, sqlStateOf } from './deadline-pool.js';
import { migrate, quoted, versionOf, SCHEMA_VERSION, type Tables } from './schema.js';
import { UnfitDatabaseError } from './trouble.js';

/** Of a standby, which cannot be written anyway. */
const IN_RECOVERY = '55000';

/** Encodings that take every text; the second looks at none. */
const TAKES_ALL: ReadonlySet<string> = new Set(['UTF8', 'SQL_ASCII']);

export type Queries = Kysely<Tables>;

/** Reading: all of it as of one moment. */
type Mode = 'reading' | 'writing';

const BEGIN: Readonly<Record<Mode, string>> = {
  reading: 'begin isolation level repeatable read read only',
  writing: 'begin isolation level read committed',
};

/**
 * The store's tables in a PostgreSQL, in a schema of their own. Nothing depends on a session, so each transaction may
 * come to another one. Every method may throw a driver's error, and none takes long.
 */
export class Connection {
  readonly queries: Queries;
  private readonly kysely: Queries;
  private readonly pool: DeadlinePool;
  /** Whether the database tells its timeline; `null`: not known yet. */
  private tellsTimeline: boolean | null = null;

  /** `schema`: a plain name in lower case. */
  constructor(
    pool: PostgresPool,
    readonly schema: string,
    private readonly deadlineMs: number,
  ) {
    this.pool = new DeadlinePool(pool, deadlineMs);
    this.kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: this.pool }) });
    this.queries = this.kysely.withSchema(schema);
  }

  /**
   * Brings the schema up to date, unless it is newer; gives its version.
   *
   * @throws UnfitDatabaseError when it cannot keep every text
   */
  async prepare(): Promise<number> {
    await this.checkEncoding();
    if ((await versionOf(this.queries, this.schema)) < SCHEMA_VERSION) {
      await this.transaction('writing', (queries) => migrate(queries, this.schema));
    }
    await this.learnTimeline();
    return versionOf(this.queries, this.schema);
  }

  /** Like Kysely's own, but in one round trip it begins and says that the database may end it when we no longer answer. */
  transaction<T>(mode: Mode, work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.kysely.connection().execute(async (connection) => {
      await sql.raw(`${BEGIN[mode]}; ${this.bounds}`).execute(connection);
      try {
        const done = await work(connection.withSchema(this.schema));
        await sql`commit`.execute(connection);
        return done;
      } catch (error) {
        await sql`rollback`.execute(connection).catch(() => undefined);
        throw error;
      }
    });
  }

  /** Does it again when the connection was lost under it: it must come to the same when it was done already. */
  async twice<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isLostConnection(error)) return work();
      throw error;
    }
  }

  /** What the database is: another after a failover, or when its tables were restored from a copy. */
  get origin() {
    const table = sql`to_regclass(${`${quoted(this.schema)}.log`})::oid::text`;
    const timeline = sql`substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)`;
    return this.tellsTimeline === true ? sql<string>`${timeline} || ':' || ${table}` : sql<string>`${table}`;
  }

  /** A table, in SQL of our own; Kysely's gets the schema by itself. */
  table(name: keyof Tables) {
    return sql.table(`${this.schema}.${name}`);
  }

  /** Wakes the other processes, once the transaction is done. `id`: who need not wake. */
  async wakeOthers(queries: Queries, id: string): Promise<void> {
    await sql`select ${this.waking(id)}`.execute(queries);
  }

  /** The same as {@link wakeOthers}, within a question. */
  waking(id: string) {
    return sql`pg_notify(${this.schema}, ${id})`;
  }

  async close(): Promise<void> {
    await this.kysely.destroy();
    await this.pool.end();
  }

  private get bounds(): string {
    const names = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];
    return names.map((name) => `set local ${name} = ${this.deadlineMs}`).join('; ');
  }

  private async checkEncoding(): Promise<void> {
    const { rows } = await sql<{ encoding: string }>`
      select current_setting('server_encoding') as encoding`.execute(this.queries);
    const { encoding } = rows[0]!;
    if (TAKES_ALL.has(encoding)) return;
    throw new UnfitDatabaseError(
      `Its encoding is ${encoding}, which cannot keep every text. Make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.`,
    );
  }

  /** Some services have no such function, or keep it to themselves. */
  private async learnTimeline(): Promise<void> {
    if (this.tellsTimeline !== null) return;
    try {
      await sql`select pg_walfile_name(pg_current_wal_lsn())`.execute(this.queries);
      this.tellsTimeline = true;
    } catch (error) {
      const state = sqlStateOf(error);
      if (state === null || state === IN_RECOVERY) throw error;
      this.tellsTimeline = false;
    }
  }
}
