import { Kysely, SqliteDialect, sql } from 'kysely';
import type { HealthEvent, MemoryTick } from '../../events/index.js';
import type { EventQuery, MemoryQuery, Put, Remove } from '../health-store.js';
import {
  KEEP_EVENTS,
  KEEP_EVENTS_MS,
  KEEP_MEMORY_MS,
  KEEP_WHOLE_EVENTS,
  KEEP_WHOLE_MS,
} from '../retention.js';
import type { Connect } from './driver.js';
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

/** SQLite takes 32,766 parameters a statement. */
const ROWS_PER_INSERT = 1_000;

/** The SQL of the store: one connection, WAL, an fsync with each commit. Every method may throw a driver's error. */
export class Database {
  private constructor(private readonly kysely: Kysely<Tables>) {}

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
    return new Database(new Kysely<Tables>({ dialect: new SqliteDialect({ database: connection }) }));
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
      await writeDocuments(transaction, batch);
      await writeEvents(transaction, batch);
      await writeTicks(transaction, batch.ticks);
      await writeMeta(transaction, [
        { key: 'epoch', value: batch.epoch },
        { key: 'head', value: String(batch.head) },
      ]);
    });
  }

  /** Events up to and with `until`. */
  async events({ after, container, limit }: EventQuery, until: number): Promise<HealthEvent[]> {
    let query = this.kysely.selectFrom('event').selectAll().where('seq', '<=', until).limit(limit);
    if (after !== undefined) query = query.where('seq', '>', after);
    if (container !== undefined) query = query.where('container', '=', container);
    const rows = await query.orderBy('seq', after === undefined ? 'desc' : 'asc').execute();
    if (after === undefined) rows.reverse();
    return rows.map(
      ({ seq, at, type, container, data }) =>
        ({
          seq,
          at,
          type,
          ...(container === null ? {} : { container }),
          data: JSON.parse(data) as unknown,
        }) as HealthEvent,
    );
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

  /** Drops what is too old, and thins what is kept longer than a day. */
  async retain(now: number): Promise<void> {
    await this.inTransaction(async (transaction) => {
      const newest = await transaction
        .selectFrom('event')
        .select(({ fn }) => fn.max('seq').as('seq'))
        .executeTakeFirst();
      const head = newest?.seq ?? 0;
      const firstKept = await firstSince(transaction, now - KEEP_EVENTS_MS);
      await transaction
        .deleteFrom('event')
        .where('seq', '<', Math.max(firstKept ?? head + 1, head - KEEP_EVENTS + 1))
        .execute();
      await thin(transaction, now - KEEP_WHOLE_MS, head - KEEP_WHOLE_EVENTS + 1);
      await transaction
        .deleteFrom('memory_sample')
        .where('at', '<', now - KEEP_MEMORY_MS)
        .execute();
    });
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

async function writeDocuments(
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
  for (const rows of chunks(put)) {
    await transaction
      .insertInto('document')
      .values(rows.map(({ collection, key, value }) => ({ collection, key, value: JSON.stringify(value) })))
      .onConflict((conflict) =>
        conflict.columns(['collection', 'key']).doUpdateSet((row) => ({ value: row.ref('excluded.value') })),
      )
      .execute();
  }
}

async function writeEvents(
  transaction: Kysely<Tables>,
  { events, head, dropEarlierEvents }: Batch,
): Promise<void> {
  if (dropEarlierEvents) {
    await transaction
      .deleteFrom('event')
      .where('seq', '<', events[0]?.seq ?? head + 1)
      .execute();
  }
  for (const rows of chunks(events)) {
    await transaction
      .insertInto('event')
      .values(
        rows.map(({ seq, at, type, container, data }) => ({
          seq,
          at,
          type,
          container: container ?? null,
          data: JSON.stringify(data),
        })),
      )
      // There already when an earlier commit was reported as failed, but was not.
      .onConflict((conflict) => conflict.column('seq').doNothing())
      .execute();
  }
}

async function writeTicks(transaction: Kysely<Tables>, ticks: readonly MemoryTick[]): Promise<void> {
  const samples = ticks.flatMap(({ at, samples }) =>
    samples.map(({ container, usedBytes, limitBytes }) => ({
      at: Date.parse(at),
      container,
      used_bytes: Math.round(usedBytes),
      limit_bytes: limitBytes === null ? null : Math.round(limitBytes),
    })),
  );
  for (const rows of chunks(samples)) {
    await transaction
      .insertInto('memory_sample')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['at', 'container']).doNothing())
      .execute();
  }
}

/** The first event at or after that moment, in the log's order from `start`; `undefined` when all are older. */
async function firstSince(
  transaction: Kysely<Tables>,
  moment: number,
  start = 0,
): Promise<number | undefined> {
  const row = await transaction
    .selectFrom('event')
    .select('seq')
    .where('seq', '>=', start)
    .where('at', '>=', new Date(moment).toISOString())
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  return row?.seq;
}

/** Takes out of events before that moment, and before that `seq`, what only a page that just lost its connection needs. */
async function thin(transaction: Kysely<Tables>, moment: number, beforeSeq: number): Promise<void> {
  const done = await transaction
    .selectFrom('meta')
    .select('value')
    .where('key', '=', 'thinned')
    .executeTakeFirst();
  const from = Number(done?.value ?? 0);
  const before = Math.min((await firstSince(transaction, moment, from)) ?? beforeSeq, beforeSeq);
  if (before <= from) return;
  await sql`
    UPDATE event SET data = CASE
        WHEN type LIKE 'incident.%' THEN json_set(data, '$.incident.timeline', json('[]'))
        ELSE json_remove(data, '$.view')
      END
    WHERE seq >= ${from} AND seq < ${before}
  `.execute(transaction);
  await writeMeta(transaction, [{ key: 'thinned', value: String(before) }]);
}

async function writeMeta(transaction: Kysely<Tables>, rows: readonly Tables['meta'][]): Promise<void> {
  await transaction
    .insertInto('meta')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((row) => ({ value: row.ref('excluded.value') })),
    )
    .execute();
}

function* chunks<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT)
    yield rows.slice(start, start + ROWS_PER_INSERT);
}
