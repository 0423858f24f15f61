import { sql } from 'kysely';
import type { Connection, Queries } from './connection.js';
import type { LeaseRow } from './lease-table.js';
import type { LogRow } from './log-mark.js';

/** Where the log is, and who has the lease. */
export interface LogAndLease {
  readonly log: LogRow;
  readonly lease: LeaseRow;
}

export type LogAndLeaseRow = LogRow & Omit<LeaseRow, 'term'> & { readonly leaseTerm: number };

/** The columns of a row of the log. */
export const logColumns = (connection: Connection) => sql`
  log.epoch, log.head, log.revision, log.purged_revision as "purgedRevision", log.term, log.origin, log.step,
  ${connection.origin} as here`;

/** The columns of a {@link LogAndLeaseRow}, of {@link logAndLeaseTables}. */
export const logAndLeaseColumns = (connection: Connection) => sql`
  ${logColumns(connection)}, lease.holder, lease.term as "leaseTerm",
  case when lease.holder is null then 0
    else extract(epoch from lease.expires_at - clock_timestamp())::float8 * 1000 end as "leftMs"`;

export const logAndLeaseTables = (connection: Connection) =>
  sql`${connection.table('log')} as log, ${connection.table('lease')} as lease`;

export function logAndLeaseOf({ holder, leaseTerm, leftMs, ...log }: LogAndLeaseRow): LogAndLease {
  return { log, lease: { holder, term: leaseTerm, leftMs } };
}

/** Nobody else can write the log until the transaction is done. */
export async function lockLog(connection: Connection, queries: Queries): Promise<LogAndLease> {
  const { rows } = await sql<LogAndLeaseRow>`
    select ${logAndLeaseColumns(connection)} from ${logAndLeaseTables(connection)} for update of log`.execute(
    queries,
  );
  return logAndLeaseOf(rows[0]!);
}
