import { load } from './load.mjs';

const { PostgresServer } = await load('test/support/postgres.ts');
const { PgBouncer } = await load('test/support/pgbouncer.ts');

/** A PostgreSQL of a measurement's own, with Debian's settings: an fsync a commit. */
export async function startPostgres() {
  const server = new PostgresServer([]);
  await server.start();
  const pooler = new PgBouncer();
  await pooler.start(server, 20);
  return {
    url: server.url('postgres'),
    /** Through a PgBouncer in transaction mode: nobody can LISTEN there. */
    pooledUrl: server.url('postgres', pooler.port),
    async stop() {
      await pooler.remove();
      await server.remove();
    },
  };
}
