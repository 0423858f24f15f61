import { sql } from 'kysely';
import { dropEventsBefore, dropOld } from '../kept/drop-old.js';
import { rowsOf } from '../kept/event-rows.js';
import { memoryRowsOf } from '../kept/memory-rows.js';
import type { WriteBatch } from '../kept/write-batch.js';
import type { Connection, Queries } from './connection.js';
import { checkFence, type Fence } from './fence.js';
import { lockLog } from './log-and-lease.js';
import { textArray } from './text-array.js';
import type { LogMark, LogRow } from './log-mark.js';

/**
 * Writes a batch in one transaction, if this process may; gives where the log is then. Rows are there already when an
 * earlier one was written although that was reported as failed: then they stay as they are.
 *
 * @param step a mark of its own
 */
export async function writeLog(
  connection: Connection,
  batch: WriteBatch,
  fence: Fence,
  step: string,
): Promise<LogMark> {
  return connection.transaction('writing', async (queries) => {
    const row = await passFence(connection, queries, fence);
    const revision = row.revision + 1;
    await writeRows(connection, queries, batch, revision);
    const { epoch, head } = batch;
    await queries
      .updateTable('log')
      .set({ epoch, head, revision, origin: row.here, step })
      .returning(connection.waking(fence.id).as('woken'))
      .execute();
    return { epoch, head, revision, here: row.here };
  });
}

/** Writes all rows of a batch, but where the log is then. */
export async function writeRows(
  connection: Connection,
  queries: Queries,
  batch: WriteBatch,
  revision: number,
): Promise<void> {
  await writeDocuments(connection, queries, batch, revision);
  await writeEvents(connection, queries, batch);
  await writeTicks(connection, queries, batch);
}

/**
 * Drops what is too old at `now`, and forgets that documents were removed up to `purge`.
 */
export async function retain(
  connection: Connection,
  fence: Fence,
  { now, purge }: { readonly now: number; readonly purge: number },
): Promise<void> {
  await connection.transaction('writing', async (queries) => {
    await passFence(connection, queries, fence);
    await dropOld(queries, now);
    await queries.deleteFrom('document').where('value', 'is', null).where('revision', '<=', purge).execute();
    await queries
      .updateTable('log')
      .set({ purged_revision: sql<number>`greatest(purged_revision, least(revision, ${purge}::bigint))` })
      .execute();
  });
}

async function passFence(connection: Connection, queries: Queries, fence: Fence): Promise<LogRow> {
  const { log, lease } = await lockLog(connection, queries);
  checkFence(fence, log, lease);
  return log;
}

async function writeDocuments(
  connection: Connection,
  queries: Queries,
  { put, remove, replaceDocuments }: WriteBatch,
  revision: number,
): Promise<void> {
  if (replaceDocuments) {
    await queries
      .updateTable('document')
      .set({ value: null, revision })
      .where('value', 'is not', null)
      .execute();
  }
  const rows = [
    ...remove.map(({ collection, key }) => ({ collection, key, value: null })),
    ...put.map(({ collection, key, value }) => ({ collection, key, value: JSON.stringify(value) })),
  ];
  if (rows.length === 0) return;
  const columns = [texts(rows, 'collection'), texts(rows, 'key'), texts(rows, 'value')];
  await sql`
    insert into ${connection.table('document')} as document (collection, key, value, revision)
    select collection, key, value, ${revision}::bigint
    from unnest(${sql.join(columns)}) with ordinality as given (collection, key, value, number)
    order by number
    on conflict (collection, key) do update set
      value = excluded.value, revision = excluded.revision,
      position = case when document.value is null and excluded.value is not null
        then excluded.position else document.position end`.execute(queries);
}

async function writeEvents(
  connection: Connection,
  queries: Queries,
  { events, head, dropEarlierEvents }: WriteBatch,
): Promise<void> {
  if (dropEarlierEvents) await dropEventsBefore(queries, events[0]?.seq ?? head + 1);
  if (events.length === 0) return;
  const rows = events.map(rowsOf);
  const log = rows.map(({ event }) => event);
  const columns = [
    numbers(log, 'seq'),
    texts(log, 'at'),
    texts(log, 'type'),
    texts(log, 'container'),
    texts(log, 'data'),
    texts(log, 'host'),
  ];
  await sql`
    insert into ${connection.table('event')} (seq, at, type, container, data, host)
    select * from unnest(${sql.join(columns)})
    on conflict (seq) do update set
      at = excluded.at, type = excluded.type, container = excluded.container, data = excluded.data, host = excluded.host`.execute(
    queries,
  );
  const details = rows.flatMap(({ event: { seq }, detail }) => (detail === null ? [] : [{ seq, detail }]));
  if (details.length === 0) return;
  await sql`
    insert into ${connection.table('event_detail')} (seq, detail)
    select * from unnest(${sql.join([numbers(details, 'seq'), texts(details, 'detail')])})
    on conflict (seq) do update set detail = excluded.detail`.execute(queries);
}

async function writeTicks(connection: Connection, queries: Queries, { ticks }: WriteBatch): Promise<void> {
  const rows = ticks.flatMap(memoryRowsOf);
  if (rows.length === 0) return;
  const columns = [
    numbers(rows, 'at'),
    texts(rows, 'container'),
    numbers(rows, 'used_bytes'),
    numbers(rows, 'limit_bytes'),
  ];
  await sql`
    insert into ${connection.table('memory_sample')} (at, container, used_bytes, limit_bytes)
    select * from unnest(${sql.join(columns)})
    on conflict (at, container) do nothing`.execute(queries);
}

/** A column of rows as one value: a statement is then the same for any number of rows. */
const texts = <K extends string>(rows: readonly Readonly<Record<K, string | null>>[], column: K) =>
  sql`${textArray(rows.map((row) => row[column]))}::text[]`;

const numbers = <K extends string>(rows: readonly Readonly<Record<K, number | null>>[], column: K) =>
  sql`${rows.map((row) => row[column])}::bigint[]`;
