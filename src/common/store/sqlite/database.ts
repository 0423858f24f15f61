import { Kysely, SqliteDialect, sql } from 'kysely';
import type { HealthEvent, MemoryTick } from '../../events/index.js';
import type { EventQuery, MemoryQuery, Put } from '../health-store.js';
import type { KeptState } from '../working-copy.js';
import type { Connect, SqliteConnection } from './driver.js';
import { dropOld } from './drop-old.js';
import { eventOf } from './event-rows.js';
import { isOnHost, ticksOf } from './memory-rows.js';
import { parsed } from './parsed.js';
import { migrate, type Tables } from './schema.js';
import { writeBatch, type WriteBatch } from './write-batch.js';

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

  /** Events up to and with `until`. */
  async events({ after, container, limit }: EventQuery, until: number): Promise<HealthEvent[]> {
    let query = this.kysely
      .selectFrom('event')
      .leftJoin('event_detail', 'event_detail.seq', 'event.seq')
      .selectAll('event')
      .select('event_detail.detail')
      .where('event.seq', '<=', until)
      .limit(limit);
    if (after !== undefined) query = query.where('event.seq', '>', after);
    if (container !== undefined) query = query.where('event.container', '=', container);
    const rows = await query.orderBy('event.seq', after === undefined ? 'desc' : 'asc').execute();
    if (after === undefined) rows.reverse();
    return rows.map(({ detail, ...event }) => eventOf(event, detail));
  }

  async memory({ since, container, host }: MemoryQuery): Promise<MemoryTick[]> {
    let query = this.kysely.selectFrom('memory_sample').selectAll().where('at', '>=', Date.parse(since));
    if (container !== undefined) query = query.where('container', '=', container);
    if (host !== undefined) query = query.where(isOnHost(host));
    return ticksOf(await query.orderBy('at').execute());
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
