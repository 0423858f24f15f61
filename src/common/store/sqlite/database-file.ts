import { existsSync, renameSync } from 'node:fs';
import type { KeptState } from '../working-copy.js';
import { Database } from './database.js';
import type { Connect } from './driver.js';

/** The database at a path: connected to when it is needed, let go when it fails, set aside when it is damaged. */
export class DatabaseFile {
  private opened: Database | null = null;

  constructor(
    readonly path: string,
    private readonly connect: Connect,
  ) {}

  /** `null`: there is no connection. */
  get database(): Database | null {
    return this.opened;
  }

  /** Connects, and reads what is there. `migrating` false: for reading only. Rejects as the driver does. */
  async open(how: { readonly migrating: boolean }): Promise<{ database: Database; contents: KeptState }> {
    const database = await Database.open(this.path, this.connect, how);
    try {
      const contents = await database.load();
      this.opened = database;
      return { database, contents };
    } catch (error) {
      await closed(database);
      throw error;
    }
  }

  /** Lets the connection go, however that ends. */
  async close(): Promise<void> {
    const { opened } = this;
    this.opened = null;
    if (opened) await closed(opened);
  }

  /** Renames the file and its companions, which must not be open; returns its new path. Throws as the system does. */
  setAside(now: number): string {
    const aside = `${this.path}.corrupt-${new Date(now).toISOString().replaceAll(':', '-')}`;
    for (const suffix of ['-wal', '-shm', '']) {
      if (existsSync(this.path + suffix)) renameSync(this.path + suffix, aside + suffix);
    }
    return aside;
  }
}

async function closed(database: Database): Promise<void> {
  await database.close().catch(() => undefined);
}
