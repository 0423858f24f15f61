import type { Put, Remove } from '../common/store/index.js';
import { ended, type Delivery } from './delivery.js';
import { isActive, type Endpoint } from './endpoint.js';
import { shiftedHealth, switchedOn, type EndpointHealth } from './endpoint-health.js';
import { heldUpStory, mergeStory } from './merge-story.js';
import { replayOf, type Circumstances } from './new-delivery.js';
import { nextToSend } from './next-to-send.js';
import { LONGEST_WAIT_MS } from './retry-schedule.js';
import { settleAttempt, settleTest, type AttemptEnd } from './settle-attempt.js';
import type { Answer } from './webhook-sender.js';

/** How many finished deliveries of an endpoint are kept for people to read. */
const KEEP_FINISHED = 100;
/** After a failure, an endpoint is left alone for a moment, so that a long queue does not storm a server in trouble. */
const REST_MS = 1_000;

/**
 * One endpoint's way out: its health and its deliveries, which go one after another and never wait for those of another
 * endpoint. Every change of them is handed to `keep`, for the store. Times are milliseconds since 1970.
 */
export class Lane {
  private readonly pending = new Map<string, Delivery>();
  /** Oldest first. */
  private readonly finished = new Map<string, Delivery>();
  private current: Endpoint;
  private underWay = false;
  /** No attempt before this, since the latest one failed. */
  private restUntil = 0;
  /** Nothing is due before this. */
  private dueAt = 0;

  constructor(
    endpoint: Endpoint,
    private readonly keep: (change: Put | Remove) => void,
  ) {
    this.current = endpoint;
  }

  get endpoint(): Endpoint {
    return this.current;
  }

  /** How many deliveries wait to be sent, with the one that is on its way. */
  get queued(): number {
    return this.pending.size;
  }

  /** Something is on its way: see {@link begin}. */
  get busy(): boolean {
    return this.underWay;
  }

  /** Every delivery that is known, newest first. */
  deliveries(): Delivery[] {
    return [...this.pending.values(), ...this.finished.values()].sort(
      (one, other) => other.createdAt - one.createdAt,
    );
  }

  has(deliveryId: string): boolean {
    return this.pending.has(deliveryId) || this.finished.has(deliveryId);
  }

  // As the store has it

  /** The endpoint as it is now, and all its deliveries in the order in which they came to be. */
  load(endpoint: Endpoint, deliveries: Iterable<Delivery>): void {
    this.current = endpoint;
    this.pending.clear();
    this.finished.clear();
    this.dueAt = 0;
    for (const delivery of deliveries) this.place(delivery);
    this.dropTooOld();
  }

  /** Removes all deliveries: the endpoint is there no more. Also what is on its way finds nothing left. */
  clear(): void {
    for (const id of [...this.pending.keys(), ...this.finished.keys()]) {
      this.record({ collection: 'webhook-delivery', key: id });
    }
    this.load(this.current, []);
  }

  // Sending

  /** Whether to begin sending now. */
  isReady(now: number): boolean {
    return !this.underWay && now >= this.dueAt && isActive(this.current);
  }

  /** Sending begins; until {@link end}, nothing else does here. */
  begin(): void {
    this.underWay = true;
  }

  end(): void {
    this.underWay = false;
  }

  /** What to send now; `null` when nothing is due. Then {@link isReady} is false until something is. */
  next(now: number): Delivery | null {
    if (!isActive(this.current)) return null;
    const quietUntil = Math.max(this.restUntil, this.current.health.pausedUntil ?? 0);
    // A pause longer than any can be was written under another clock.
    if (now < quietUntil && quietUntil <= now + LONGEST_WAIT_MS) {
      this.dueAt = quietUntil;
      return null;
    }
    const delivery = nextToSend(this.pending.values(), now);
    if (delivery === null) this.dueAt = this.earliestAttempt();
    return delivery;
  }

  /**
   * Makes one message of all that waits about the same incident, when that is better; it is due at once. Whether there
   * was anything to merge.
   */
  merge(delivery: Delivery, circumstances: Circumstances): boolean {
    const story = heldUpStory(delivery, this.pending.values());
    if (story === null) return false;
    const merged = mergeStory(story, circumstances);
    for (const part of story) this.put(ended(part, 'merged', `Told in ${merged.messageId}.`));
    this.put(merged);
    return true;
  }

  /**
   * What came of sending `delivery` to `url`. False when that counts no more: the endpoint has another URL now, which
   * has yet to get the message; or the delivery was removed, or has ended, meanwhile.
   */
  settle(delivery: Delivery, url: string, answer: Answer, end: AttemptEnd): boolean {
    // A replay by hand may have changed it meanwhile.
    const current = this.pending.get(delivery.id);
    if (!current || this.current.url !== url) return false;
    const settled = settleAttempt(current, this.current.health, answer, end);
    this.put(settled.delivery);
    this.putHealth(settled.health);
    if (answer.error !== null) this.rest(end.now);
    if (settled.outageOver) this.bringForward(end.now);
    const { disabled } = settled.health;
    if (disabled !== null) this.giveUp(`Its endpoint was disabled. ${disabled.reason}`);
    return true;
  }

  /** Leaves the endpoint alone for a moment. */
  rest(now: number): void {
    this.restUntil = now + REST_MS;
  }

  // What people do

  /** What came of a test: when the endpoint answered it, it is switched on again. The test as it ended. */
  settleTest(test: Delivery, answer: Answer, now: number): Delivery {
    const { delivery, health } = settleTest(test, this.current.health, answer, now);
    this.put(delivery);
    if (answer.error === null) this.restUntil = 0;
    this.putHealth(health);
    return delivery;
  }

  /**
   * Sends a finished delivery again; one that waits is due at once. The endpoint is left alone no longer, whatever it
   * asked for: now a person asks.
   *
   * @throws RangeError when there is no such delivery
   */
  replay(deliveryId: string, circumstances: Circumstances): Delivery {
    const again = this.againNow(deliveryId, circumstances);
    this.put(again);
    this.restUntil = 0;
    this.putHealth({ ...this.current.health, pausedUntil: null });
    return again;
  }

  /** Gives up all that waits. `because` is a sentence. */
  giveUp(because: string): void {
    for (const delivery of [...this.pending.values()]) this.put(ended(delivery, 'failed', because));
  }

  /** Begins anew, as if the endpoint had never failed. */
  switchOn(): void {
    this.restUntil = 0;
    this.putHealth(switchedOn(this.current.health));
  }

  /** The wall clock was set: what is waited for, and what is counted from, moves along. */
  shiftTimes(jumpMs: number): void {
    this.restUntil = 0;
    this.putHealth(shiftedHealth(this.current.health, jumpMs));
    for (const delivery of [...this.pending.values()]) {
      const { nextAttemptAt } = delivery;
      this.put({ ...delivery, nextAttemptAt: nextAttemptAt === null ? null : nextAttemptAt + jumpMs });
    }
  }

  private againNow(deliveryId: string, circumstances: Circumstances): Delivery {
    const waiting = this.pending.get(deliveryId);
    if (waiting) return { ...waiting, nextAttemptAt: circumstances.now };
    const done = this.finished.get(deliveryId);
    if (!done) throw new RangeError(`There is no delivery ${deliveryId}.`);
    return replayOf(done, circumstances);
  }

  /** It answers again: what waited for that need not wait for its next turn. */
  private bringForward(now: number): void {
    for (const delivery of [...this.pending.values()]) {
      if ((delivery.nextAttemptAt ?? now) > now) this.put({ ...delivery, nextAttemptAt: now });
    }
  }

  private put(delivery: Delivery): void {
    this.place(delivery);
    this.record({ collection: 'webhook-delivery', key: delivery.id, value: delivery });
    this.dropTooOld();
  }

  private putHealth(health: EndpointHealth): void {
    this.current = { ...this.current, health };
    this.record({ collection: 'webhook-health', key: health.id, value: health });
  }

  private place(delivery: Delivery): void {
    const [from, to] =
      delivery.status === 'pending' ? [this.finished, this.pending] : [this.pending, this.finished];
    from.delete(delivery.id);
    to.set(delivery.id, delivery);
  }

  private dropTooOld(): void {
    const tooMany = this.finished.size - KEEP_FINISHED;
    for (const id of [...this.finished.keys()].slice(0, Math.max(0, tooMany))) {
      this.finished.delete(id);
      this.record({ collection: 'webhook-delivery', key: id });
    }
  }

  /** Whatever has changed, what is due is found anew. */
  private record(change: Put | Remove): void {
    this.dueAt = 0;
    this.keep(change);
  }

  private earliestAttempt(): number {
    let earliest = Infinity;
    for (const { nextAttemptAt } of this.pending.values()) {
      earliest = Math.min(earliest, nextAttemptAt ?? Infinity);
    }
    return earliest;
  }
}
