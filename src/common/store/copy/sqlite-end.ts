import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { WriteBatch } from '../kept/write-batch.js';
import { Database } from '../sqlite/database.js';
import { connect } from '../sqlite/driver.js';
import { Lease } from '../sqlite/lease.js';
import { troubleOf } from '../sqlite/trouble.js';
import type { KeptState } from '../working-copy.js';
import { CopyFailedError, CopyRefusedError, type CopyEnd, type ReadableStore } from './copy-end.js';

/** So many events are read at once. */
const PAGE = 1_000;
const EVER = new Date(0).toISOString();

/** A SQLite file. */
export class SqliteEnd implements CopyEnd {
  private readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  get name(): string {
    return `The database ${this.path}`;
  }

  async read(use: (store: ReadableStore) => Promise<void>): Promise<void> {
    if (!existsSync(this.path)) throw new CopyRefusedError(`There is no database ${this.path}.`);
    await this.open((database) =>
      use({
        load: () => database.load(),
        eventsAfter: (after) => database.events({ after, limit: PAGE }, Number.MAX_SAFE_INTEGER),
        memory: () => database.memory({ since: EVER }),
      }),
    );
  }

  async write(check: (there: KeptState) => void, batches: AsyncIterable<WriteBatch>): Promise<void> {
    await this.open(async (database) => {
      check(await database.load());
      await database.writeAll(batches);
    });
  }

  private async opened(): Promise<Database> {
    try {
      return await Database.open(this.path, connect, { migrating: true });
    } catch (error) {
      throw new CopyFailedError(troubleOf(error, this.path).reason);
    }
  }

  private async open(use: (database: Database) => Promise<void>): Promise<void> {
    const lease = new Lease(`${this.path}.lock`, connect);
    if (!(await lease.acquire()))
      throw new CopyRefusedError(`${this.name} is open in a process. Stop the app first.`);
    try {
      const database = await this.opened();
      try {
        await use(database);
      } finally {
        await database.close();
      }
    } finally {
      lease.release();
    }
  }
}
