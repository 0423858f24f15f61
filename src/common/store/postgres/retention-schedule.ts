const FIRST_MS = 60_000;
const EVERY_MS = 3_600_000;

/** When the leader drops what is too old. All moments are of the monotonic clock. */
export class RetentionSchedule {
  private dueAt = 0;
  /** Documents that were removed up to this revision can be forgotten at the next time. */
  private purgeable = 0;

  start(now: number): void {
    this.dueAt = now + FIRST_MS;
  }

  isDue(now: number): boolean {
    return now >= this.dueAt;
  }

  /** It is done now. Gives up to which revision removed documents are forgotten: all others have read that by now. */
  begin(now: number, revision: number): number {
    this.dueAt = now + EVERY_MS;
    const purge = this.purgeable;
    this.purgeable = revision;
    return purge;
  }
}
