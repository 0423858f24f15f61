import { sql } from 'kysely';
import type { Connection, Queries } from './connection.js';
import type { LeaseRow } from './lease-table.js';
import type { LogRow } from './log-mark.js';

/** Where the log is, and who has the lease. */
export interface Standing {
  readonly log: LogRow;
  readonly lease: LeaseRow;
}

export type StandingRow = LogRow & Omit<LeaseRow, 'term'> & { readonly leaseTerm: number };

/** The columns of a row of the log. */
export const logColumns = (connection: Connection) => sql`
  log.epoch, log.head, log.revision, log.purged_revision as "purgedRevision", log.term, log.origin, log.step,
  ${connection.origin} as here`;

/** The columns of a {@link StandingRow}, of {@link standingTables}. */
export const standingColumns = (connection: Connection) => sql`
  ${logColumns(connection)}, lease.holder, lease.term as "leaseTerm",
  case when lease.holder is null then 0
    else extract(epoch from lease.expires_at - clock_timestamp())::float8 * 1000 end as "leftMs"`;

export const standingTables = (connection: Connection) =>
  sql`${connection.table('log')} as log, ${connection.table('lease')} as lease`;

export function standingOf({ holder, leaseTerm, leftMs, ...log }: StandingRow): Standing {
  return { log, lease: { holder, term: leaseTerm, leftMs } };
}

/** Nobody else can write the log until the transaction is done. */
export async function lockLog(connection: Connection, queries: Queries): Promise<Standing> {
  const { rows } = await sql<StandingRow>`
    select ${standingColumns(connection)} from ${standingTables(connection)} for update of log`.execute(
    queries,
  );
  return standingOf(rows[0]!);
}
