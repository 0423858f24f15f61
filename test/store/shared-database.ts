import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { SystemClock } from '../../src/common/clock/index.js';
import { PostgresStore, type PostgresStoreOptions } from '../../src/common/store/postgres-store.js';
import { PostgresServer } from '../support/postgres.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import type { Process, SharedMedium } from './shared-store.contract.js';

/** Quick, and yet patient enough for a busy machine. */
const QUICK = {
  leaseMs: 3_000,
  renewMs: 300,
  pollMs: 100,
  deadlineMs: 1_000,
  seenMs: 3_000,
  outrankedMs: 500,
  graceMs: 500,
};

export interface PostgresProcess extends Process {
  readonly store: PostgresStore;
  readonly way: TcpProxy;
}

/** A database that several stores have open, each on a way of its own. */
export class SharedDatabase implements SharedMedium {
  readonly log: string[] = [];
  name = '';
  private processes: PostgresProcess[] = [];

  private constructor(readonly server: PostgresServer) {}

  static async on(server: PostgresServer): Promise<SharedDatabase> {
    const database = new SharedDatabase(server);
    await database.create();
    return database;
  }

  /** Another one for each of the tests that are described here, on a server of theirs. */
  static forEachTest(): SharedDatabase {
    const database = new SharedDatabase(new PostgresServer());
    const { server } = database;
    beforeAll(() => server.start());
    afterAll(() => server.remove());
    beforeEach(() => database.create());
    afterEach(() => database.dispose());
    return database;
  }

  async opened(options: Partial<PostgresStoreOptions> = {}): Promise<PostgresProcess> {
    const process = await this.process(options);
    await process.store.open();
    return process;
  }

  async process(options: Partial<PostgresStoreOptions> = {}): Promise<PostgresProcess> {
    const way = new TcpProxy(() => this.server.port);
    await way.start();
    const say = (message: string): void => void this.log.push(message);
    const store = new PostgresStore({
      url: this.server.url(this.name, way.port),
      pool: null,
      schema: 'health_monitor',
      clock: new SystemClock(),
      logger: { log: say, warn: say, error: say },
      ...options,
      timing: { ...QUICK, ...options.timing },
    });
    const process = { store, way, cutOff: () => way.cut(), reconnect: () => way.restore() };
    this.processes.push(process);
    return process;
  }

  /** Gives the rows of one statement. */
  query(sql: string, values: unknown[] = []): Promise<any[]> {
    return this.server.query(this.name, sql, values);
  }

  rows(table: string): Promise<any[]> {
    return this.query(`select * from health_monitor.${table}`);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.processes.map(({ store }) => store.close()));
    await Promise.all(this.processes.map(({ way }) => way.stop()));
  }

  private async create(): Promise<void> {
    this.name = await this.server.database();
    this.processes = [];
    this.log.length = 0;
  }
}
