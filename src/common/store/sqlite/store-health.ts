import type { Clock } from '../../clock/index.js';
import type { StoreNotice } from '../health-store.js';
import type { StoreLogger } from '../store-logger.js';
import type { Trouble } from './trouble.js';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;
/** Another program's lock is announced only when it lasts: backups take one for a moment. */
const ANNOUNCE_LOCKED_AFTER_MS = 10_000;

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

  constructor(
    private readonly path: string,
    private readonly clock: Clock,
    private readonly logger: StoreLogger,
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

  /** The database could not be used; it is tried again after 1 second, then ever later, at most 30. */
  failed(trouble: Trouble): void {
    const now = this.clock.monotonic();
    if (!this.trouble) this.logger.warn(`${trouble.reason} Going on in memory.`);
    this.trouble = { ...trouble, since: this.trouble?.since ?? now };
    this.retryAt = now + this.retryMs;
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
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
      { kind: 'recovered', reason: `A new database is in use: ${this.path}.` },
    );
  }

  /** A damaged database could not be replaced. */
  notReplaced(trouble: Trouble): void {
    const now = this.clock.monotonic();
    this.logger.error(`${trouble.reason} Going on in memory.`);
    this.trouble = { ...trouble, kind: 'unusable', since: now };
    this.retryAt = now + LAST_RETRY_MS;
  }

  /** Documents were replaced by those in the database. */
  reloaded(reason: string): void {
    this.notices.push({ kind: 'reloaded', reason });
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
      this.logger.log(`The database ${this.path} is written again.`);
      const reason = `The database ${this.path} is written again, with what was kept in memory.`;
      due.push({ kind: 'recovered', reason });
    }
    return due;
  }

  private isLasting({ kind, since }: NonNullable<typeof this.trouble>): boolean {
    return kind !== 'locked' || this.clock.monotonic() - since >= ANNOUNCE_LOCKED_AFTER_MS;
  }
}
