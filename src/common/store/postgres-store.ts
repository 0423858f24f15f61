import { setImmediate } from 'node:timers/promises';
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
import { eventsIn, memoryIn } from './kept/read-log.js';
import type { Queries } from './postgres/connection.js';
import { storeContext, type PostgresStoreOptions, type StoreContext } from './postgres/context.js';
import { Membership } from './postgres/membership.js';
import { allReadAnew, committed, isAlone } from './postgres/role.js';
import { save } from './postgres/saving.js';
import { SCHEMA_VERSION } from './postgres/schema.js';
import { selectEvents } from './select.js';
import type { SharedStore } from './shared-store.js';

export type { PostgresStoreOptions };

/**
 * Keeps everything in a PostgreSQL that several processes share. One of them leads: it has a lease, and what it commits
 * is in the database when `commit` returns, as long as `status.durable`. The others follow: all documents are in their
 * memory, too, and what they commit is not kept, since only the leader decides.
 */
export class PostgresStore extends HealthStore {
  override readonly shared: SharedStore;
  private readonly context: StoreContext;
  private readonly membership: Membership;
  private isTicking = false;

  constructor(options: PostgresStoreOptions) {
    super();
    this.context = storeContext(options, () => this.tick());
    this.membership = new Membership(this.context);
    this.shared = this.context.replica;
  }

  get epoch(): string {
    return this.context.log.state.epoch;
  }

  get head(): number {
    return this.context.log.state.head;
  }

  get writer(): boolean {
    return this.shared.role === 'leading';
  }

  get status(): StoreStatus {
    const { access, health, replica } = this.context;
    const { newerSchema } = replica;
    const outdated = newerSchema === null ? null : outdatedBy(newerSchema, access.name);
    return { kind: 'postgres', durable: !health.isDegraded, problem: health.problem ?? outdated };
  }

  async open(): Promise<void> {
    await this.context.access.open();
    await this.membership.open();
  }

  async close(): Promise<void> {
    await this.membership.close();
    await this.context.access.close();
  }

  react(reaction: Reaction): void {
    this.context.log.state.react(reaction);
  }

  commit(change: StateChange): Promise<readonly HealthEvent[]> {
    const { log, role, turns } = this.context;
    return turns.take(async () => {
      // Whoever has just read anew may commit before the store knows that all have: then it knows in a moment.
      if (role.state.is === 'taking-over') await setImmediate();
      if (this.shared.role === 'following') return [];
      const events = log.state.commit(change);
      if (isAlone(role.state)) role.become(committed(role.state, log.hasUnsavedEvents));
      else if (!(await save(this.context))) return [];
      return events;
    });
  }

  entries<C extends CollectionName>(collection: C): Promise<readonly Entry<C>[]> {
    return Promise.resolve(this.context.log.state.entries(collection));
  }

  async events(query: EventQuery): Promise<readonly HealthEvent[]> {
    const { log, turns } = this.context;
    await turns.idle();
    const unsaved = log.state.unsavedEvents(query);
    const until = log.state.savedHead;
    const areEnough = query.after === undefined && unsaved.length === query.limit;
    if (areEnough || query.limit <= 0) return unsaved;
    const saved = await this.read((queries) => eventsIn(queries, query, until), []);
    return selectEvents([...saved, ...unsaved], query);
  }

  async memory(query: MemoryQuery): Promise<readonly MemoryTick[]> {
    const { log, turns } = this.context;
    await turns.idle();
    const unsaved = log.state.unsavedTicks(query);
    return [...(await this.read((queries) => memoryIn(queries, query), [])), ...unsaved];
  }

  /** This store ticks by itself as well, as soon as another process wrote something. */
  async tick(): Promise<void> {
    if (this.isTicking) return;
    this.isTicking = true;
    const { health, logger, looks, role } = this.context;
    try {
      if (this.membership.isLookDue) await this.membership.look();
      await this.announceAll(health.dueNotices());
    } catch (error) {
      logger.error(`The store's heartbeat failed: ${String(error)}`);
    } finally {
      role.become(allReadAnew(role.state));
      this.isTicking = false;
      if (this.membership.isLookDue) looks.wake();
    }
  }

  private async read<T>(query: (queries: Queries) => Promise<T>, otherwise: T): Promise<T> {
    const { access, health, looks } = this.context;
    const { connection } = access;
    if (connection === null || !health.mayWrite()) return otherwise;
    try {
      return await connection.twice(() => query(connection.queries));
    } catch {
      // What follows from it is found by looking.
      looks.wake();
      return otherwise;
    }
  }

  /** Resolves when every listener is done. */
  private async announceAll(notices: readonly StoreNotice[]): Promise<void> {
    const told = Promise.all(
      notices.map((notice) =>
        this.announce(notice).catch((error: unknown) => {
          this.context.logger.error(`Whoever listens to the store failed: ${String(error)}`);
        }),
      ),
    );
    // What is followed next comes after all have read anew.
    if (notices.some(({ kind }) => kind === 'reloaded')) await told;
  }
}

const outdatedBy = (version: number, name: string): string =>
  `The database ${name} is of a newer release: its schema is version ${version}, and this release ` +
  `knows ${SCHEMA_VERSION}. This process only reads, and never leads. Update the package.`;
