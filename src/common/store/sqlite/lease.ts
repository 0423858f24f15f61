import type { Connect, SqliteConnection } from './driver.js';
import { troubleOf } from './trouble.js';

/** Who has which lock file in this process; it is not opened a second time here. */
const owners = new Map<string, Lease>();

/**
 * The right to be the one process that acts on a store: a write lock on a file beside the database, which the
 * operating system takes back when the process ends, however it ends.
 */
export class Lease {
  private connection: SqliteConnection | null = null;

  constructor(
    private readonly path: string,
    private readonly connect: Connect,
  ) {}

  /**
   * Whether this process has it now. A lock file that cannot be made at all counts as had: then nobody can be told
   * apart, and healing matters more.
   */
  async acquire(): Promise<boolean> {
    const owner = owners.get(this.path);
    if (owner) return owner === this;
    owners.set(this.path, this);
    const acquired = await this.lock();
    if (!acquired) owners.delete(this.path);
    return acquired;
  }

  release(): void {
    this.connection?.close();
    this.connection = null;
    if (owners.get(this.path) === this) owners.delete(this.path);
  }

  private async lock(): Promise<boolean> {
    let connection: SqliteConnection | null = null;
    try {
      connection = await this.connect(this.path);
      connection.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
      this.connection = connection;
      return true;
    } catch (error) {
      connection?.close();
      return troubleOf(error, this.path).kind !== 'locked';
    }
  }
}
