import type { Compilable, Kysely } from 'kysely';
import { dropEventsBefore } from '../kept/drop-old.js';
import { rowsOf } from '../kept/event-rows.js';
import { memoryRowsOf } from '../kept/memory-rows.js';
import type { WriteBatch } from '../kept/write-batch.js';
import type { SqliteConnection } from './driver.js';
import type { Tables } from './schema.js';

/** An open transaction: queries go through Kysely, prepared statements to the connection that it is on. */
export interface Transaction {
  readonly queries: Kysely<Tables>;
  readonly connection: Pick<SqliteConnection, 'prepare'>;
}

/** Writes a batch within a transaction. */
export async function writeBatch(transaction: Transaction, batch: WriteBatch): Promise<void> {
  await writeDocuments(transaction, batch);
  await writeEvents(transaction, batch);
  writeTicks(transaction, batch);
  writeMeta(transaction, batch);
}

async function writeDocuments(
  transaction: Transaction,
  { put, remove, replaceDocuments }: WriteBatch,
): Promise<void> {
  const { queries } = transaction;
  if (replaceDocuments) await queries.deleteFrom('document').execute();
  for (const { collection, key } of remove) {
    await queries
      .deleteFrom('document')
      .where('collection', '=', collection)
      .where('key', '=', key)
      .execute();
  }
  const rows = put.map(({ collection, key, value }) => ({ collection, key, value: JSON.stringify(value) }));
  insertEach(transaction, rows, (row) =>
    queries
      .insertInto('document')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['collection', 'key']).doUpdateSet((row) => ({ value: row.ref('excluded.value') })),
      ),
  );
}

/** Events are there already when an earlier commit was reported as failed, but was not. */
async function writeEvents(
  transaction: Transaction,
  { events, head, dropEarlierEvents }: WriteBatch,
): Promise<void> {
  const { queries } = transaction;
  if (dropEarlierEvents) await dropEventsBefore(queries, events[0]?.seq ?? head + 1);
  const rows = events.map(rowsOf);
  const details = rows.flatMap(({ event: { seq }, detail }) => (detail === null ? [] : [{ seq, detail }]));
  insertEach(
    transaction,
    rows.map(({ event }) => event),
    (row) =>
      queries
        .insertInto('event')
        .values(row)
        .onConflict((conflict) => conflict.column('seq').doNothing()),
  );
  insertEach(transaction, details, (row) =>
    queries
      .insertInto('event_detail')
      .values(row)
      .onConflict((conflict) => conflict.column('seq').doNothing()),
  );
}

function writeTicks(transaction: Transaction, { ticks }: WriteBatch): void {
  insertEach(transaction, ticks.flatMap(memoryRowsOf), (row) =>
    transaction.queries
      .insertInto('memory_sample')
      .values(row)
      .onConflict((conflict) => conflict.columns(['at', 'container']).doNothing()),
  );
}

function writeMeta(transaction: Transaction, { epoch, head }: WriteBatch): void {
  const rows = [
    { key: 'epoch', value: epoch },
    { key: 'head', value: String(head) },
  ];
  insertEach(transaction, rows, (row) =>
    transaction.queries
      .insertInto('meta')
      .values(row)
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet((row) => ({ value: row.ref('excluded.value') })),
      ),
  );
}

/**
 * Inserts rows with one prepared statement, made for the first and run for each: to build and parse a statement of all
 * rows takes longer than to write them. Every row has the same columns, in the same order.
 */
function insertEach<R extends object>(
  { connection }: Transaction,
  rows: readonly R[],
  insert: (row: R) => Compilable,
): void {
  const [first] = rows;
  if (first === undefined) return;
  const statement = connection.prepare(insert(first).compile().sql);
  for (const row of rows) statement.run(Object.values(row));
}
