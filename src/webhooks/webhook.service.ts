import {
  BadRequestException,
  ConflictException,
  Inject,
  Injectable,
  NotFoundException,
  ServiceUnavailableException,
} from '@nestjs/common';
import { randomBytes, randomUUID } from 'node:crypto';
import { Clock } from '../common/clock/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions, type WebhookFormat } from '../common/options/index.js';
import { HealthStore } from '../common/store/index.js';
import type { Delivery } from './delivery.js';
import { WebhookDispatcher } from './webhook-dispatcher.js';
import { isActive, newSecret, type EndpointHealth, type StoredEndpoint } from './endpoint.js';
import { hasTopic } from './formats/index.js';
import type { Lane } from './lane.js';
import { OutboxState } from './outbox-state.js';
import { settleAttempt } from './settle-attempt.js';
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

export interface NewWebhook {
  /** Default: a random one. */
  readonly id?: string;
  readonly url: string;
  /** `whsec_…`. Default: a new one for format `archipelago`; the chat services check none. */
  readonly secret?: string;
  /** Default: all. */
  readonly events?: readonly string[];
  /** Default `archipelago`. */
  readonly format?: WebhookFormat;
}

/** What is left out stays as it is. */
export interface WebhookChange {
  readonly url?: string;
  /** `null`: all. */
  readonly events?: readonly string[] | null;
  /** One that becomes `archipelago`, and has no secret, gets one, which the answer shows. */
  readonly format?: WebhookFormat;
  /** False stops sending and gives up what waits; true begins anew, also after it was disabled. */
  readonly enabled?: boolean;
  /** A secret of your own. The one before signs beside it for 24 hours. */
  readonly secret?: string;
  /** True makes a new secret, which the answer shows. */
  readonly rotateSecret?: boolean;
}

/**
 * Tells people's other programs, over HTTP, what people are told: every notification, once an endpoint, for as long as
 * it takes. Deliveries are written with the event that causes them and sent from there, so a killed process goes on
 * where it was; a receiver may get a message twice then, with the same `webhook-id`.
 *
 * Refuses with Nest's exceptions: 400 for what cannot be, 404 for what is not there, 409 for what may not be, 503 while
 * another process acts on the store.
 */
@Injectable()
export class WebhookService {
  constructor(
    private readonly store: HealthStore,
    private readonly state: OutboxState,
    private readonly dispatcher: WebhookDispatcher,
    private readonly sender: WebhookSender,
    private readonly clock: Clock,
    @Inject(HEALTH_MONITOR_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

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
    const lanes = [...this.state.all()];
    if (lanes.length === 0) return null;
    const failing = lanes.filter(
      ({ endpoint: { health } }) => health.disabled !== null || health.failingSince !== null,
    );
    return {
      endpoints: lanes.length,
      failing: failing.length,
      queued: lanes.reduce((sum, { pending }) => sum + pending.size, 0),
    };
  }

  /** All endpoints. `revealed`: with their whole URLs, which may be secrets. */
  async list({ revealed }: { readonly revealed: boolean }): Promise<WebhookView[]> {
    await this.state.load();
    return [...this.state.all()].map((lane) => viewEndpoint(lane, this.clock.now(), revealed));
  }

  /** Adds an endpoint. The answer is the only time that its secret is shown. */
  async add({ id, url, secret, events, format = 'archipelago' }: NewWebhook): Promise<WebhookWithSecret> {
    await this.ready();
    const endpoint: StoredEndpoint = {
      id: id ?? `webhook-${randomBytes(4).toString('hex')}`,
      url: this.checkedUrl(url, format),
      format,
      events: events ?? null,
      secret: secret ?? firstSecret(format),
      enabled: true,
    };
    if (this.state.lane(endpoint.id))
      throw new ConflictException(`There is a webhook ${endpoint.id} already.`);
    if ([...this.state.all()].length >= MOST_ENDPOINTS + this.options.webhooks.endpoints.length) {
      throw new ConflictException(`There are ${MOST_ENDPOINTS} webhooks already. Remove one first.`);
    }
    this.state.putEndpoint(endpoint);
    return withSecret(await this.saved(endpoint.id), endpoint);
  }

  /** Changes an endpoint that was added over REST. A secret that is new is in the answer, this once. */
  async update(id: string, change: WebhookChange): Promise<WebhookView | WebhookWithSecret> {
    await this.ready();
    const lane = this.ownLane(id);
    const { url, format, events, secret, enabled } = lane.endpoint;
    const nextFormat = change.format ?? format;
    const next: StoredEndpoint = {
      id,
      url: this.checkedUrl(change.url ?? url, nextFormat),
      format: nextFormat,
      events: change.events === undefined ? events : change.events,
      secret:
        change.rotateSecret === true ? newSecret() : (change.secret ?? secret ?? firstSecret(nextFormat)),
      enabled: change.enabled ?? enabled,
    };
    if (change.enabled === false) this.giveUp(lane, 'Its endpoint was switched off.');
    if (change.enabled === true && !isActive(lane.endpoint)) this.beginAnew(lane);
    this.state.putEndpoint(next);
    const view = await this.saved(id);
    return next.secret === secret ? view : withSecret(view, next);
  }

  /** Removes an endpoint that was added over REST, with all its deliveries. */
  async remove(id: string): Promise<void> {
    await this.ready();
    this.ownLane(id);
    this.state.removeEndpoint(id);
    await this.state.save();
    await this.state.load();
  }

  /** Sends a `webhook.test` now, once, and tells what came of it. An endpoint that answers is switched on again. */
  async test(id: string): Promise<DeliveryView> {
    await this.ready();
    const { endpoint } = this.anyLane(id);
    const delivery = this.testDelivery(id);
    const answer = await this.dispatcher.attempt(endpoint, delivery);
    await this.state.load();
    const lane = this.state.lane(id);
    if (lane?.endpoint.url !== endpoint.url) {
      throw new ConflictException(`Webhook ${id} was removed, or got another URL, while it was tested.`);
    }
    const { health } = lane.endpoint;
    const settled = settleAttempt(delivery, health, answer, { now: this.clock.now(), random: 0 });
    const ended = answer.error === null ? settled.delivery : { ...settled.delivery, ...FAILED_TEST };
    this.state.putDelivery(ended);
    if (answer.error === null) this.switchOn(lane, settled.health);
    await this.state.save();
    return viewDelivery(ended);
  }

  /** The latest deliveries to an endpoint, newest first. */
  async deliveries(id: string, limit = 50): Promise<DeliveryView[]> {
    await this.state.load();
    const { pending, finished } = this.anyLane(id);
    return [...pending.values(), ...finished.values()]
      .sort((one, other) => other.createdAt - one.createdAt)
      .slice(0, limit)
      .map(viewDelivery);
  }

  /**
   * Sends a finished delivery again, under the same `webhook-id`; one that waits is due at once. The endpoint is left
   * alone no longer, whatever it asked for: now a person asks.
   */
  async replay(deliveryId: string): Promise<DeliveryView> {
    await this.ready();
    const delivery = this.state.find(deliveryId);
    if (!delivery) throw new NotFoundException(`There is no delivery ${deliveryId}.`);
    const lane = this.anyLane(delivery.endpointId);
    const { endpoint } = lane;
    if (!isActive(endpoint)) {
      throw new ConflictException(`Webhook ${endpoint.id} is switched off. Switch it on, or test it, first.`);
    }
    const now = this.clock.now();
    const again: Delivery =
      delivery.status === 'pending'
        ? { ...delivery, nextAttemptAt: now }
        : { ...delivery, ...WAITING, id: randomUUID(), createdAt: now, nextAttemptAt: now };
    this.state.putDelivery(again);
    lane.restUntil = 0;
    this.state.putHealth({ ...endpoint.health, pausedUntil: null });
    this.heartbeat();
    await this.state.save();
    return viewDelivery(again);
  }

  private testDelivery(endpointId: string): Delivery {
    const id = randomUUID();
    const now = this.clock.now();
    const { nodeId } = this.options;
    return {
      ...WAITING,
      id,
      messageId: `msg_${id}`,
      endpointId,
      level: 'info',
      message: {
        event: 'webhook.test',
        title: `Test from ${nodeId}`,
        message: 'This webhook works. What happens to your containers will be told here.',
        timestamp: new Date(now).toISOString(),
        node_id: nodeId,
        details: {},
      },
      createdAt: now,
      nextAttemptAt: now,
    };
  }

  private giveUp({ pending }: Lane, endedBecause: string): void {
    for (const delivery of [...pending.values()]) {
      this.state.putDelivery({ ...delivery, status: 'failed', nextAttemptAt: null, endedBecause });
    }
  }

  private beginAnew(lane: Lane): void {
    this.giveUp(lane, 'Its endpoint was switched off.');
    this.switchOn(lane, lane.endpoint.health);
  }

  private switchOn(lane: Lane, health: EndpointHealth): void {
    lane.restUntil = 0;
    this.state.putHealth({
      ...health,
      disabled: null,
      failingSince: null,
      refused: null,
      pausedUntil: null,
    });
  }

  private async saved(id: string): Promise<WebhookView> {
    await this.state.save();
    await this.state.load();
    return viewEndpoint(this.anyLane(id), this.clock.now(), true);
  }

  private async ready(): Promise<void> {
    if (!this.store.writer) {
      throw new ServiceUnavailableException(
        this.store.status.problem ?? 'Another process acts on the store.',
      );
    }
    await this.state.load();
  }

  private anyLane(id: string): Lane {
    const lane = this.state.lane(id);
    if (!lane) throw new NotFoundException(`There is no webhook ${id}.`);
    return lane;
  }

  private ownLane(id: string): Lane {
    const lane = this.anyLane(id);
    if (lane.endpoint.origin === 'config') {
      throw new ConflictException(`Webhook ${id} is written in the host's configuration. Change it there.`);
    }
    return lane;
  }

  private checkedUrl(url: string, format: WebhookFormat): string {
    const refusal = this.sender.rules.refusalOfUrl(url);
    if (refusal !== null) throw new BadRequestException([`url: ${refusal}`]);
    if (format === 'ntfy' && !hasTopic(url)) {
      throw new BadRequestException([
        'url: Its last part must be the topic: 1 to 64 letters, digits, - or _.',
      ]);
    }
    return new URL(url).href;
  }
}

/** The chat services check no signature. */
function firstSecret(format: WebhookFormat): string | null {
  return format === 'archipelago' ? newSecret() : null;
}

const WAITING = { status: 'pending', attempts: [], incidentId: null, endedBecause: null } as const;
const FAILED_TEST = { status: 'failed', nextAttemptAt: null, endedBecause: 'A test is tried once.' } as const;
