import { sql } from 'kysely';
import type { Connection } from './connection.js';
import { loadKept, type Loaded } from './load.js';

/** The lease, on the database's clock. */
export interface LeaseRow {
  readonly holder: string | null;
  readonly term: number;
  /** For how long it lasts yet; 0 or less: it is free. */
  readonly leftMs: number;
}

const until = (leaseMs: number) => sql<string>`clock_timestamp() + ${leaseMs} * interval '1 ms'`;

/** Whether it is still this process's, also when nobody took it since it was over. */
export async function renewLease(
  connection: Connection,
  id: string,
  term: number,
  leaseMs: number,
): Promise<boolean> {
  const renewed = await connection.twice(() =>
    connection.queries
      .updateTable('lease')
      .set({ expires_at: until(leaseMs) })
      .where('holder', '=', id)
      .where('term', '=', term)
      .returning('term')
      .execute(),
  );
  return renewed.length > 0;
}

/** Takes a free lease, and reads all there is before anybody else can write; `null`: it is not free. */
export async function takeLease(
  connection: Connection,
  id: string,
  leaseMs: number,
): Promise<{ readonly term: number; readonly loaded: Loaded } | null> {
  return connection.transaction('writing', async (queries) => {
    // Whoever is writing ends first, and whoever was about to is refused.
    await queries.selectFrom('log').select('term').forUpdate().execute();
    const taken = await queries
      .updateTable('lease')
      .set(({ eb }) => ({ holder: id, term: eb('term', '+', 1), expires_at: until(leaseMs) }))
      .where((where) =>
        where.or([where('holder', 'is', null), where('expires_at', '<=', sql<string>`clock_timestamp()`)]),
      )
      .returning('term')
      .executeTakeFirst();
    if (taken === undefined) return null;
    await queries.updateTable('log').set({ term: taken.term }).execute();
    await connection.wakeOthers(queries, id);
    return { term: taken.term, loaded: await loadKept(connection, queries) };
  });
}

/** Others may take it at once. */
export async function releaseLease(connection: Connection, id: string, term: number): Promise<void> {
  await connection.transaction('writing', async (queries) => {
    await queries
      .updateTable('lease')
      .set({ holder: null, expires_at: sql<string>`clock_timestamp()` })
      .where('holder', '=', id)
      .where('term', '=', term)
      .execute();
    await connection.wakeOthers(queries, id);
  });
}
