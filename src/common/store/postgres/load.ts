import { sql } from 'kysely';
import type { HealthEvent } from '../../events/index.js';
import type { Put, Remove } from '../health-store.js';
import { parsed } from '../kept/parsed.js';
import { eventOf } from '../kept/event-rows.js';
import type { KeptState } from '../working-copy.js';
import type { Connection, Queries } from './connection.js';
import { logColumns } from './log-and-lease.js';
import { continues, markOf, type LogMark, type LogRow } from './log-mark.js';

/** All that is kept in memory, and where the log was. */
export interface Loaded {
  readonly kept: KeptState;
  readonly row: LogRow;
}

/** What others wrote since a mark. */
export interface WrittenSince {
  readonly put: readonly Put[];
  readonly remove: readonly Remove[];
  readonly events: readonly HealthEvent[];
  readonly mark: LogMark;
}

/** Who missed more than so many events reads everything anew: it takes no longer. */
export const MOST_MISSED = 5_000;

export async function loadKept(connection: Connection, queries: Queries): Promise<Loaded> {
  const { rows } =
    await sql<LogRow>`select ${logColumns(connection)} from ${connection.table('log')} as log`.execute(
      queries,
    );
  const row = rows[0]!;
  const documents = await queries
    .selectFrom('document')
    .select(['collection', 'key', 'value'])
    .where('value', 'is not', null)
    .orderBy('position')
    .execute();
  const kept = { epoch: row.epoch, head: row.head, documents: documents.flatMap(putOf) };
  return { kept, row };
}

/**
 * In one question, and so as of one moment. Both ends of what is wanted are named apart from the row of the log: without
 * statistics of a new table, PostgreSQL would otherwise expect so many rows that it compiles the question first. `null`: what is there does not come after that mark, so that everything is to
 * be read anew.
 */
export async function readSince(connection: Connection, known: LogMark): Promise<WrittenSince | null> {
  const { rows } = await sql<LogRow & { events: EventItem[] | null; documents: DocumentItem[] | null }>`
    select ${logColumns(connection)},
      (select json_agg(json_build_array(seq, at, type, container, data, host, detail) order by seq)
        from ${connection.table('event')} left join ${connection.table('event_detail')} using (seq)
        where seq > ${known.head}::bigint and seq <= (select head from ${connection.table('log')})) as events,
      (select json_agg(json_build_array(collection, key, value) order by position)
        from ${connection.table('document')} 
        where revision > ${known.revision}::bigint 
          and revision <= (select revision from ${connection.table('log')})) as documents
    from ${connection.table('log')} as log`.execute(connection.queries);
  const { events: items, documents: changed, ...row } = rows[0]!;
  const events = (items ?? []).map(([seq, at, type, container, data, host, detail]) =>
    eventOf({ seq, at, type, container, data, host }, detail),
  );
  if (!continues(known, row) || events.length !== row.head - known.head) return null;
  const documents = (changed ?? []).map(([collection, key, value]) => ({ collection, key, value }));
  const removed = documents.filter(({ value }) => value === null);
  return {
    put: documents.flatMap(putOf),
    remove: removed.map(({ collection, key }) => ({ collection, key }) as Remove),
    events,
    mark: markOf(row),
  };
}

type EventItem = [
  seq: number,
  at: string,
  type: string,
  container: string | null,
  data: string,
  host: string | null,
  detail: string | null,
];
type DocumentItem = [collection: string, key: string, value: string | null];

interface DocumentRow {
  readonly collection: string;
  readonly key: string;
  readonly value: string | null;
}

/** None of one that was removed. */
const putOf = ({ collection, key, value }: DocumentRow): Put[] =>
  value === null ? [] : [{ collection, key, value: parsed(value) } as Put];
