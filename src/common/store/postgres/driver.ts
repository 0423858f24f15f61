import type { PostgresPool } from '../../options/index.js';

/** The package `pg` cannot be loaded. The message says what to do. */
export class NoPostgresDriverError extends Error {}

/** As many connections as a store uses at once, with one to spare. */
const CONNECTIONS = 4;

/** A pool that is this process's own, and is ended with it. */
export interface OwnPool extends PostgresPool {
  end(): Promise<void>;
}

/**
 * Makes a pool of connections to the database at `url`. It connects when it is first used.
 *
 * @throws NoPostgresDriverError
 */
export async function poolTo(url: string, connectionTimeoutMillis: number): Promise<OwnPool> {
  const Pool = await loadPool();
  const pool = new Pool({
    connectionString: url,
    connectionTimeoutMillis,
    max: CONNECTIONS,
    keepAlive: true,
    // A process ends although connections wait for work.
    allowExitOnIdle: true,
    application_name: 'health-monitor',
  });
  // Also while it ends: an error that nobody hears would end the process.
  pool.on('error', () => undefined);
  return pool;
}

async function loadPool(): Promise<new (options: object) => OwnPool> {
  try {
    const { default: pg } = await import('pg');
    return pg.Pool;
  } catch (error) {
    const [detail] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    throw new NoPostgresDriverError(
      `storage.kind is 'postgres', and the package pg cannot be loaded (${detail}). Run "npm install pg".`,
    );
  }
}
