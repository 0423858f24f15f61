import {
  BadRequestException,
  ConflictException,
  Inject,
  Injectable,
  NotFoundException,
  Optional,
  ServiceUnavailableException,
} from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Clock } from '../common/clock/index.js';
import { ByLeader, Leader } from '../common/leader/index.js';
import { HEALTH_MONITOR_OPTIONS, hasTopic, type ResolvedOptions } from '../common/options/index.js';
import { HealthStore } from '../common/store/index.js';
import { isActive, type StoredEndpoint } from './endpoint.js';
import { isFailing } from './endpoint-health.js';
import type { Lane } from './lane.js';
import { testDelivery, type Circumstances } from './new-delivery.js';
import { Outbox } from './outbox.js';
import { changedEndpoint, newEndpoint, type NewWebhook, type WebhookChange } from './webhook-change.js';
import { WebhookDispatcher } from './webhook-dispatcher.js';
import { WebhookSender } from './webhook-sender.js';
import {
  viewDelivery,
  viewEndpoint,
  withSecret,
  type DeliveryView,
  type WebhookView,
  type WebhookWithSecret,
} from './webhook-view.js';

/** Endpoints that can be added over REST. */
const MOST_ENDPOINTS = 50;

/**
 * Sends every notification to people's other programs over HTTP: once an endpoint, for as long as it takes. Deliveries
 * are written with the event that causes them and sent from there, so a killed process goes on where it was; a receiver
 * may get a message twice then, with the same `webhook-id`.
 *
 * Refuses with Nest's exceptions: 400 for what cannot be, 404 for what is not there, 409 for what may not be, 503 while
 * another process acts on the store.
 */
@Injectable()
export class WebhookService {
  constructor(
    private readonly store: HealthStore,
    private readonly outbox: Outbox,
    private readonly dispatcher: WebhookDispatcher,
    private readonly sender: WebhookSender,
    private readonly clock: Clock,
    @Inject(HEALTH_MONITOR_OPTIONS) private readonly options: ResolvedOptions,
    @Optional() readonly leader?: Leader,
  ) {
    leader?.leads('webhooks', this);
  }

  /** Starts what is due. To be called some times a second; nearly free when nothing is due. Never throws. */
  heartbeat(): void {
    this.dispatcher.heartbeat();
  }

  /** Starts nothing more and resolves when what is on its way is done, cut off after `deadlineMs`. For the shutdown. */
  async drain(deadlineMs: number): Promise<void> {
    await this.dispatcher.drain(deadlineMs);
  }

  /** For the status page; `null` when there is no endpoint. Costs no I/O. */
  status(): { readonly endpoints: number; readonly failing: number; readonly queued: number } | null {
    const lanes = [...this.outbox.all()];
    if (lanes.length === 0) return null;
    return {
      endpoints: lanes.length,
      failing: lanes.filter(({ endpoint }) => isFailing(endpoint.health)).length,
      queued: lanes.reduce((sum, { queued }) => sum + queued, 0),
    };
  }

  /** All endpoints. `revealed`: with their whole URLs, which may be secrets. */
  async list({ revealed }: { readonly revealed: boolean }): Promise<WebhookView[]> {
    await this.outbox.load();
    return [...this.outbox.all()].map((lane) => viewEndpoint(lane, this.clock.now(), revealed));
  }

  /** Adds an endpoint. The answer is the only time that its secret is shown. */
  @ByLeader()
  async add(webhook: NewWebhook): Promise<WebhookWithSecret> {
    await this.ready();
    const endpoint = this.withCheckedUrl(newEndpoint(webhook));
    if (this.outbox.lane(endpoint.id))
      throw new ConflictException(`There is a webhook ${endpoint.id} already.`);
    if ([...this.outbox.all()].length >= MOST_ENDPOINTS + this.options.webhooks.endpoints.length) {
      throw new ConflictException(`There are ${MOST_ENDPOINTS} webhooks already. Remove one first.`);
    }
    this.outbox.putEndpoint(endpoint);
    return withSecret(await this.saved(endpoint.id), endpoint);
  }

  /** Changes an endpoint that was added over REST. A secret that is new is in the answer, this once. */
  @ByLeader()
  async update(id: string, change: WebhookChange): Promise<WebhookView | WebhookWithSecret> {
    await this.ready();
    const lane = this.addedLane(id);
    const before = lane.endpoint;
    const next = this.withCheckedUrl(changedEndpoint(before, change));
    const beginsAnew = change.enabled === true && !isActive(before);
    if (beginsAnew || change.enabled === false) lane.giveUp('Its endpoint was switched off.');
    if (beginsAnew) lane.switchOn();
    this.outbox.putEndpoint(next);
    const view = await this.saved(id);
    return next.secret === before.secret ? view : withSecret(view, next);
  }

  /** Removes an endpoint that was added over REST, with all its deliveries. */
  @ByLeader()
  async remove(id: string): Promise<void> {
    await this.ready();
    this.addedLane(id);
    this.outbox.removeEndpoint(id);
    await this.outbox.save();
    await this.outbox.load();
  }

  /** Sends a `webhook.test` now, once, and returns what came of it. An endpoint that answers is switched on again. */
  @ByLeader()
  async test(id: string): Promise<DeliveryView> {
    await this.ready();
    const { endpoint } = this.anyLane(id);
    const test = testDelivery(id, this.options.nodeId, this.circumstances());
    const answer = await this.dispatcher.attempt(endpoint, test);
    await this.outbox.load();
    const lane = this.outbox.lane(id);
    if (lane?.endpoint.url !== endpoint.url) {
      throw new ConflictException(`Webhook ${id} was removed, or got another URL, while it was tested.`);
    }
    const settled = lane.settleTest(test, answer, this.clock.now());
    await this.outbox.save();
    return viewDelivery(settled);
  }

  /** The latest deliveries to an endpoint, newest first. */
  async deliveries(id: string, limit = 50): Promise<DeliveryView[]> {
    await this.outbox.load();
    return this.anyLane(id).deliveries().slice(0, limit).map(viewDelivery);
  }

  /**
   * Sends a finished delivery again, under the same `webhook-id`; one that waits is due at once. The endpoint is left
   * alone no longer, whatever it asked for: now a person asks.
   */
  @ByLeader()
  async replay(deliveryId: string): Promise<DeliveryView> {
    await this.ready();
    const lane = this.outbox.laneOf(deliveryId);
    if (!lane) throw new NotFoundException(`There is no delivery ${deliveryId}.`);
    if (!isActive(lane.endpoint)) {
      throw new ConflictException(
        `Webhook ${lane.endpoint.id} is switched off. Switch it on, or test it, first.`,
      );
    }
    const again = lane.replay(deliveryId, this.circumstances());
    this.heartbeat();
    await this.outbox.save();
    return viewDelivery(again);
  }

  private circumstances(): Circumstances {
    return { now: this.clock.now(), newId: randomUUID };
  }

  private async saved(id: string): Promise<WebhookView> {
    await this.outbox.save();
    await this.outbox.load();
    return viewEndpoint(this.anyLane(id), this.clock.now(), true);
  }

  private async ready(): Promise<void> {
    if (!this.store.writer) {
      throw new ServiceUnavailableException(
        this.store.status.problem ?? 'Another process acts on the store.',
      );
    }
    await this.outbox.load();
  }

  private anyLane(id: string): Lane {
    const lane = this.outbox.lane(id);
    if (!lane) throw new NotFoundException(`There is no webhook ${id}.`);
    return lane;
  }

  private addedLane(id: string): Lane {
    const lane = this.anyLane(id);
    if (lane.endpoint.origin === 'config') {
      throw new ConflictException(`Webhook ${id} is written in the host's configuration. Change it there.`);
    }
    return lane;
  }

  private withCheckedUrl(endpoint: StoredEndpoint): StoredEndpoint {
    const { url, format } = endpoint;
    const refusal = this.sender.rules.refusalOfUrl(url);
    if (refusal !== null) throw new BadRequestException([`url: ${refusal}`]);
    if (format === 'ntfy' && !hasTopic(url)) {
      throw new BadRequestException([
        'url: Its last part must be the topic: 1 to 64 letters, digits, - or _.',
      ]);
    }
    return { ...endpoint, url: new URL(url).href };
  }
}
