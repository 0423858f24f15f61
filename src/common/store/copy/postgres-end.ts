import { eventsIn, memoryIn } from '../kept/read-log.js';
import type { WriteBatch } from '../kept/write-batch.js';
import { Access, type Place } from '../postgres/access.js';
import type { Connection, Queries } from '../postgres/connection.js';
import { loadKept, type Loaded } from '../postgres/load.js';
import { observe } from '../postgres/observation.js';
import { troubleOf } from '../postgres/trouble.js';
import { TIMING } from '../postgres/timing.js';
import { writeRows } from '../postgres/write-log.js';
import { SCHEMA_VERSION, versionOf } from '../postgres/schema.js';
import type { KeptState } from '../working-copy.js';
import { CopyFailedError, CopyRefusedError, type CopyEnd, type ReadableStore } from './copy-end.js';

/** So many events are read at once. */
const PAGE = 1_000;
const EVER = new Date(0).toISOString();
/** No query takes longer; one writes a part of a copy. */
const DEADLINE_MS = 30_000;

/** The tables in a PostgreSQL. */
export class PostgresEnd implements CopyEnd {
  private readonly access: Access;

  constructor(place: Place) {
    this.access = new Access(place, DEADLINE_MS);
  }

  get name(): string {
    return `The database ${this.access.name}`;
  }

  async read(use: (store: ReadableStore) => Promise<void>): Promise<void> {
    const whole = (connection: Connection): Promise<void> =>
      connection.transaction('writing', async (queries) => {
        const { kept, row } = await lockedAndRead(connection, queries);
        await use({
          load: () => Promise.resolve(row.revision === 0 ? { ...kept, epoch: null } : kept),
          eventsAfter: (after) => eventsIn(queries, { after, limit: PAGE }, row.head),
          memory: () => memoryIn(queries, { since: EVER }),
        });
      });
    await this.open(whole, true);
  }

  async write(check: (there: KeptState) => void, batches: AsyncIterable<WriteBatch>): Promise<void> {
    const whole = (connection: Connection): Promise<void> =>
      connection.transaction('writing', async (queries) => {
        const { kept, row } = await lockedAndRead(connection, queries);
        check(kept);
        await refuseFormerLeaders(queries);
        await writeEach(connection, queries, batches, { revision: row.revision + 1, origin: row.here });
      });
    await this.open(whole, false);
  }

  private async prepared(connection: Connection, isSource: boolean) {
    try {
      // What is only read is not made first.
      if (isSource && (await versionOf(connection.queries, connection.schema)) === 0) return null;
      const version = await connection.prepare();
      return { version, ...(await observe(connection, '', TIMING)) };
    } catch (error) {
      throw new CopyFailedError(troubleOf(error, this.access.name).reason);
    }
  }

  private async open(use: (connection: Connection) => Promise<void>, isSource: boolean): Promise<void> {
    await this.access.open();
    try {
      const connection = this.access.connection!;
      const prepared = await this.prepared(connection, isSource);
      if (prepared === null) throw new CopyRefusedError(`${this.name} is empty: there is nothing to copy.`);
      const { version, lease, replicas } = prepared;
      if (version > SCHEMA_VERSION)
        throw new CopyRefusedError(`${this.name} is of a newer release. Update the package.`);
      if (lease.leftMs > 0 || replicas.length > 0)
        throw new CopyRefusedError(
          `${this.name} is open in a process. Stop every replica of the app first; one that was killed is forgotten after ${TIMING.leaseMs / 1_000} seconds.`,
        );
      await use(connection);
    } finally {
      await this.access.close();
    }
  }
}

/** Whoever comes meanwhile waits until the transaction is done. */
async function lockedAndRead(connection: Connection, queries: Queries): Promise<Loaded> {
  await queries.selectFrom('log').select('term').forUpdate().execute();
  return loadKept(connection, queries);
}

/** One that was cut off for long may think that it leads yet. */
async function refuseFormerLeaders(queries: Queries): Promise<void> {
  const { term } = await queries
    .updateTable('lease')
    .set(({ eb }) => ({ holder: null, term: eb('term', '+', 1) }))
    .returning('term')
    .executeTakeFirstOrThrow();
  await queries.updateTable('log').set({ term }).execute();
}

async function writeEach(
  connection: Connection,
  queries: Queries,
  batches: AsyncIterable<WriteBatch>,
  { revision, origin }: { readonly revision: number; readonly origin: string },
): Promise<void> {
  for await (const batch of batches) {
    await writeRows(connection, queries, batch, revision);
    const { epoch, head } = batch;
    await queries.updateTable('log').set({ epoch, head, revision, origin, step: null }).execute();
  }
}
