import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../clock/index.js';
import type { HealthEvent, MemoryTick } from '../events/index.js';
import { PACKAGE_VERSION } from '../package/index.js';
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
import { eventsIn, memoryIn } from './kept/read-log.js';
import { StoreHealth, type Patience } from './kept/store-health.js';
import { Access, type Place } from './postgres/access.js';
import { Answering } from './postgres/answering.js';
import { Asking } from './postgres/asking.js';
import type { Connection, Queries } from './postgres/connection.js';
import { SupersededError } from './postgres/fence.js';
import { Heart } from './postgres/heart.js';
import { isOutreached, knowsSchema, mayTake } from './postgres/lead-rules.js';
import { LeaseHold } from './postgres/lease-hold.js';
import { releaseLease, renewLease, takeLease } from './postgres/lease-table.js';
import { Listener } from './postgres/listener.js';
import { LogCopy, type Lead } from './postgres/log-copy.js';
import { blankLeftBehind } from './postgres/question-table.js';
import { Refusals } from './postgres/refusals.js';
import { Replica } from './postgres/replica.js';
import { SCHEMA_VERSION } from './postgres/schema.js';
import { forgetTheGone, leave, look, sayPresence, type Sight } from './postgres/sight.js';
import { TIMING, type Timing } from './postgres/timing.js';
import { troubleOf } from './postgres/trouble.js';
import { selectEvents } from './select.js';
import type { SharedStore } from './shared-store.js';
import type { StoreLogger } from './store-logger.js';

const FIRST_RETENTION_MS = 60_000;
const RETENTION_MS = 3_600_000;

/** A restart of the database is no news. */
const PATIENCE: Patience = { lastRetryMs: 2_000, announceAfterMs: { unreachable: 3_000 } };

export interface PostgresStoreOptions extends Place {
  readonly clock: Clock;
  readonly logger: StoreLogger;
  /** How long things take; for tests. */
  readonly timing?: Partial<Timing>;
}

/**
 * Keeps everything in a PostgreSQL that several processes share. One of them leads: it has a lease, and what it commits
 * is in the database when `commit` returns, as long as `status.durable`. The others follow: all documents are in their
 * memory, too, and what they commit is not kept, since only the leader decides.
 */
export class PostgresStore extends HealthStore {
  override readonly shared: SharedStore;
  private readonly clock: Clock;
  private readonly logger: StoreLogger;
  private readonly timing: Timing;
  private readonly access: Access;
  private readonly log: LogCopy;
  private readonly health: StoreHealth;
  private readonly lease: LeaseHold;
  private readonly refusals: Refusals;
  private readonly asking: Asking;
  private readonly answering: Answering;
  private readonly replica: Replica;
  private readonly looking: Heart;
  private readonly renewing: Heart;
  private listener: Listener | null = null;
  private queue: Promise<unknown> = Promise.resolve();
  private isTicking = false;
  private lookAt = 0;
  private retentionAt = 0;
  /** Documents that were removed up to this revision can be forgotten at the next retention. */
  private purgeable = 0;
  private isOpening = false;
  private isClosed = false;
  /** The version of a schema that this release does not know; `null`: it knows it. */
  private newerSchema: number | null = null;
  /** Since when another process reaches more engines, or the database cannot be looked at. */
  private outreachedSince: number | null = null;
  private failingSince: number | null = null;
  /** When the database could be looked at again, after it could not. */
  private backAt: number | null = null;
  /** Events are told that are not in the database: the log began anew for this process. */
  private hasStrayed = false;

  constructor(options: PostgresStoreOptions) {
    super();
    const { clock, logger, timing = {} } = options;
    this.clock = clock;
    this.logger = logger;
    this.timing = { ...TIMING, ...timing };
    this.access = new Access(options, this.timing.deadlineMs);
    const { name } = this.access;
    this.log = new LogCopy(name, logger);
    this.health = new StoreHealth(name, clock, logger, PATIENCE);
    this.lease = new LeaseHold(clock, this.timing.leaseMs);
    this.refusals = new Refusals(this.timing.refusedMs);
    const id = Replica.newId();
    this.asking = new Asking(
      id,
      () => this.access.connection,
      clock,
      this.timing.answeredMs,
      () => this.wake(),
    );
    this.answering = new Answering(id, () => this.wake());
    this.replica = new Replica(
      id,
      PACKAGE_VERSION,
      this.lease,
      this.asking,
      this.answering,
      clock,
      logger,
      2 * this.timing.pollMs,
    );
    this.shared = this.replica;
    this.looking = new Heart(this.timing.pollMs, () => this.tick());
    this.renewing = new Heart(this.timing.renewMs, () => this.renewAndSay());
  }

  get epoch(): string {
    return this.log.state.epoch;
  }

  get head(): number {
    return this.log.state.head;
  }

  get writer(): boolean {
    return this.replica.role === 'leading';
  }

  get status(): StoreStatus {
    const { problem, isDegraded } = this.health;
    const outdated = this.newerSchema === null ? null : this.outdated(this.newerSchema);
    return { kind: 'postgres', durable: !isDegraded, problem: problem ?? outdated };
  }

  async open(): Promise<void> {
    await this.access.open();
    await this.inTurn(() => this.joinAtStart());
    this.retentionAt = this.clock.monotonic() + FIRST_RETENTION_MS;
    this.looking.start();
    this.renewing.start();
  }

  async close(): Promise<void> {
    this.looking.stop();
    this.renewing.stop();
    await this.inTurn(() => this.finish());
    this.isClosed = true;
    await this.asking.close();
    await this.inTurn(() => this.leave());
    this.listener?.stop();
    await this.access.close();
  }

  react(reaction: Reaction): void {
    this.log.state.react(reaction);
  }

  commit(change: StateChange): Promise<readonly HealthEvent[]> {
    return this.inTurn(async () => {
      // Whoever has just read anew may commit before the store knows that all have: then it knows in a moment.
      if (this.replica.part === 'taking-over') await setImmediate();
      if (this.replica.role === 'following') return [];
      const events = this.log.state.commit(change);
      if (this.replica.part === 'cut-off') this.stray();
      else if (!(await this.save())) return [];
      return events;
    });
  }

  entries<C extends CollectionName>(collection: C): Promise<readonly Entry<C>[]> {
    return Promise.resolve(this.log.state.entries(collection));
  }

  async events(query: EventQuery): Promise<readonly HealthEvent[]> {
    await this.queue;
    const unsaved = this.log.state.unsavedEvents(query);
    const until = this.log.state.savedHead;
    const areEnough = query.after === undefined && unsaved.length === query.limit;
    if (areEnough || query.limit <= 0) return unsaved;
    const saved = await this.read((queries) => eventsIn(queries, query, until), []);
    return selectEvents([...saved, ...unsaved], query);
  }

  async memory(query: MemoryQuery): Promise<readonly MemoryTick[]> {
    await this.queue;
    const unsaved = this.log.state.unsavedTicks(query);
    return [...(await this.read((queries) => memoryIn(queries, query), [])), ...unsaved];
  }

  /** This store ticks by itself as well, as soon as another process wrote something. */
  async tick(): Promise<void> {
    if (this.isTicking) return;
    this.isTicking = true;
    try {
      if (this.isLookDue()) await this.lookAround();
      await this.announceAll(this.health.dueNotices());
    } catch (error) {
      this.logger.error(`The store's heartbeat failed: ${String(error)}`);
    } finally {
      if (this.replica.part === 'taking-over') this.replica.part = 'leading';
      this.isTicking = false;
      if (this.isLookDue()) this.looking.wake();
    }
  }

  /** What is read at the start is no news. */
  private async joinAtStart(): Promise<void> {
    this.isOpening = true;
    try {
      await this.join(this.access.connection!);
      if (this.replica.part === 'taking-over') this.replica.part = 'leading';
      this.health.dueNotices();
    } catch (error) {
      this.loseTouch(error);
    }
    this.isOpening = false;
  }

  private isLookDue(): boolean {
    return this.access.connection !== null && this.clock.monotonic() >= this.lookAt && this.health.mayWrite();
  }

  private wake(): void {
    this.lookAgain();
    this.looking.wake();
  }

  /** Once this look is done. */
  private lookAgain(): void {
    this.lookAt = 0;
  }

  /** Looks at what is in the database, and does what follows from it. */
  private async lookAround(): Promise<void> {
    const { connection } = this.access;
    if (connection === null) return;
    this.lookAt = this.clock.monotonic() + this.timing.pollMs;
    try {
      if (this.listener === null) return await this.inTurn(() => this.join(connection));
      await this.renewIfLate();
      const sight = await look(connection, this.replica.id, this.timing);
      await this.inTurn(() => this.actOn(sight, connection));
      await this.serve(sight, connection);
      await this.listener.tend();
    } catch (error) {
      await this.inTurn(() => Promise.resolve(this.loseTouch(error)));
    }
  }

  /** Comes in: makes the tables, says that it is there, and takes its part. */
  private async join(connection: Connection): Promise<void> {
    await connection.prepare();
    await sayPresence(connection, this.replica.presence);
    await this.actOn(await look(connection, this.replica.id, this.timing), connection);
    this.listener = this.newListener(connection);
    void this.listener.tend();
  }

  private newListener(connection: Connection): Listener {
    const { id } = this.replica;
    const heard = (by: string): void => {
      if (by !== id) this.wake();
    };
    const say = (word: string): Promise<void> => connection.wakeOthers(connection.queries, word);
    return new Listener(this.access.pool!, connection.schema, this.clock, this.timing.deadlineMs, heard, say);
  }

  private async actOn(sight: Sight, connection: Connection): Promise<void> {
    if (this.isClosed) return;
    this.replica.see(sight);
    this.newerSchema = knowsSchema(sight) ? null : sight.schema;
    const { term } = this.lease;
    const hasLease = term !== null && sight.lease.holder === this.replica.id && sight.lease.term === term;
    if (hasLease) return this.lead(sight, connection, term);
    const isOthersTurn = this.refusals.isResting(this.clock.monotonic()) && sight.replicas.length > 1;
    const isMine = !isOthersTurn && !this.isLastLeadersTurn(sight) && mayTake(this.replica, sight);
    if (!(isMine && (await this.takeOver(connection)))) await this.follow(sight, connection);
    this.isBack();
  }

  /** After an outage, whoever led before it may have something to write; the others wait for it a moment. */
  private isLastLeadersTurn({ lease: { holder } }: Sight): boolean {
    if (holder === null || holder === this.replica.id) return false;
    const { backAt, failingSince } = this;
    if (this.replica.part === 'cut-off' && failingSince !== null) return true;
    return backAt !== null && this.clock.monotonic() - backAt < this.timing.firstGoMs;
  }

  private async lead(sight: Sight, connection: Connection, term: number): Promise<void> {
    if (this.newerSchema !== null) return this.handOver(connection, term);
    if (this.isOutreachedFor(sight) >= this.timing.outreachedMs) return this.handOver(connection, term);
    if (this.replica.part === 'cut-off' && this.lease.leftMs() > 0) await this.save();
    if (this.refusals.isEnough(this.clock.monotonic())) return this.giveUp(connection, term);
    if (this.replica.part === 'leading' && this.clock.monotonic() >= this.retentionAt)
      await this.retain(connection, term);
  }

  /** For how long another process has reached more engines; -1: none does. */
  private isOutreachedFor(sight: Sight): number {
    if (!isOutreached(this.replica, sight)) {
      this.outreachedSince = null;
      return -1;
    }
    this.outreachedSince ??= this.clock.monotonic();
    return this.clock.monotonic() - this.outreachedSince;
  }

  /** Lets another process lead, which can do it better. */
  private async handOver(connection: Connection, term: number): Promise<void> {
    if (!this.log.state.isSaved && !(await this.save())) return;
    await this.release(connection, term);
  }

  /** What this process has to write is refused for good: it goes on without it. */
  private async giveUp(connection: Connection, term: number): Promise<void> {
    this.refusals.gaveUp(this.clock.monotonic());
    await this.release(connection, term);
    this.isBack();
  }

  private async release(connection: Connection, term: number): Promise<void> {
    this.lease.lost();
    await releaseLease(connection, this.replica.id, term);
    await this.giveWay(connection);
  }

  private async follow(sight: Sight, connection: Connection): Promise<void> {
    if (this.replica.part !== 'following') return this.giveWay(connection);
    // What comes next is told when all have read anew.
    if (this.health.owesReload) return this.lookAgain();
    const change = await this.log.follow(connection, sight.log);
    if (change === null) {
      await this.log.reload(connection);
      this.health.reloaded(`The database ${this.access.name} was read anew.`);
    } else if (change.put.length + change.remove.length + change.events.length > 0) {
      this.replica.tell(change);
    }
  }

  /** Another process leads, or may: all that is only here is forgotten. */
  private async giveWay(connection: Connection): Promise<void> {
    this.forgetLead();
    await this.log.reload(connection);
    this.replica.part = 'following';
    this.tellReload('This replica follows now: another one leads, or may');
  }

  private async takeOver(connection: Connection): Promise<boolean> {
    this.forgetLead();
    const askedAt = this.clock.monotonic();
    const taken = await takeLease(connection, this.replica.id, this.timing.leaseMs);
    if (taken === null) return false;
    const { term, loaded } = taken;
    this.lease.got(term, askedAt);
    this.log.adopt(loaded);
    this.replica.part = 'taking-over';
    this.tellReload('This replica leads now');
    if (this.log.owesEpoch) await this.log.write(connection, this.leadOf(term, connection));
    return true;
  }

  private forgetLead(): void {
    this.lease.lost();
    this.answering.forget();
    this.outreachedSince = null;
    this.hasStrayed = false;
  }

  private tellReload(why: string): void {
    const reason = `${why}. The database ${this.access.name} was read anew.`;
    if (!this.isOpening) this.logger.log(reason);
    this.health.reloaded(reason);
  }

  private leadOf(term: number, connection: Connection): Lead {
    return { id: this.replica.id, term, renew: () => this.renew(connection) };
  }

  /** Whether this process has the lease yet. */
  private async renew(connection: Connection): Promise<boolean> {
    const { term } = this.lease;
    if (term === null) return false;
    const askedAt = this.clock.monotonic();
    const isRenewed = await renewLease(connection, this.replica.id, term, this.timing.leaseMs);
    if (this.lease.term !== term) return false;
    if (isRenewed) this.lease.got(term, askedAt);
    else this.lease.lost();
    return isRenewed;
  }

  private async renewIfLate(): Promise<void> {
    const isLate = this.lease.leftMs() < this.timing.leaseMs - 2 * this.timing.renewMs;
    if (this.lease.term !== null && isLate) await this.renew(this.access.connection!);
  }

  private async renewAndSay(): Promise<void> {
    const { connection } = this.access;
    if (connection === null || this.listener === null || !this.health.mayWrite()) return;
    try {
      if (this.lease.term !== null && !(await this.renew(connection))) this.wake();
      await sayPresence(connection, this.replica.presence);
    } catch (error) {
      await this.inTurn(() => Promise.resolve(this.loseTouch(error)));
    }
  }

  private async serve(sight: Sight, connection: Connection): Promise<void> {
    await this.asking.see(sight);
    const { term } = this.lease;
    if (term === null || !this.writer) return;
    await this.answering.take(connection, term, sight);
    if (this.log.state.isSaved) await this.answering.write(connection, term);
    if (sight.isLeftBehind) await blankLeftBehind(connection, this.timing.goneMs);
  }

  /** False: another process leads, and what was to be written is void. */
  private async save(): Promise<boolean> {
    const { connection } = this.access;
    const { term } = this.lease;
    try {
      if (connection === null || term === null) throw new SupersededError('The lease is gone.');
      await this.log.write(connection, this.leadOf(term, connection));
      if (this.replica.part === 'cut-off') this.replica.part = 'leading';
      this.hasStrayed = false;
      this.refusals.written(this.clock.monotonic());
      this.isBack();
      return true;
    } catch (error) {
      if (!(error instanceof SupersededError)) this.loseTouch(error);
      return !(error instanceof SupersededError) || !(await this.isGivenWay(connection));
    }
  }

  /** Whether it follows now; else it is cut off, and has forgotten nothing. */
  private async isGivenWay(connection: Connection | null): Promise<boolean> {
    try {
      if (connection === null) throw new Error('The store is closed.');
      await this.giveWay(connection);
      return true;
    } catch (error) {
      this.loseTouch(error);
      return false;
    }
  }

  private async retain(connection: Connection, term: number): Promise<void> {
    this.retentionAt = this.clock.monotonic() + RETENTION_MS;
    const purge = this.purgeable;
    this.purgeable = this.log.revision;
    await this.log.retain(connection, this.leadOf(term, connection), { now: this.clock.now(), purge });
    await forgetTheGone(connection);
  }

  private async read<T>(query: (queries: Queries) => Promise<T>, otherwise: T): Promise<T> {
    const { connection } = this.access;
    if (connection === null || !this.health.mayWrite()) return otherwise;
    try {
      return await connection.twice(() => query(connection.queries));
    } catch {
      // What follows from it is found by looking.
      this.wake();
      return otherwise;
    }
  }

  /** The database cannot be used: a leader leads no more, and a follower goes on alone when that lasts. */
  private loseTouch(error: unknown): void {
    const trouble = troubleOf(error, this.access.name);
    this.failingSince ??= this.clock.monotonic();
    this.refusals.failed(trouble.kind === 'refused', this.clock.monotonic());
    this.health.failed(trouble);
    this.asking.loseSightOf(this.timing.leaseMs);
    const { part } = this.replica;
    if (part === 'leading' || part === 'taking-over') {
      this.replica.part = 'cut-off';
      this.stray();
    } else if (part === 'following' && this.clock.monotonic() - this.failingSince >= this.timing.graceMs) {
      this.replica.part = 'cut-off';
      this.health.reloaded(
        `The database ${this.access.name} does not answer. This process goes on with what it read.`,
      );
    }
  }

  private isBack(): void {
    if (this.failingSince !== null) this.backAt = this.clock.monotonic();
    this.failingSince = null;
    this.health.recovered();
  }

  /** Once there are events that are not in the database, the same `seq` may name other ones there. */
  private stray(): void {
    if (this.hasStrayed || this.log.state.unsavedEvents({ limit: 1 }).length === 0) return;
    this.hasStrayed = true;
    this.log.state.beginEpoch();
  }

  /** Writes what is not written yet, and what others wait for. */
  private async finish(): Promise<void> {
    const { term } = this.lease;
    const { connection } = this.access;
    if (term === null || connection === null) return;
    if (!this.log.state.isSaved && !(await this.save())) return;
    if (!this.log.state.isSaved || this.health.isDegraded) return;
    try {
      await this.answering.write(connection, term);
    } catch (error) {
      this.logger.warn(`Not all answers could be given. ${troubleOf(error, this.access.name).reason}`);
    }
  }

  /** Others need not wait until the lease is over. */
  private async leave(): Promise<void> {
    const { connection } = this.access;
    const { term } = this.lease;
    this.forgetLead();
    this.replica.part = 'cut-off';
    if (connection === null || this.listener === null || this.health.isDegraded) return;
    try {
      if (term !== null) await releaseLease(connection, this.replica.id, term);
      await leave(connection, this.replica.id);
    } catch (error) {
      this.logger.warn(`The lead could not be given up. ${troubleOf(error, this.access.name).reason}`);
    }
  }

  private outdated(version: number): string {
    return (
      `The database ${this.access.name} is of a newer release: its schema is version ${version}, and this release ` +
      `knows ${SCHEMA_VERSION}. This process only reads, and never leads. Update the package.`
    );
  }

  /** Resolves when every listener is done. */
  private async announceAll(notices: readonly StoreNotice[]): Promise<void> {
    const told = Promise.all(
      notices.map((notice) =>
        this.announce(notice).catch((error: unknown) => {
          this.logger.error(`Whoever listens to the store failed: ${String(error)}`);
        }),
      ),
    );
    // What is followed next comes after all have read anew.
    if (notices.some(({ kind }) => kind === 'reloaded')) await told;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }
}
