/** So many containers at once do not all fail by themselves. */
const AT_ONCE = 3;
/** Those that begin to fail within this do so together; an answer within it is of now. */
export const ROUND_MS = 60_000;
/** Nothing is made of a failure for so long once it looks like one of our own network. */
const DOUBT_MS = 5 * 60_000;

/**
 * Notices when it is likely our own network that fails, and not the containers: three or more that were well begin to fail within a
 * minute, and nobody is well in between. Times are monotonic milliseconds.
 */
export class OwnNetwork {
  /** Since when each of them has failed, as long as nobody is well. */
  private readonly failedSince = new Map<string, number>();
  private doubted: ReadonlySet<string> = new Set();
  private doubtedUntil = -Infinity;

  /** Somebody is well: the network works, and whoever fails does so by itself. */
  worked(): void {
    this.failedSince.clear();
    this.doubted = new Set();
    this.doubtedUntil = -Infinity;
  }

  /**
   * One that was well has failed.
   *
   * @param isSomebodyWell whether the latest answer of anybody, within a minute, was a good one
   * @returns whose failures are doubted from now on, when that is news; else `null`
   */
  failed(id: string, now: number, isSomebodyWell: boolean): readonly string[] | null {
    if (!this.failedSince.has(id)) this.failedSince.set(id, now);
    const together = [...this.failedSince].flatMap(([one, since]) => (now - since <= ROUND_MS ? [one] : []));
    if (now < this.doubtedUntil) {
      this.doubted = new Set([...this.doubted, ...together]);
      return null;
    }
    if (together.length < AT_ONCE || isSomebodyWell) return null;
    this.doubted = new Set(together);
    this.doubtedUntil = now + DOUBT_MS;
    return together;
  }

  /** Whether a failure of this one says nothing for now. */
  isDoubted(id: string, now: number): boolean {
    return now < this.doubtedUntil && this.doubted.has(id);
  }

  forget(id: string): void {
    this.failedSince.delete(id);
  }
}
