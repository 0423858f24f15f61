import { Kysely, SqliteDialect, sql } from 'kysely';
import type { HealthEvent, MemoryTick } from '../../events/index.js';
import type { EventQuery, MemoryQuery, Put } from '../health-store.js';
import { dropOld } from '../kept/drop-old.js';
import { parsed } from '../kept/parsed.js';
import { eventsIn, memoryIn } from '../kept/read-log.js';
import type { WriteBatch } from '../kept/write-batch.js';
import type { KeptState } from '../working-copy.js';
import type { Connect, SqliteConnection } from './driver.js';
import { migrate, type Tables } from './schema.js';
import { writeBatch } from './write-batch.js';

/** A connection to the store's database: WAL, an fsync with each commit. Every method may throw a driver's error. */
export class Database {
  private readonly kysely: Kysely<Tables>;

  private constructor(private readonly connection: SqliteConnection) {
    this.kysely = new Kysely<Tables>({ dialect: new SqliteDialect({ database: connection }) });
  }

  /** `migrating` false: for reading only, by a process that is not the writer. */
  static async open(
    path: string,
    connect: Connect,
    { migrating }: { migrating: boolean },
  ): Promise<Database> {
    const connection = await connect(path);
    try {
      connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
      if (migrating) migrate(connection);
    } catch (error) {
      connection.close();
      throw error;
    }
    return new Database(connection);
  }

  async close(): Promise<void> {
    await this.kysely.destroy();
  }

  /** What it holds. `epoch` is null in a new one. */
  async load(): Promise<KeptState> {
    const meta = new Map(
      (await this.kysely.selectFrom('meta').selectAll().execute()).map(({ key, value }) => [key, value]),
    );
    const rows = await this.kysely
      .selectFrom('document')
      .selectAll()
      .orderBy(sql`rowid`)
      .execute();
    return {
      epoch: meta.get('epoch') ?? null,
      head: Number(meta.get('head') ?? 0),
      documents: rows.map(({ value, ...row }) => ({ ...row, value: parsed(value) }) as Put),
    };
  }

  /** Writes all of it in one transaction, or nothing. */
  async write(batch: WriteBatch): Promise<void> {
    await this.inTransaction((queries) => writeBatch({ queries, connection: this.connection }, batch));
  }

  /** Writes all batches in one transaction, or nothing. */
  async writeAll(batches: AsyncIterable<WriteBatch>): Promise<void> {
    await this.inTransaction(async (queries) => {
      for await (const batch of batches) await writeBatch({ queries, connection: this.connection }, batch);
    });
  }

  /** Events up to and with `until`. */
  events(query: EventQuery, until: number): Promise<HealthEvent[]> {
    return eventsIn(this.kysely, query, until);
  }

  memory(query: MemoryQuery): Promise<MemoryTick[]> {
    return memoryIn(this.kysely, query);
  }

  /** Drops what is too old, and the details of what is kept longer than a day. */
  async retain(now: number): Promise<void> {
    await this.inTransaction((queries) => dropOld(queries, now));
  }

  /** Like Kysely's own, but a failed rollback never hides why it was needed: SQLite rolls back by itself when full. */
  private async inTransaction(work: (queries: Kysely<Tables>) => Promise<void>): Promise<void> {
    await this.kysely.connection().execute(async (connection) => {
      await sql`begin immediate`.execute(connection);
      try {
        await work(connection);
        await sql`commit`.execute(connection);
      } catch (error) {
        await sql`rollback`.execute(connection).catch(() => undefined);
        throw error;
      }
    });
  }
}
