import type { HealthEvent } from '../../events/index.js';
import type { Put, Remove } from '../health-store.js';
import { parsed } from '../kept/parsed.js';
import { eventsIn } from '../kept/read-log.js';
import type { KeptState } from '../working-copy.js';
import type { Connection, Queries } from './connection.js';
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
const MOST_MISSED = 5_000;

/** Locked: nobody else can write it until the transaction is done. */
export async function readLog(
  connection: Connection,
  queries: Queries,
  { locked = false } = {},
): Promise<LogRow> {
  const query = queries
    .selectFrom('log')
    .select(['epoch', 'head', 'revision', 'term', 'origin', 'step'])
    .select('purged_revision as purgedRevision')
    .select(connection.origin.as('here'));
  return (locked ? query.forUpdate() : query).executeTakeFirstOrThrow();
}

export async function loadKept(connection: Connection, queries: Queries): Promise<Loaded> {
  const row = await readLog(connection, queries);
  const documents = await queries
    .selectFrom('document')
    .select(['collection', 'key', 'value'])
    .where('value', 'is not', null)
    .orderBy('position')
    .execute();
  const kept = { epoch: row.epoch, head: row.head, documents: documents.flatMap(putOf) };
  return { kept, row };
}

/** `null`: what is there does not come after that, so that everything is to be read anew. */
export async function readSince(
  connection: Connection,
  queries: Queries,
  known: LogMark,
): Promise<WrittenSince | null> {
  const row = await readLog(connection, queries);
  const missed = row.head - known.head;
  if (!continues(known, row) || missed > MOST_MISSED) return null;
  const events = missed === 0 ? [] : await eventsIn(queries, { after: known.head, limit: missed }, row.head);
  if (events.length !== missed) return null;
  const documents = await queries
    .selectFrom('document')
    .select(['collection', 'key', 'value'])
    .where('revision', '>', known.revision)
    .orderBy('position')
    .execute();
  return {
    put: documents.flatMap(putOf),
    remove: documents
      .filter(({ value }) => value === null)
      .map(({ collection, key }) => ({ collection, key }) as Remove),
    events,
    mark: markOf(row),
  };
}

interface DocumentRow {
  readonly collection: string;
  readonly key: string;
  readonly value: string | null;
}

/** None of one that was removed. */
const putOf = ({ collection, key, value }: DocumentRow): Put[] =>
  value === null ? [] : [{ collection, key, value: parsed(value) } as Put];
