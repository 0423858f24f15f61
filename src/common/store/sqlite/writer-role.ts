import type { Clock } from '../../clock/index.js';
import type { Lease } from './lease.js';

/** How often a process that stands by asks whether the writer is gone. */
const LEASE_CHECK_MS = 1_000;

/**
 * Whether this process is the one that acts on the store. One that is not stands by until the lease is free; then it is
 * taking over until all have read anew what the other process left.
 */
export class WriterRole {
  private role: 'standing-by' | 'taking-over' | 'writer' = 'standing-by';
  private checkAt = 0;

  constructor(
    private readonly lease: Pick<Lease, 'acquire' | 'release'>,
    private readonly clock: Clock,
  ) {}

  get isWriter(): boolean {
    return this.role === 'writer';
  }

  get isTakingOver(): boolean {
    return this.role === 'taking-over';
  }

  /** No other process writes; this one may, also while it is taking over. */
  get hasLease(): boolean {
    return this.role !== 'standing-by';
  }

  /** At the start: becomes the writer, unless another process is. Whether it did. */
  async claim(): Promise<boolean> {
    if (await this.acquire()) this.role = 'writer';
    return this.isWriter;
  }

  /** Whether to ask again if the other process is gone. */
  isCheckDue(): boolean {
    return !this.hasLease && this.clock.monotonic() >= this.checkAt;
  }

  /** Begins to take over when the other process is gone. Whether it did. */
  async tryTakeOver(): Promise<boolean> {
    if (await this.acquire()) this.role = 'taking-over';
    return this.isTakingOver;
  }

  /** All have read anew: from now on, this process acts. */
  completeTakeOver(): void {
    if (this.isTakingOver) this.role = 'writer';
  }

  release(): void {
    this.lease.release();
    this.role = 'standing-by';
  }

  private async acquire(): Promise<boolean> {
    this.checkAt = this.clock.monotonic() + LEASE_CHECK_MS;
    return this.lease.acquire();
  }
}
