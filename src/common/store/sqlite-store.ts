import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../clock/index.js';
import type { HealthEvent, MemoryTick } from '../events/index.js';
import {
  HealthStore,
  type CollectionName,
  type Entry,
  type EventQuery,
  type MemoryQuery,
  type Reaction,
  type StateChange,
  type StoreNotice,
  type StoreStatus,
} from './health-store.js';
import { StoreHealth } from './kept/store-health.js';
import type { Trouble } from './kept/trouble.js';
import { ReplacedError, WriteBehind } from './kept/write-behind.js';
import { selectEvents } from './select.js';
import { DatabaseFile } from './sqlite/database-file.js';
import type { Database } from './sqlite/database.js';
import { connect, type Connect } from './sqlite/driver.js';
import { Lease } from './sqlite/lease.js';
import { troubleOf } from './sqlite/trouble.js';
import { WriterRole } from './sqlite/writer-role.js';
import type { StoreLogger } from './store-logger.js';

const FIRST_RETENTION_MS = 60_000;
const RETENTION_MS = 3_600_000;

export interface SqliteStoreOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly logger: StoreLogger;
  /** How a connection is made; for tests. */
  readonly connect?: Connect;
}

/**
 * Keeps everything in one SQLite file. All documents are in memory, too, and what could not be written yet; so a
 * commit always succeeds, and is durable when it returns as long as `status.durable`.
 */
export class SqliteStore extends HealthStore {
  private readonly clock: Clock;
  private readonly logger: StoreLogger;
  private readonly file: DatabaseFile;
  private readonly state: WriteBehind;
  private readonly role: WriterRole;
  private readonly health: StoreHealth;
  private retentionAt = 0;
  private ticking = false;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(options: SqliteStoreOptions) {
    super();
    const { clock, logger, connect: connectTo = connect } = options;
    const path = resolve(options.path);
    this.clock = clock;
    this.logger = logger;
    this.file = new DatabaseFile(path, connectTo);
    this.state = new WriteBehind(path, logger);
    this.role = new WriterRole(new Lease(`${path}.lock`, connectTo), clock);
    this.health = new StoreHealth(path, clock, logger);
  }

  get epoch(): string {
    return this.state.epoch;
  }

  get head(): number {
    return this.state.head;
  }

  get writer(): boolean {
    return this.role.isWriter;
  }

  get status(): StoreStatus {
    const problem = this.role.isWriter
      ? this.health.problem
      : `Another process acts on the store ${this.file.path}. This one only observes, and takes over when the other is gone.`;
    return { kind: 'sqlite', durable: problem === null, problem };
  }

  open(): Promise<void> {
    return this.inTurn(async () => {
      if (await this.role.claim()) await this.save();
      else await this.standBy();
      this.retentionAt = this.clock.monotonic() + FIRST_RETENTION_MS;
    });
  }

  close(): Promise<void> {
    return this.inTurn(async () => {
      if (this.role.hasLease && !this.state.isSaved) await this.save();
      await this.file.close();
      this.role.release();
    });
  }

  react(reaction: Reaction): void {
    this.state.react(reaction);
  }

  commit(change: StateChange): Promise<readonly HealthEvent[]> {
    return this.inTurn(async () => {
      // Whoever has just read anew may commit before the store knows that all have: then it knows in a moment.
      if (this.role.isTakingOver) await setImmediate();
      if (this.role.isTakingOver) return [];
      const events = this.state.commit(change);
      if (this.role.hasLease && this.health.mayWrite() && !this.state.isSaved) await this.save();
      return events;
    });
  }

  entries<C extends CollectionName>(collection: C): Promise<readonly Entry<C>[]> {
    return Promise.resolve(this.state.entries(collection));
  }

  events(query: EventQuery): Promise<readonly HealthEvent[]> {
    return this.inTurn(async () => {
      const unsaved = this.state.unsavedEvents(query);
      const areEnough = query.after === undefined && unsaved.length === query.limit;
      if (areEnough || query.limit <= 0) return unsaved;
      const saved = await this.read((database) => database.events(query, this.state.savedHead), []);
      return selectEvents([...saved, ...unsaved], query);
    });
  }

  memory(query: MemoryQuery): Promise<readonly MemoryTick[]> {
    return this.inTurn(async () => {
      const saved = await this.read((database) => database.memory(query), []);
      return [...saved, ...this.state.unsavedTicks(query)];
    });
  }

  async tick(): Promise<void> {
    if (this.ticking) return;
    this.ticking = true;
    try {
      const work = this.dueWork();
      if (work) await this.inTurn(work);
      const announced = this.announceAll(this.health.dueNotices());
      if (this.role.isTakingOver) await announced;
    } catch (error) {
      this.logger.error(`The store's heartbeat failed: ${String(error)}`);
    } finally {
      this.role.completeTakeOver();
      this.ticking = false;
    }
  }

  private dueWork(): (() => Promise<void>) | null {
    if (!this.role.hasLease) return this.role.isCheckDue() ? () => this.takeOver() : null;
    if (this.health.isDegraded) return this.health.mayWrite() ? () => this.save() : null;
    return this.clock.monotonic() >= this.retentionAt ? () => this.retain() : null;
  }

  private async read<T>(query: (database: Database) => Promise<T>, otherwise: T): Promise<T> {
    const { database } = this.file;
    if (!database) return otherwise;
    try {
      return await query(database);
    } catch (error) {
      if (this.role.hasLease) await this.onFailure(error);
      return otherwise;
    }
  }

  private async save(): Promise<void> {
    try {
      await this.write();
      this.health.recovered();
    } catch (error) {
      await this.onFailure(error);
    }
  }

  private async write(): Promise<void> {
    await this.state.writeTo(await this.connected());
  }

  private async retain(): Promise<void> {
    this.retentionAt = this.clock.monotonic() + RETENTION_MS;
    try {
      const database = await this.connected();
      await database.retain(this.clock.now());
    } catch (error) {
      await this.onFailure(error);
    }
  }

  private async connected(): Promise<Database> {
    if (this.file.database) return this.file.database;
    const { database, contents } = await this.file.open({ migrating: true });
    if (this.state.learn(contents)) this.health.reloaded(`The database ${this.file.path} can be read again.`);
    return database;
  }

  /** Goes on in memory, or with a new database when this one is damaged. */
  private async onFailure(error: unknown): Promise<void> {
    const trouble = troubleOf(error, this.file.path);
    if (trouble.kind === 'corrupt' || error instanceof ReplacedError) {
      await this.replaceFile(trouble);
      return;
    }
    if (!this.health.isDegraded) this.state.beginEpoch();
    this.health.failed(trouble);
    if (trouble.kind !== 'locked' && trouble.kind !== 'full') await this.file.close();
  }

  /** Sets a damaged database aside and writes all we know to a new one. */
  private async replaceFile(damage: Trouble): Promise<void> {
    await this.file.close();
    try {
      const aside = this.file.setAside(this.clock.now());
      this.state.rewriteAll();
      this.health.replaced(damage, aside);
      await this.write();
      this.health.recovered();
    } catch (error) {
      this.health.notReplaced(troubleOf(error, this.file.path));
      await this.file.close();
    }
  }

  /** Another process acts: reads what it has kept until now. */
  private async standBy(): Promise<void> {
    this.logger.warn(this.status.problem ?? '');
    try {
      const { contents } = await this.file.open({ migrating: false });
      this.state.learn(contents);
    } catch {
      await this.file.close();
    }
    // What this process publishes is forgotten when it takes over.
    this.state.beginEpoch();
  }

  private async takeOver(): Promise<void> {
    if (!(await this.role.tryTakeOver())) return;
    await this.file.close();
    this.state.forget();
    await this.save();
    const reason = `The other process that acted on the store ${this.file.path} is gone. This one acts now.`;
    this.logger.log(reason);
    this.health.reloaded(reason);
  }

  /** Resolves when every listener is done. */
  private async announceAll(notices: readonly StoreNotice[]): Promise<void> {
    await Promise.all(
      notices.map((notice) =>
        this.announce(notice).catch((error: unknown) => {
          this.logger.error(`Whoever listens to the store failed: ${String(error)}`);
        }),
      ),
    );
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }
}
