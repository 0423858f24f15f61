import { sql } from 'kysely';
import type { ReplicaStatus } from '../shared-store.js';
import type { Connection } from './connection.js';
import { isLeftBehind, OVER } from './question-table.js';
import { SCHEMA_VERSION, type Tables } from './schema.js';
import {
  logAndLeaseColumns,
  logAndLeaseOf,
  logAndLeaseTables,
  type LogAndLease,
  type LogAndLeaseRow,
} from './log-and-lease.js';
import type { Timing } from './timing.js';

/** A process that was seen lately. */
export interface LiveReplica extends Omit<ReplicaStatus, 'leads'> {
  /** The version of the schema that it knows. */
  readonly schemaVersion: number;
}

/** A question that this process asked and waits for, as it is now. */
export interface AskedQuestion {
  readonly id: string;
  /** Of the leader that took it; `null`: nobody did. */
  readonly takenTerm: number | null;
  readonly answer: string | null;
}

/** What a process sees in the database again and again, in one round trip. */
export interface Observation extends LogAndLease {
  /** The version of the schema. */
  readonly schema: number;
  /** In the order of their starts. */
  readonly replicas: readonly LiveReplica[];
  /** Somebody asks something that nobody took yet. */
  readonly isAsked: boolean;
  /** What the leader of this term took and has not answered. */
  readonly underWay: readonly string[];
  /** Something is kept of what a process asked that is gone. */
  readonly isLeftBehind: boolean;
  readonly asked: readonly AskedQuestion[];
}

type ObservationRow = LogAndLeaseRow & Omit<Observation, keyof LogAndLease>;

/**
 * Each part is named apart from the rows of log and lease: depending on them, without statistics of new tables, PostgreSQL
 * would expect so many rows that it compiles the question first, which takes a second.
 *
 * @param seenMs a process that did not say for so long that it is there is not among them
 */
export async function observe(
  connection: Connection,
  id: string,
  { seenMs, goneMs }: Pick<Timing, 'seenMs' | 'goneMs'>,
): Promise<Observation> {
  const table = (name: keyof Tables) => connection.table(name);
  const { rows } = await connection.twice(() =>
    sql<ObservationRow>`
      select ${logAndLeaseColumns(connection)},
        (select value::int from ${table('meta')} where key = 'schema') as schema,
        (select coalesce(json_agg(json_build_object(
            'id', id, 'reaches', reaches, 'version', version, 'schemaVersion', schema_version,
            'seenAt', to_char(seen_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by started, id), '[]')
          from ${table('replica')} where seen_at > clock_timestamp() - ${seenMs} * interval '1 ms') as replicas,
        exists (select from ${table('question')}
          where taken_term is null and deadline > clock_timestamp()) as "isAsked",
        (select coalesce(json_agg(id), '[]')
          from ${table('question')}
          where taken_term = (select term from ${table('lease')}) and answer is null) as "underWay",
        exists (select from ${table('question')} where ${isLeftBehind(connection, goneMs)}) as "isLeftBehind",
        (select coalesce(json_agg(json_build_object(
            'id', id, 'takenTerm', taken_term, 'answer', answer)), '[]')
          from ${table('question')} where asked_by = ${id} and taken_term is distinct from ${OVER}) as asked
      from ${logAndLeaseTables(connection)}`.execute(connection.queries),
  );
  const { schema, replicas, isAsked, underWay, isLeftBehind: left, asked, ...logAndLease } = rows[0]!;
  return { schema, replicas, isAsked, underWay, isLeftBehind: left, asked, ...logAndLeaseOf(logAndLease) };
}

/** Says that this process is there. */
export async function sayPresence(
  connection: Connection,
  { id, reaches, version }: Pick<LiveReplica, 'id' | 'reaches' | 'version'>,
): Promise<void> {
  const now = sql<string>`clock_timestamp()`;
  await connection.twice(() =>
    connection.queries
      .insertInto('replica')
      .values({ id, started: now, seen_at: now, reaches, version, schema_version: SCHEMA_VERSION })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ seen_at: now, reaches }))
      .execute(),
  );
}

export async function leave(connection: Connection, id: string): Promise<void> {
  await connection.queries.deleteFrom('replica').where('id', '=', id).execute();
}

/** Forgets processes that are gone, and what they asked. */
export async function forgetTheGone(connection: Connection): Promise<void> {
  const anHourAgo = sql<string>`clock_timestamp() - interval '1 hour'`;
  await connection.queries.deleteFrom('replica').where('seen_at', '<', anHourAgo).execute();
  await connection.queries.deleteFrom('question').where('deadline', '<', anHourAgo).execute();
}
