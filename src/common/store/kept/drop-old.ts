import type { Kysely } from 'kysely';
import {
  KEEP_EVENTS,
  KEEP_EVENTS_MS,
  KEEP_MEMORY_MS,
  KEEP_WHOLE_EVENTS,
  KEEP_WHOLE_MS,
} from '../retention.js';
import type { KeptTables } from './rows.js';

/** Drops what is too old at `now`, and the details of what is kept longer than a day. Within a transaction. */
export async function dropOld(queries: Kysely<KeptTables>, now: number): Promise<void> {
  const head = await lastSeq(queries);
  const firstKept = await firstSince(queries, 'event', now - KEEP_EVENTS_MS);
  await dropEventsBefore(queries, Math.max(firstKept ?? head + 1, head - KEEP_EVENTS + 1));
  const firstWhole = await firstSince(queries, 'event_detail', now - KEEP_WHOLE_MS);
  await dropDetailsBefore(queries, Math.min(firstWhole ?? head + 1, head - KEEP_WHOLE_EVENTS + 1));
  await queries
    .deleteFrom('memory_sample')
    .where('at', '<', now - KEEP_MEMORY_MS)
    .execute();
}

/** Drops the log before that `seq`. */
export async function dropEventsBefore(queries: Kysely<KeptTables>, seq: number): Promise<void> {
  await queries.deleteFrom('event').where('seq', '<', seq).execute();
  await dropDetailsBefore(queries, seq);
}

async function dropDetailsBefore(queries: Kysely<KeptTables>, seq: number): Promise<void> {
  await queries.deleteFrom('event_detail').where('seq', '<', seq).execute();
}

async function lastSeq(queries: Kysely<KeptTables>): Promise<number> {
  const row = await queries
    .selectFrom('event')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .executeTakeFirst();
  return row?.seq ?? 0;
}

/** The first event at or after that moment, in the log's order from the first in `table`; `undefined`: all are older. */
async function firstSince(
  queries: Kysely<KeptTables>,
  table: 'event' | 'event_detail',
  moment: number,
): Promise<number | undefined> {
  const row = await queries
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
