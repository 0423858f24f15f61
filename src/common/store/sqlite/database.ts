import { Kysely, SqliteDialect, sql, type Compilable } from 'kysely';
import type { HealthEvent, MemoryTick } from '../../events/index.js';
import type { EventQuery, MemoryQuery, Put, Remove } from '../health-store.js';
import {
  KEEP_EVENTS,
  KEEP_EVENTS_MS,
  KEEP_MEMORY_MS,
  KEEP_WHOLE_EVENTS,
  KEEP_WHOLE_MS,
} from '../retention.js';
import type { Connect, SqliteConnection } from './driver.js';
import { eventOf, rowsOf } from './event-rows.js';
import { migrate, type Tables } from './schema.js';

/** What one transaction writes. */
export interface Batch {
  /** Drop all documents but those in `put`. */
  readonly replaceDocuments: boolean;
  readonly put: readonly Put[];
  readonly remove: readonly Remove[];
  readonly events: readonly HealthEvent[];
  readonly ticks: readonly MemoryTick[];
  /** Drop the log before `events`, which would have a hole otherwise. */
  readonly dropEarlierEvents: boolean;
  readonly epoch: string;
  readonly head: number;
}

/** What a database holds at its opening. */
export interface Contents {
  /** `null`: a new database. */
  readonly epoch: string | null;
  readonly head: number;
  readonly documents: readonly Put[];
  /** Documents that could not be read, as `collection/key`. */
  readonly unreadable: readonly string[];
}

/** The SQL of the store: one connection, WAL, an fsync with each commit. Every method may throw a driver's error. */
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

  async load(): Promise<Contents> {
    const meta = new Map(
      (await this.kysely.selectFrom('meta').selectAll().execute()).map(({ key, value }) => [key, value]),
    );
    const rows = await this.kysely
      .selectFrom('document')
      .selectAll()
      .orderBy(sql`rowid`)
      .execute();
    const documents: Put[] = [];
    const unreadable: string[] = [];
    for (const { collection, key, value } of rows) {
      try {
        documents.push({ collection, key, value: JSON.parse(value) as unknown } as Put);
      } catch {
        unreadable.push(`${collection}/${key}`);
      }
    }
    return { epoch: meta.get('epoch') ?? null, head: Number(meta.get('head') ?? 0), documents, unreadable };
  }

  /** Writes all of it in one transaction, or nothing. */
  async write(batch: Batch): Promise<void> {
    await this.inTransaction(async (transaction) => {
      await this.writeDocuments(transaction, batch);
      await this.writeEvents(transaction, batch);
      this.writeTicks(transaction, batch.ticks);
      this.writeMeta(transaction, batch);
    });
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

  async memory({ since, container }: MemoryQuery): Promise<MemoryTick[]> {
    let query = this.kysely.selectFrom('memory_sample').selectAll().where('at', '>=', Date.parse(since));
    if (container !== undefined) query = query.where('container', '=', container);
    const ticks: { at: string; samples: MemoryTick['samples'][number][] }[] = [];
    let latest: number | null = null;
    for (const row of await query.orderBy('at').execute()) {
      if (row.at !== latest) ticks.push({ at: new Date((latest = row.at)).toISOString(), samples: [] });
      ticks
        .at(-1)
        ?.samples.push({ container: row.container, usedBytes: row.used_bytes, limitBytes: row.limit_bytes });
    }
    return ticks;
  }

  /** Drops what is too old, and the details of what is kept longer than a day. */
  async retain(now: number): Promise<void> {
    await this.inTransaction(async (transaction) => {
      const head = await lastSeq(transaction);
      const firstKept = await firstSince(transaction, 'event', now - KEEP_EVENTS_MS);
      await dropEvents(transaction, Math.max(firstKept ?? head + 1, head - KEEP_EVENTS + 1));
      const firstWhole = await firstSince(transaction, 'event_detail', now - KEEP_WHOLE_MS);
      await transaction
        .deleteFrom('event_detail')
        .where('seq', '<', Math.min(firstWhole ?? head + 1, head - KEEP_WHOLE_EVENTS + 1))
        .execute();
      await transaction
        .deleteFrom('memory_sample')
        .where('at', '<', now - KEEP_MEMORY_MS)
        .execute();
    });
  }

  private async writeDocuments(
    transaction: Kysely<Tables>,
    { put, remove, replaceDocuments }: Batch,
  ): Promise<void> {
    if (replaceDocuments) await transaction.deleteFrom('document').execute();
    for (const { collection, key } of remove) {
      await transaction
        .deleteFrom('document')
        .where('collection', '=', collection)
        .where('key', '=', key)
        .execute();
    }
    const rows = put.map(({ collection, key, value }) => ({ collection, key, value: JSON.stringify(value) }));
    this.insertEach(rows, (row) =>
      transaction
        .insertInto('document')
        .values(row)
        .onConflict((conflict) =>
          conflict
            .columns(['collection', 'key'])
            .doUpdateSet((row) => ({ value: row.ref('excluded.value') })),
        ),
    );
  }

  private async writeEvents(
    transaction: Kysely<Tables>,
    { events, head, dropEarlierEvents }: Batch,
  ): Promise<void> {
    if (dropEarlierEvents) await dropEvents(transaction, events[0]?.seq ?? head + 1);
    const rows = events.map(rowsOf);
    const details = rows.flatMap(({ event: { seq }, detail }) => (detail === null ? [] : [{ seq, detail }]));
    // There already when an earlier commit was reported as failed, but was not.
    this.insertEach(
      rows.map(({ event }) => event),
      (row) =>
        transaction
          .insertInto('event')
          .values(row)
          .onConflict((conflict) => conflict.column('seq').doNothing()),
    );
    this.insertEach(details, (row) =>
      transaction
        .insertInto('event_detail')
        .values(row)
        .onConflict((conflict) => conflict.column('seq').doNothing()),
    );
  }

  private writeTicks(transaction: Kysely<Tables>, ticks: readonly MemoryTick[]): void {
    const rows = ticks.flatMap(({ at, samples }) =>
      samples.map(({ container, usedBytes, limitBytes }) => ({
        at: Date.parse(at),
        container,
        used_bytes: Math.round(usedBytes),
        limit_bytes: limitBytes === null ? null : Math.round(limitBytes),
      })),
    );
    this.insertEach(rows, (row) =>
      transaction
        .insertInto('memory_sample')
        .values(row)
        .onConflict((conflict) => conflict.columns(['at', 'container']).doNothing()),
    );
  }

  private writeMeta(transaction: Kysely<Tables>, { epoch, head }: Batch): void {
    const rows = [
      { key: 'epoch', value: epoch },
      { key: 'head', value: String(head) },
    ];
    this.insertEach(rows, (row) =>
      transaction
        .insertInto('meta')
        .values(row)
        .onConflict((conflict) =>
          conflict.column('key').doUpdateSet((row) => ({ value: row.ref('excluded.value') })),
        ),
    );
  }

  /**
   * Inserts rows with one prepared statement, made for the first and run for each: to build and parse a statement of
   * all rows takes longer than to write them. Every row has the same columns, in the same order.
   */
  private insertEach<R extends object>(rows: readonly R[], insert: (row: R) => Compilable): void {
    const [first] = rows;
    if (first === undefined) return;
    const statement = this.connection.prepare(insert(first).compile().sql);
    for (const row of rows) statement.run(Object.values(row));
  }

  /** Like Kysely's own, but a failed rollback never hides why it was needed: SQLite rolls back by itself when full. */
  private async inTransaction(work: (transaction: Kysely<Tables>) => Promise<void>): Promise<void> {
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

async function lastSeq(transaction: Kysely<Tables>): Promise<number> {
  const row = await transaction
    .selectFrom('event')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .executeTakeFirst();
  return row?.seq ?? 0;
}

/** The first event at or after that moment, in the log's order from the first in `table`; `undefined`: all are older. */
async function firstSince(
  transaction: Kysely<Tables>,
  table: 'event' | 'event_detail',
  moment: number,
): Promise<number | undefined> {
  const row = await transaction
    .selectFrom('event')
    .select('seq')
    .where('seq', '>=', (query) =>
      query.selectFrom(table).select(({ fn }) => fn.min(`${table}.seq`).as('seq')),
    )
    .where('at', '>=', new Date(moment).toISOString())
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  return row?.seq;
}

async function dropEvents(transaction: Kysely<Tables>, before: number): Promise<void> {
  await transaction.deleteFrom('event').where('seq', '<', before).execute();
  await transaction.deleteFrom('event_detail').where('seq', '<', before).execute();
}
