import { existsSync, renameSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../clock/index.js';
import type { HealthEvent, MemoryTick } from '../events/index.js';
import {
  HealthStore,
  type CollectionName,
  type Collections,
  type EventQuery,
  type MemoryQuery,
  type Reaction,
  type StateChange,
  type StoreNotice,
  type StoreStatus,
} from './health-store.js';
import { selectEvents, selectTicks } from './select.js';
import { Database, type Contents } from './sqlite/database.js';
import { connect, type Connect } from './sqlite/driver.js';
import { Lease } from './sqlite/lease.js';
import { troubleOf, type Trouble } from './sqlite/trouble.js';
import type { StoreLogger } from './store-logger.js';
import { Unsaved } from './unsaved.js';
import { WorkingCopy } from './working-copy.js';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;
const LEASE_CHECK_MS = 1_000;
const RETENTION_MS = 3_600_000;
/** Another program's lock is told only when it lasts: backups take one for a moment. */
const TELL_LOCKED_AFTER_MS = 10_000;

class ReplacedError extends Error {}

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
  private readonly path: string;
  private readonly clock: Clock;
  private readonly logger: StoreLogger;
  private readonly connect: Connect;
  private readonly lease: Lease;
  private readonly copy: WorkingCopy;
  private readonly unsaved = new Unsaved();
  private readonly notices: StoreNotice[] = [];
  private database: Database | null = null;
  /** The database's documents and head have been taken in. */
  private loaded = false;
  /** Of the events, the database has those up to here. */
  private savedHead = 0;
  /** Of this store, under which this process may have written. */
  private readonly epochs = new Set<string>();
  private held = false;
  /** The lease is ours, but not everybody has read what the other process left. */
  private takingOver = false;
  private trouble: (Trouble & { readonly since: number }) | null = null;
  private told: Trouble | null = null;
  private retryMs = FIRST_RETRY_MS;
  private retryAt = 0;
  private leaseCheckAt = 0;
  private retentionAt = 0;
  private ticking = false;
  private queue: Promise<unknown> = Promise.resolve();

  constructor({ path, clock, logger, connect: connectTo = connect }: SqliteStoreOptions) {
    super();
    this.path = resolve(path);
    this.clock = clock;
    this.logger = logger;
    this.connect = connectTo;
    this.lease = new Lease(`${this.path}.lock`, connectTo);
    this.copy = new WorkingCopy(logger);
  }

  get epoch(): string {
    return this.copy.epoch;
  }

  get head(): number {
    return this.copy.head;
  }

  get writer(): boolean {
    return this.held && !this.takingOver;
  }

  get status(): StoreStatus {
    const problem = this.writer
      ? (this.trouble?.reason ?? null)
      : `Another process acts on the store ${this.path}. This one only observes, and takes over when the other is gone.`;
    return { kind: 'sqlite', durable: this.writer && this.trouble === null, problem };
  }

  open(): Promise<void> {
    return this.inTurn(async () => {
      this.held = await this.lease.acquire();
      if (this.held) await this.save({ evenIfEmpty: true });
      else await this.lookOnly();
      this.retentionAt = this.clock.monotonic() + 60_000;
    });
  }

  close(): Promise<void> {
    return this.inTurn(async () => {
      if (this.held && !this.unsaved.empty) await this.save();
      await this.disconnect();
      this.lease.release();
      this.held = false;
    });
  }

  react(reaction: Reaction): void {
    this.copy.react(reaction);
  }

  commit(change: StateChange): Promise<readonly HealthEvent[]> {
    return this.inTurn(async () => {
      // Whoever has just read anew may commit before the store knows that all have: then it knows in a moment.
      if (this.takingOver) await setImmediate();
      if (this.takingOver) return [];
      const applied = this.copy.apply(change);
      this.unsaved.add(applied, change.memory);
      if (this.held && (this.trouble === null || this.retryDue())) await this.save();
      return applied.events;
    });
  }

  all<C extends CollectionName>(collection: C): Promise<readonly Collections[C][]> {
    return Promise.resolve(this.copy.all(collection));
  }

  events(query: EventQuery): Promise<readonly HealthEvent[]> {
    return this.inTurn(async () => {
      const held = selectEvents(this.unsaved.events, query);
      if (query.limit <= 0 || (query.after === undefined && held.length === query.limit)) return held;
      const saved = await this.read((database) => database.events(query, this.savedHead), []);
      const all = [...saved, ...held];
      return query.after === undefined ? all.slice(-query.limit) : all.slice(0, query.limit);
    });
  }

  memory(query: MemoryQuery): Promise<readonly MemoryTick[]> {
    return this.inTurn(async () => {
      const saved = await this.read((database) => database.memory(query), []);
      return [...saved, ...selectTicks(this.unsaved.ticks, query)];
    });
  }

  async tick(): Promise<void> {
    if (this.ticking) return;
    const now = this.clock.monotonic();
    const work = this.dueWork(now);
    this.ticking = true;
    try {
      if (work) await this.inTurn(work);
      const told = this.tellNotices(this.clock.monotonic());
      if (this.takingOver) await told;
    } catch (error) {
      this.logger.error(`The store's heartbeat failed: ${String(error)}`);
    } finally {
      this.takingOver = false;
      this.ticking = false;
    }
  }

  private dueWork(now: number): (() => Promise<void>) | null {
    if (!this.held) return now >= this.leaseCheckAt ? () => this.tryTakeOver() : null;
    if (this.trouble) return this.retryDue() ? () => this.save({ evenIfEmpty: true }) : null;
    return now >= this.retentionAt ? () => this.retain() : null;
  }

  // Writing

  private async save({ evenIfEmpty = false } = {}): Promise<void> {
    if (this.unsaved.empty && !evenIfEmpty) return;
    try {
      await this.write();
    } catch (error) {
      await this.stumble(error);
      return;
    }
    this.trouble = null;
    this.retryMs = FIRST_RETRY_MS;
  }

  private async write(): Promise<void> {
    const database = await this.connected();
    this.epochs.add(this.copy.epoch);
    await database.write({
      replaceDocuments: this.unsaved.allDocuments,
      put: this.unsaved.put,
      remove: this.unsaved.remove,
      events: this.unsaved.events,
      ticks: this.unsaved.ticks,
      dropEarlierEvents: this.unsaved.gaveUpEvents,
      epoch: this.copy.epoch,
      head: this.copy.head,
    });
    this.savedHead = this.copy.head;
    this.unsaved.clear();
  }

  private async connected(): Promise<Database> {
    if (this.database) return this.database;
    const database = await Database.open(this.path, this.connect, { migrating: true });
    try {
      const contents = await database.load();
      if (this.loaded) this.recognise(contents);
      else this.takeIn(contents);
      this.loaded = true;
    } catch (error) {
      await database.close().catch(() => undefined);
      throw error;
    }
    return (this.database = database);
  }

  /** Makes the database's contents ours, under what was committed before they could be read. */
  private takeIn({ epoch, head, documents, unreadable }: Contents): void {
    if (unreadable.length > 0)
      this.logger.error(`Documents that could not be read were left out: ${unreadable.join(', ')}`);
    const late = this.copy.head > 0 || !this.unsaved.empty;
    if (!late) {
      this.copy.replace(documents);
      this.copy.epoch = epoch ?? this.copy.epoch;
      this.copy.head = head;
    } else if (head > 0 || documents.length > 0) {
      const ours = this.copy.everything();
      this.copy.replace([...documents.filter((document) => !this.unsaved.has(document)), ...ours]);
      this.unsaved.events = this.unsaved.events.map((event) => ({ ...event, seq: event.seq + head }));
      this.copy.head += head;
      this.copy.epoch = randomUUID();
      this.notices.push({ kind: 'reloaded', reason: `The database ${this.path} can be read again.` });
    }
    if (epoch !== null) this.epochs.add(epoch);
    this.savedHead = head;
  }

  /** After a new connection: what we take for saved may not be in this file. */
  private recognise({ epoch, head }: Contents): void {
    if (epoch !== null && !this.epochs.has(epoch))
      throw new ReplacedError(`Another database was put at ${this.path}.`);
    if (epoch === null || head < this.savedHead) this.rewriteAll();
  }

  private rewriteAll(): void {
    this.unsaved.addEverything(this.copy.everything());
    this.savedHead = 0;
  }

  private async stumble(error: unknown): Promise<void> {
    const trouble = troubleOf(error, this.path);
    if (trouble.kind === 'corrupt' || error instanceof ReplacedError) {
      await this.startAnew(trouble);
      return;
    }
    const now = this.clock.monotonic();
    if (!this.trouble) {
      // What is told from now on may be forgotten in a crash, and its `seq` given out again.
      this.copy.epoch = randomUUID();
      this.logger.warn(`${trouble.reason} Going on in memory.`);
    }
    this.trouble = { ...trouble, since: this.trouble?.since ?? now };
    this.retryAt = now + this.retryMs;
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
    if (trouble.kind !== 'locked' && trouble.kind !== 'full') await this.disconnect();
  }

  /** Sets a damaged database aside and writes all we know to a new one. */
  private async startAnew(trouble: Trouble): Promise<void> {
    await this.disconnect();
    const aside = `${this.path}.corrupt-${new Date(this.clock.now()).toISOString().replaceAll(':', '-')}`;
    try {
      for (const suffix of ['-wal', '-shm', '']) {
        if (existsSync(this.path + suffix)) renameSync(this.path + suffix, aside + suffix);
      }
      this.rewriteAll();
      this.loaded = true;
      const reason = `${trouble.reason} It was set aside as ${aside}; a new one takes its place. Earlier events are in the old one only.`;
      this.logger.error(reason);
      this.notices.push(
        { kind: 'degraded', reason },
        { kind: 'recovered', reason: `A new database is in use: ${this.path}.` },
      );
      await this.write();
      this.trouble = null;
    } catch (error) {
      const next = troubleOf(error, this.path);
      this.trouble = { ...next, kind: 'unusable', since: this.clock.monotonic() };
      this.retryAt = this.clock.monotonic() + LAST_RETRY_MS;
      this.logger.error(`${next.reason} Going on in memory.`);
      await this.disconnect();
    }
  }

  private retryDue(): boolean {
    return this.clock.monotonic() >= this.retryAt;
  }

  private async retain(): Promise<void> {
    this.retentionAt = this.clock.monotonic() + RETENTION_MS;
    try {
      await (await this.connected()).retain(this.clock.now());
    } catch (error) {
      await this.stumble(error);
    }
  }

  // Reading

  private async read<T>(query: (database: Database) => Promise<T>, otherwise: T): Promise<T> {
    if (!this.database) return otherwise;
    try {
      return await query(this.database);
    } catch (error) {
      if (this.held) await this.stumble(error);
      return otherwise;
    }
  }

  // The other process

  private async lookOnly(): Promise<void> {
    this.logger.warn(this.status.problem ?? '');
    this.leaseCheckAt = this.clock.monotonic() + LEASE_CHECK_MS;
    try {
      this.database = await Database.open(this.path, this.connect, { migrating: false });
      this.takeIn(await this.database.load());
    } catch {
      await this.disconnect();
    }
    // What this process tells is forgotten when it takes over.
    this.copy.epoch = randomUUID();
  }

  private async tryTakeOver(): Promise<void> {
    this.leaseCheckAt = this.clock.monotonic() + LEASE_CHECK_MS;
    if (!(await this.lease.acquire())) return;
    await this.disconnect();
    this.unsaved.clear();
    this.copy.replace([]);
    this.copy.head = 0;
    this.held = true;
    this.takingOver = true;
    this.loaded = false;
    await this.save({ evenIfEmpty: true });
    const reason = `The other process that acted on the store ${this.path} is gone. This one acts now.`;
    this.logger.log(reason);
    this.notices.push({ kind: 'reloaded', reason });
  }

  // Telling

  /** Tells what there is; resolves when every listener is done. */
  private async tellNotices(now: number): Promise<void> {
    await Promise.all(this.dueNotices(now).map((notice) => this.tellOne(notice)));
  }

  private dueNotices(now: number): StoreNotice[] {
    const due = this.notices.splice(0);
    const { trouble } = this;
    if (trouble && !this.told && (trouble.kind !== 'locked' || now - trouble.since >= TELL_LOCKED_AFTER_MS)) {
      this.told = trouble;
      due.push({
        kind: 'degraded',
        reason: `${trouble.reason} Until then, what happens is kept in memory only.`,
      });
    } else if (!trouble && this.told) {
      this.told = null;
      this.logger.log(`The database ${this.path} is written again.`);
      due.push({
        kind: 'recovered',
        reason: `The database ${this.path} is written again, with what was kept in memory.`,
      });
    }
    return due;
  }

  private async tellOne(notice: StoreNotice): Promise<void> {
    try {
      await this.tell(notice);
    } catch (error) {
      this.logger.error(`Whoever listens to the store failed: ${String(error)}`);
    }
  }

  private async disconnect(): Promise<void> {
    const { database } = this;
    this.database = null;
    await database?.close().catch(() => undefined);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }
}
