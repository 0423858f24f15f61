import type { Delivery } from './delivery.js';
import type { Endpoint } from './endpoint.js';
import { nextToSend } from './outbox.js';
import { LONGEST_WAIT_MS } from './retry-schedule.js';

/** How many finished deliveries of an endpoint are kept to be looked at. */
export const KEEP_FINISHED = 100;

/** One endpoint's way out: its messages go one after another, and never wait for those of another endpoint. */
export class Lane {
  readonly pending = new Map<string, Delivery>();
  /** Oldest first. */
  readonly finished = new Map<string, Delivery>();
  /** Something is on its way. */
  busy = false;
  /** No attempt before this, since the last one failed. */
  restUntil = 0;
  /** Nothing is due before this. */
  wakeAt = 0;

  constructor(public endpoint: Endpoint) {}

  /** Takes in a delivery's newest state; answers those finished ones that are too many now. */
  put(delivery: Delivery): Delivery[] {
    this.wakeAt = 0;
    if (delivery.status === 'pending') {
      this.finished.delete(delivery.id);
      this.pending.set(delivery.id, delivery);
      return [];
    }
    this.pending.delete(delivery.id);
    this.finished.set(delivery.id, delivery);
    const tooMany = [...this.finished.values()].slice(0, Math.max(0, this.finished.size - KEEP_FINISHED));
    for (const { id } of tooMany) this.finished.delete(id);
    return tooMany;
  }

  clear(): void {
    this.pending.clear();
    this.finished.clear();
    this.wakeAt = 0;
  }

  /** What is to be sent now, if anything; otherwise notes when to look again. */
  next(now: number): Delivery | null {
    const quietUntil = Math.max(this.restUntil, this.endpoint.health.pausedUntil ?? 0);
    // A pause longer than any can be was written under another clock.
    if (now < quietUntil && quietUntil <= now + LONGEST_WAIT_MS) {
      this.wakeAt = quietUntil;
      return null;
    }
    const delivery = nextToSend(this.pending.values(), now);
    if (delivery === null) this.wakeAt = this.earliestDue();
    return delivery;
  }

  private earliestDue(): number {
    let earliest = Infinity;
    for (const { nextAttemptAt } of this.pending.values())
      earliest = Math.min(earliest, nextAttemptAt ?? Infinity);
    return earliest;
  }
}
