import type { Clock } from '../../clock/index.js';

/**
 * The lease as this process has it, on its own monotonic clock: counted from the moment before it was asked for, so it
 * is never thought to last longer than it does on the database's clock.
 */
export class LeaseHold {
  private held: { readonly term: number; readonly until: number } | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly leaseMs: number,
  ) {}

  /** `null`: this process does not have it, as far as it knows. */
  get term(): number | null {
    return this.held?.term ?? null;
  }

  /** For how long it certainly lasts yet; 0 when it does not, although nobody else may have taken it. */
  leftMs(): number {
    return this.held === null ? 0 : Math.max(0, this.held.until - this.clock.monotonic());
  }

  /** It was got, or renewed; asked for at that moment of the monotonic clock. */
  got(term: number, askedAt: number): void {
    this.held = { term, until: askedAt + this.leaseMs };
  }

  lost(): void {
    this.held = null;
  }
}
