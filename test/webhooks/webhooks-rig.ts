import { type HealthEvent, type Notification, type NotificationType } from '../../src/common/events/index.js';
import type { HealthMonitorOptions, ResolvedOptions } from '../../src/common/options/index.js';
import { EventStream, MemoryStore, type HealthStore } from '../../src/common/store/index.js';
import { ManualClock } from '../../src/testing/manual-clock.js';
import { Outbox } from '../../src/webhooks/outbox.js';
import { WebhookDispatcher } from '../../src/webhooks/webhook-dispatcher.js';
import { WebhookSender } from '../../src/webhooks/webhook-sender.js';
import { WebhookService } from '../../src/webhooks/webhook.service.js';

export const START = Date.parse('2026-01-01T00:00:00.000Z');
export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
export const OTHER_SECRET = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;

/** The options that webhooks read; receivers on loopback are allowed. */
export function webhookOptions(webhooks: HealthMonitorOptions['webhooks'] = {}): ResolvedOptions {
  return {
    nodeId: 'node-1',
    access: 'open',
    webhooks: { endpoints: [], egress: 'lan', allowCidrs: ['127.0.0.0/8'], denyCidrs: [], ...webhooks },
  } as unknown as ResolvedOptions;
}

export interface Notice {
  readonly type?: NotificationType;
  readonly title?: string;
  readonly message?: string;
  readonly incidentId?: string;
}

/** Webhooks on a store and a clock of their own; HTTP is real. */
export class WebhooksRig {
  readonly events: EventStream;
  readonly sender: WebhookSender;
  readonly outbox: Outbox;
  readonly dispatcher: WebhookDispatcher;
  readonly service: WebhookService;
  private count = 0;

  constructor(
    webhooks: HealthMonitorOptions['webhooks'],
    readonly store: HealthStore = new MemoryStore(),
    readonly clock = new ManualClock(START),
  ) {
    const options = webhookOptions(webhooks);
    this.events = new EventStream(store);
    this.sender = new WebhookSender(clock, options);
    this.outbox = new Outbox(store, this.events, clock, options);
    this.dispatcher = new WebhookDispatcher(store, this.outbox, this.sender, clock);
    this.service = new WebhookService(store, this.outbox, this.dispatcher, this.sender, clock, options);
  }

  /** Tells people something, as the rooms that do so do it. */
  async notify({
    type = 'container.given_up',
    title = 'lnd was given up',
    message = 'It exited.',
    incidentId,
  }: Notice = {}): Promise<HealthEvent> {
    const timestamp = new Date(this.clock.now()).toISOString();
    const notification: Notification = {
      id: `health-lnd-${++this.count}`,
      level: 'error',
      title,
      message,
      timestamp,
      appId: 'lnd',
      type,
      read: false,
      incidentId,
    };
    const details = {
      container: 'archy-lnd',
      app_id: 'lnd',
      state: 'exited',
      ...(incidentId && { incident_id: incidentId }),
    };
    const [event] = await this.events.commit({
      put: [{ collection: 'notification', key: notification.id, value: notification }],
      events: [{ type: 'notification.created', at: timestamp, data: { notification, details } }],
    });
    return event!;
  }

  /** Beats until it is so; fails after `deadlineMs` of real time. */
  async until(isSo: () => boolean | Promise<boolean>, deadlineMs = 10_000): Promise<void> {
    const deadline = performance.now() + deadlineMs;
    while (!(await isSo())) {
      if (performance.now() > deadline) throw new Error(`It did not become so within ${deadlineMs} ms.`);
      this.service.heartbeat();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Beats until what is due now has been tried. */
  async settle(): Promise<void> {
    await this.outbox.load();
    await this.until(() => {
      const now = this.clock.now();
      const lanes = [...this.outbox.all()];
      return !this.outbox.isStale && lanes.every((lane) => !lane.busy && !lane.isReady(now));
    });
    await this.outbox.save();
  }

  /** Lets time pass in steps, trying at each what is due. */
  async pass(milliseconds: number, step = milliseconds): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += step) {
      this.clock.advance(Math.min(step, milliseconds - passed));
      await this.settle();
    }
  }

  async close(): Promise<void> {
    await this.service.drain(0);
    await this.sender.onApplicationShutdown();
    await this.store.close();
  }
}
