import { type RuntimeError } from '../runtime-error.js';

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/**
 * Keeps what fails from being tried too often: after a failure, each caller is given that one again for 1 s, then for
 * 2, 4 … 30 s after further ones.
 */
export class Backoff {
  private failures = 0;
  private latest: RuntimeError | null = null;
  private until = -Infinity;

  /** `now`: monotonic milliseconds. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @throws RuntimeError the latest failure, while it is too early to try again */
  check(): void {
    if (this.latest !== null && this.now() < this.until) throw this.latest;
  }

  failed(error: RuntimeError): void {
    this.until = this.now() + Math.min(FIRST_MS * 2 ** this.failures, LONGEST_MS);
    this.failures++;
    this.latest = error;
  }

  succeeded(): void {
    this.failures = 0;
    this.latest = null;
  }
}
