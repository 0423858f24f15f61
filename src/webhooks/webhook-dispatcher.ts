import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Clock } from '../common/clock/index.js';
import { HealthStore } from '../common/store/index.js';
import { AROUND_ATTEMPT, nextAttempt, type AroundAttempt } from './around-attempt.js';
import type { Delivery } from './delivery.js';
import type { Endpoint } from './endpoint.js';
import type { Lane } from './lane.js';
import { Outbox } from './outbox.js';
import { requestFor, type OutgoingRequest } from './outgoing-request.js';
import { webhookDisabled } from './webhook-disabled.js';
import { WebhookSender, type Answer } from './webhook-sender.js';

/** What came of so many attempts is kept in one commit while a long queue empties; a killed process repeats as many at most. */
const GROUP = 16;
/** A wall clock that moved this much more, or less, than time did was set. */
const CLOCK_SET_MS = 60_000;

/** Sends what is due, one message an endpoint at a time. Has no timers: `heartbeat` starts what is due. */
@Injectable()
export class WebhookDispatcher {
  private readonly logger = new Logger('Webhooks');
  private readonly running = new Set<Promise<void>>();
  private readonly cancelled = new AbortController();
  private draining = false;
  private loading = false;
  private unsavedAttempts = 0;
  private lastBeat: { readonly wall: number; readonly monotonic: number } | null = null;

  constructor(
    private readonly store: HealthStore,
    private readonly outbox: Outbox,
    private readonly sender: WebhookSender,
    private readonly clock: Clock,
    @Optional() @Inject(AROUND_ATTEMPT) private readonly around?: AroundAttempt | null,
  ) {}

  heartbeat(): void {
    if (this.draining) return;
    if (this.outbox.isStale) {
      if (!this.loading) void this.loadThenStart();
      return;
    }
    if (!this.store.writer) return;
    const now = this.clock.now();
    this.followClock(now);
    if (this.unsavedAttempts > 0) this.save();
    this.startWhatIsDue(now);
  }

  async drain(deadlineMs: number): Promise<void> {
    this.draining = true;
    const timer = setTimeout(() => this.cancelled.abort(), deadlineMs);
    await Promise.all(this.running);
    clearTimeout(timer);
    await this.outbox.save();
  }

  /** Sends one message to one endpoint now, whatever waits. */
  attempt(endpoint: Endpoint, delivery: Delivery): Promise<Answer> {
    const send = () => this.send(endpoint, delivery);
    return this.around ? this.around(nextAttempt(endpoint, delivery), send) : send();
  }

  private async send(endpoint: Endpoint, delivery: Delivery): Promise<Answer> {
    let request: OutgoingRequest;
    try {
      request = requestFor(endpoint, delivery, this.clock.now());
    } catch (error) {
      this.logger.error(
        `Webhook ${endpoint.id}: a message could not be put into its format. ${String(error)}`,
      );
      const reason = `The message could not be put into the format ${endpoint.format}.`;
      return { status: null, error: reason, retryAfterMs: null, durationMs: 0 };
    }
    return this.sender.send(request, this.cancelled.signal);
  }

  private async loadThenStart(): Promise<void> {
    this.loading = true;
    try {
      await this.outbox.load();
      if (!this.store.writer) return;
      this.startWhatIsDue(this.clock.now());
      await this.outbox.save();
    } catch (error) {
      this.logger.error(`Webhooks could not be read from the store: ${String(error)}`);
    } finally {
      this.loading = false;
    }
  }

  private startWhatIsDue(now: number): void {
    for (const lane of this.outbox.all()) {
      if (!lane.isReady(now)) continue;
      const run = this.run(lane);
      this.running.add(run);
      void run.finally(() => this.running.delete(run));
    }
  }

  private async run(lane: Lane): Promise<void> {
    lane.begin();
    try {
      await this.sendWhatIsDue(lane);
    } catch (error) {
      lane.rest(this.clock.now());
      this.logger.error(`Webhook ${lane.endpoint.id}: ${String(error)}`);
    } finally {
      lane.end();
      this.save();
    }
  }

  private async sendWhatIsDue(lane: Lane): Promise<void> {
    while (!this.draining && this.store.writer) {
      const now = this.clock.now();
      const delivery = lane.next(now);
      if (delivery === null) return;
      // Kept before it is sent: a killed process must send the same message again, not merge another.
      if (lane.merge(delivery, { now, newId: randomUUID })) await this.outbox.save();
      else await this.deliver(lane, delivery);
    }
  }

  private async deliver(lane: Lane, delivery: Delivery): Promise<void> {
    const { endpoint } = lane;
    const answer = await this.attempt(endpoint, delivery);
    const wasCutOff = answer.error !== null && this.cancelled.signal.aborted;
    if (wasCutOff) return;
    const end = { now: this.clock.now(), random: Math.random() };
    if (!lane.settle(delivery, endpoint.url, answer, end)) return;
    this.announceDisabled(lane.endpoint);
    if (++this.unsavedAttempts >= GROUP) this.save();
  }

  private announceDisabled({ id, health: { disabled } }: Endpoint): void {
    if (disabled === null) return;
    this.logger.warn(`Webhook ${id} was disabled. ${disabled.reason}`);
    for (const event of webhookDisabled(id, disabled.reason, disabled.at)) this.outbox.publish(event);
  }

  private save(): void {
    this.unsavedAttempts = 0;
    void this.outbox.save();
  }

  /** Times that are waited for, or counted from, move with the wall clock when that is set. */
  private followClock(wall: number): void {
    const monotonic = this.clock.monotonic();
    const jumpMs = this.lastBeat ? wall - this.lastBeat.wall - (monotonic - this.lastBeat.monotonic) : 0;
    this.lastBeat = { wall, monotonic };
    if (Math.abs(jumpMs) <= CLOCK_SET_MS) return;
    for (const lane of this.outbox.all()) lane.shiftTimes(jumpMs);
    this.save();
  }
}
