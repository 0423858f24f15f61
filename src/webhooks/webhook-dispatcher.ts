import { Injectable, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Clock } from '../common/clock/index.js';
import type { EventDraft, Notification } from '../common/events/index.js';
import { HealthStore } from '../common/store/index.js';
import type { Delivery } from './delivery.js';
import { isActive, signingSecrets, type Endpoint } from './endpoint.js';
import { FORMATS } from './formats/index.js';
import type { Lane } from './lane.js';
import { heldUpStory, mergeStory } from './outbox.js';
import { OutboxState } from './outbox-state.js';
import { settleAttempt } from './settle-attempt.js';
import { signatureOf } from './signature.js';
import { WebhookSender, type Answer, type OutgoingRequest } from './webhook-sender.js';

/** After a failure, an endpoint is left alone for a moment, so that a long queue does not storm a server in trouble. */
const REST_MS = 1_000;
/** What came of so many attempts is kept in one commit while a long queue empties; a killed process repeats as many at most. */
const GROUP = 16;
/** A wall clock that moved this much more, or less, than time did was set. */
const CLOCK_JUMP_MS = 60_000;

/** Sends what is due, one message an endpoint at a time. Has no timers: `heartbeat` starts what is due. */
@Injectable()
export class WebhookDispatcher {
  private readonly logger = new Logger('Webhooks');
  private readonly running = new Set<Promise<void>>();
  private readonly cancelled = new AbortController();
  private draining = false;
  private loading = false;
  private sinceSaved = 0;
  private lastBeat: { readonly wall: number; readonly monotonic: number } | null = null;

  constructor(
    private readonly store: HealthStore,
    private readonly state: OutboxState,
    private readonly sender: WebhookSender,
    private readonly clock: Clock,
  ) {}

  heartbeat(): void {
    if (this.draining) return;
    if (this.state.isStale) {
      if (!this.loading) void this.loadThenStart();
      return;
    }
    if (!this.store.writer) return;
    const now = this.clock.now();
    this.followClock(now);
    if (this.sinceSaved > 0) this.save();
    this.startWhatIsDue(now);
  }

  async drain(deadlineMs: number): Promise<void> {
    this.draining = true;
    const timer = setTimeout(() => this.cancelled.abort(), deadlineMs);
    await Promise.all(this.running);
    clearTimeout(timer);
    await this.state.save();
  }

  /** Sends one message to one endpoint now, whatever waits. */
  async attempt(endpoint: Endpoint, delivery: Delivery): Promise<Answer> {
    let request: OutgoingRequest;
    try {
      request = this.requestFor(endpoint, delivery);
    } catch (error) {
      this.logger.error(
        `Webhook ${endpoint.id}: a message could not be put into its format. ${String(error)}`,
      );
      const told = `The message could not be put into the format ${endpoint.format}.`;
      return { status: null, error: told, retryAfterMs: 0, durationMs: 0 };
    }
    return this.sender.send(request, this.cancelled.signal);
  }

  private async loadThenStart(): Promise<void> {
    this.loading = true;
    try {
      await this.state.load();
      if (!this.store.writer) return;
      this.startWhatIsDue(this.clock.now());
      await this.state.save();
    } catch (error) {
      this.logger.error(`Webhooks could not be read from the store: ${String(error)}`);
    } finally {
      this.loading = false;
    }
  }

  private startWhatIsDue(now: number): void {
    for (const lane of this.state.all()) {
      if (lane.busy || now < lane.wakeAt || !isActive(lane.endpoint)) continue;
      const run = this.run(lane);
      this.running.add(run);
      void run.finally(() => this.running.delete(run));
    }
  }

  private async run(lane: Lane): Promise<void> {
    lane.busy = true;
    try {
      while (!this.draining && this.store.writer && isActive(lane.endpoint)) {
        const delivery = lane.next(this.clock.now());
        if (delivery === null) break;
        // Kept before it is sent: a killed process must send the same message again, not merge another.
        if (this.merge(lane, delivery)) await this.state.save();
        else await this.deliver(lane, delivery);
      }
    } catch (error) {
      lane.restUntil = this.clock.now() + REST_MS;
      this.logger.error(`Webhook ${lane.endpoint.id}: ${String(error)}`);
    } finally {
      lane.busy = false;
      this.save();
    }
  }

  private save(): void {
    this.sinceSaved = 0;
    void this.state.save();
  }

  private merge(lane: Lane, delivery: Delivery): boolean {
    const story = heldUpStory(delivery, lane.pending.values());
    if (story === null) return false;
    const merged = mergeStory(story, this.clock.now(), randomUUID);
    for (const part of story) {
      const endedBecause = `Told in ${merged.messageId}.`;
      this.state.putDelivery({ ...part, status: 'merged', nextAttemptAt: null, endedBecause });
    }
    this.state.putDelivery(merged);
    return true;
  }

  private async deliver(lane: Lane, delivery: Delivery): Promise<void> {
    const { url } = lane.endpoint;
    const answer = await this.attempt(lane.endpoint, delivery);
    const cut = answer.error !== null && this.cancelled.signal.aborted;
    // Another address answers for itself alone; the new one has yet to get the message.
    const moved = lane.endpoint.url !== url;
    // Removed, or replayed, or retried by hand meanwhile: that counts.
    const current = lane.pending.get(delivery.id);
    if (cut || moved || !current) return;
    const now = this.clock.now();
    const settled = settleAttempt(current, lane.endpoint.health, answer, { now, random: Math.random() });
    this.state.putDelivery(settled.delivery);
    this.state.putHealth(settled.health);
    if (answer.error !== null) lane.restUntil = now + REST_MS;
    if (settled.outageOver) this.release(lane, now);
    if (settled.health.disabled !== null) this.disable(lane, settled.health.disabled.reason);
    if (++this.sinceSaved >= GROUP) this.save();
  }

  /** It answers again: what waited for that need not wait for its next turn. */
  private release(lane: Lane, now: number): void {
    for (const delivery of [...lane.pending.values()]) {
      if ((delivery.nextAttemptAt ?? now) > now) this.state.putDelivery({ ...delivery, nextAttemptAt: now });
    }
  }

  private disable(lane: Lane, reason: string): void {
    for (const delivery of [...lane.pending.values()]) {
      const endedBecause = `Its endpoint was disabled. ${reason}`;
      this.state.putDelivery({ ...delivery, status: 'failed', nextAttemptAt: null, endedBecause });
    }
    this.logger.warn(`Webhook ${lane.endpoint.id} was disabled. ${reason}`);
    for (const event of disabledEvents(lane.endpoint.id, reason, this.clock.now())) this.state.tell(event);
  }

  private requestFor(endpoint: Endpoint, { message, messageId, level }: Delivery): OutgoingRequest {
    const { url, body } = FORMATS[endpoint.format](message, level, endpoint.url);
    const bytes = Buffer.from(JSON.stringify(body), 'utf8');
    const now = this.clock.now();
    const seconds = Math.floor(now / 1_000);
    const secrets = signingSecrets(endpoint, now);
    return {
      url,
      body: bytes,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'archipelago-health-monitor',
        'webhook-id': messageId,
        'webhook-timestamp': String(seconds),
        ...(secrets.length > 0 && { 'webhook-signature': signatureOf(secrets, messageId, seconds, bytes) }),
      },
    };
  }

  /** Times that are waited for, or counted from, move with the wall clock when that is set. */
  private followClock(wall: number): void {
    const monotonic = this.clock.monotonic();
    const jump = this.lastBeat ? wall - this.lastBeat.wall - (monotonic - this.lastBeat.monotonic) : 0;
    this.lastBeat = { wall, monotonic };
    if (Math.abs(jump) <= CLOCK_JUMP_MS) return;
    const moved = (time: number | null): number | null => (time === null ? null : time + jump);
    for (const lane of this.state.all()) {
      lane.restUntil = 0;
      const { health } = lane.endpoint;
      this.state.putHealth({
        ...health,
        failingSince: moved(health.failingSince),
        refused: health.refused && { ...health.refused, lastAt: health.refused.lastAt + jump },
        pausedUntil: moved(health.pausedUntil),
      });
      for (const delivery of [...lane.pending.values()]) {
        this.state.putDelivery({ ...delivery, nextAttemptAt: moved(delivery.nextAttemptAt) });
      }
    }
    void this.state.save();
  }
}

/** That an endpoint gets nothing any more is told to people, too; over the ways that are left. */
function disabledEvents(endpoint: string, reason: string, now: number): EventDraft[] {
  const at = new Date(now).toISOString();
  const notification: Notification = {
    id: `health-webhook-${Math.floor(now / 1_000)}-${endpoint}`,
    level: 'error',
    title: `Webhook ${endpoint} was disabled`,
    message: reason,
    timestamp: at,
    type: 'webhook.disabled',
    read: false,
  };
  return [
    { type: 'webhook.disabled', at, data: { endpoint, reason } },
    { type: 'notification.created', at, data: { notification, details: { reason } } },
  ];
}
