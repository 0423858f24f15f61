import { shownPostgres, type PostgresPool } from '../../options/index.js';
import { Connection } from './connection.js';
import { withDeadline } from './deadline.js';
import { poolTo, type OwnPool } from './driver.js';

/** Where the database is, and the schema of the tables. One of `url` and `pool`. */
export interface Place {
  readonly url: string | null;
  readonly pool: PostgresPool | null;
  readonly schema: string;
}

/** The way to the database: a pool that is made from a URL, and ended, or one that is the host's. */
export class Access {
  private own: OwnPool | null = null;
  private made: { readonly pool: PostgresPool; readonly connection: Connection } | null = null;

  constructor(
    private readonly place: Place,
    private readonly deadlineMs: number,
  ) {}

  /** The database, as messages show it: without anything that is secret. */
  get name(): string {
    return shownPostgres(this.place);
  }

  /** `null`: it was not opened, or is closed. */
  get connection(): Connection | null {
    return this.made?.connection ?? null;
  }

  get pool(): PostgresPool | null {
    return this.made?.pool ?? null;
  }

  /**
   * Nothing is connected yet.
   *
   * @throws NoPostgresDriverError
   */
  async open(): Promise<void> {
    const { url, pool, schema } = this.place;
    if (url !== null) this.own = await poolTo(url, this.deadlineMs);
    const used = pool ?? this.own!;
    this.made = { pool: used, connection: new Connection(used, schema, this.deadlineMs) };
  }

  /** Lets all go, however that ends. */
  async close(): Promise<void> {
    const { made, own } = this;
    this.made = null;
    this.own = null;
    await made?.connection.close();
    if (own) await withDeadline(own.end(), this.deadlineMs).catch(() => undefined);
  }
}
