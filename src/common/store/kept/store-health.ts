import type { Clock } from '../../clock/index.js';
import type { StoreNotice } from '../health-store.js';
import type { StoreLogger } from '../store-logger.js';
import type { Trouble, TroubleKind } from './trouble.js';

const FIRST_RETRY_MS = 1_000;

/** How patient a store is with its database. */
export interface Patience {
  /** The longest time between two tries, which grows from a second. */
  readonly lastRetryMs: number;
  /** A trouble of such a kind is announced only when it lasts for so long. Default: at once. */
  readonly announceAfterMs: Readonly<Partial<Record<TroubleKind, number>>>;
}

/** Of a file: backups take its lock for a moment. */
export const PATIENCE_WITH_FILE: Patience = { lastRetryMs: 30_000, announceAfterMs: { locked: 10_000 } };

/**
 * Whether the database can be written, when to try again while it cannot, and what the store has to say of itself. A
 * trouble is announced once, and its end.
 */
export class StoreHealth {
  private trouble: (Trouble & { readonly since: number }) | null = null;
  private announced = false;
  private retryMs = FIRST_RETRY_MS;
  private retryAt = 0;
  private readonly notices: StoreNotice[] = [];

  /** `name`: the database's, as messages show it. */
  constructor(
    private readonly name: string,
    private readonly clock: Clock,
    private readonly logger: StoreLogger,
    private readonly patience: Patience = PATIENCE_WITH_FILE,
  ) {}

  /** Why the database cannot be written, and what to do; `null` when it can. */
  get problem(): string | null {
    return this.trouble?.reason ?? null;
  }

  /** What is committed is kept in memory only. */
  get isDegraded(): boolean {
    return this.trouble !== null;
  }

  /** Not while a failure is so fresh that trying again makes no sense. */
  mayWrite(): boolean {
    return this.trouble === null || this.clock.monotonic() >= this.retryAt;
  }

  /** The database could not be used; it is tried again after 1 second, then ever later, within bounds. */
  failed(trouble: Trouble): void {
    const now = this.clock.monotonic();
    if (!this.trouble) this.logger.warn(`${trouble.reason} Going on in memory.`);
    this.trouble = { ...trouble, since: this.trouble?.since ?? now };
    this.retryAt = now + this.retryMs;
    this.retryMs = Math.min(this.retryMs * 2, this.patience.lastRetryMs);
  }

  /** Everything is in the database. */
  recovered(): void {
    this.trouble = null;
    this.retryMs = FIRST_RETRY_MS;
  }

  /** A new database takes the place of a damaged one, which is at `aside` now. */
  replaced(damage: Trouble, aside: string): void {
    const reason = `${damage.reason} It was set aside as ${aside}; a new one takes its place. Earlier events are in the old one only.`;
    this.logger.error(reason);
    this.notices.push(
      { kind: 'degraded', reason },
      { kind: 'recovered', reason: `A new database is in use: ${this.name}.` },
    );
  }

  /** A damaged database could not be replaced. */
  notReplaced(trouble: Trouble): void {
    const now = this.clock.monotonic();
    this.logger.error(`${trouble.reason} Going on in memory.`);
    this.trouble = { ...trouble, kind: 'unusable', since: now };
    this.retryAt = now + this.patience.lastRetryMs;
  }

  /** Documents were replaced by those in the database. */
  reloaded(reason: string): void {
    this.notices.push({ kind: 'reloaded', reason });
  }

  /** It is yet to be announced that documents were replaced. */
  get owesReload(): boolean {
    return this.notices.some(({ kind }) => kind === 'reloaded');
  }

  /** What is to be announced now; each notice is returned once. */
  dueNotices(): StoreNotice[] {
    const due = this.notices.splice(0);
    if (this.trouble && !this.announced && this.isLasting(this.trouble)) {
      this.announced = true;
      const reason = `${this.trouble.reason} Until then, what happens is kept in memory only.`;
      due.push({ kind: 'degraded', reason });
    } else if (!this.trouble && this.announced) {
      this.announced = false;
      this.logger.log(`The database ${this.name} is written again.`);
      const reason = `The database ${this.name} is written again, with what was kept in memory.`;
      due.push({ kind: 'recovered', reason });
    }
    return due;
  }

  private isLasting({ kind, since }: NonNullable<typeof this.trouble>): boolean {
    return this.clock.monotonic() - since >= (this.patience.announceAfterMs[kind] ?? 0);
  }
}
