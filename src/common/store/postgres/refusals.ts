/** How long the lead is kept at most although nothing can be written; milliseconds. */
const LONGEST_MS = 600_000;

/**
 * When a leader gives its lead up because the database refuses what it writes: another may have better to write, and
 * this one begins anew with what is there. Each time it waits twice as long, so that the lead does not go round and round
 * where each of them is refused. All moments are of the monotonic clock.
 */
export class Refusals {
  private since: number | null = null;
  private gaveUpAt: number | null = null;
  private waitMs: number;

  /** `firstMs`: how long it is borne the first time. */
  constructor(private readonly firstMs: number) {
    this.waitMs = firstMs;
  }

  /** A write failed; `isRefused`: for what was in it. */
  failed(isRefused: boolean, now: number): void {
    this.since = isRefused ? (this.since ?? now) : null;
  }

  /** All was written. */
  written(now: number): void {
    this.since = null;
    if (this.gaveUpAt !== null && now - this.gaveUpAt > 2 * LONGEST_MS) this.waitMs = this.firstMs;
  }

  /** Whether the lead is to be given up. */
  isEnough(now: number): boolean {
    return this.since !== null && now - this.since >= this.waitMs;
  }

  gaveUp(now: number): void {
    this.since = null;
    this.gaveUpAt = now;
    this.waitMs = Math.min(2 * this.waitMs, Math.max(LONGEST_MS, this.firstMs));
  }

  /** Whether it is another one's turn to lead, if there is another. */
  isResting(now: number): boolean {
    return this.gaveUpAt !== null && now - this.gaveUpAt < this.firstMs;
  }
}
