import { Inject, Injectable, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Clock } from '../common/clock/index.js';
import { type EventDraft, type HealthEvent } from '../common/events/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../common/options/index.js';
import {
  EventStream,
  HealthStore,
  type DocumentReader,
  type Put,
  type Remove,
} from '../common/store/index.js';
import type { Delivery } from './delivery.js';
import { endpointsFrom, type EndpointHealth, type StoredEndpoint } from './endpoint.js';
import { Lane } from './lane.js';
import { deliveriesFor } from './outbox.js';

/**
 * Endpoints and deliveries as the store has them, with what is not committed yet. What changes is committed in
 * groups: while one commit is being written, the next group gathers.
 */
@Injectable()
export class OutboxState {
  private readonly logger = new Logger('Webhooks');
  private readonly lanes = new Map<string, Lane>();
  private readonly unsaved = new Map<string, Put | Remove>();
  private unsavedEvents: EventDraft[] = [];
  private saving: Promise<void> | null = null;
  private stale = true;
  private loading: Promise<void> | null = null;

  constructor(
    private readonly store: HealthStore,
    private readonly events: EventStream,
    private readonly clock: Clock,
    @Inject(HEALTH_MONITOR_OPTIONS) private readonly options: ResolvedOptions,
  ) {
    store.react((told, documents) => this.deliveriesCausedBy(told, documents));
    events.subscribe((committed) => {
      if (committed.some(({ type }) => type === 'notification.created')) this.stale = true;
    });
    store.onNotice(({ kind }) => {
      if (kind !== 'reloaded') return;
      this.unsaved.clear();
      this.stale = true;
    });
  }

  /** What it answers may be older than the store; `load` makes it current. */
  get isStale(): boolean {
    return this.stale;
  }

  all(): Iterable<Lane> {
    return this.lanes.values();
  }

  lane(endpointId: string): Lane | undefined {
    return this.lanes.get(endpointId);
  }

  find(deliveryId: string): Delivery | undefined {
    for (const { pending, finished } of this.lanes.values()) {
      const delivery = pending.get(deliveryId) ?? finished.get(deliveryId);
      if (delivery) return delivery;
    }
    return undefined;
  }

  /** Makes everything as current as the store. */
  async load(): Promise<void> {
    while (this.stale || this.loading) {
      await (this.loading ??= this.reload().finally(() => (this.loading = null)));
    }
  }

  putDelivery(delivery: Delivery): void {
    const tooMany = this.lanes.get(delivery.endpointId)?.put(delivery) ?? [];
    this.change({ collection: 'webhook-delivery', key: delivery.id, value: delivery });
    for (const { id } of tooMany) this.change({ collection: 'webhook-delivery', key: id });
  }

  putHealth(health: EndpointHealth): void {
    const lane = this.lanes.get(health.id);
    if (lane) lane.endpoint = { ...lane.endpoint, health };
    this.change({ collection: 'webhook-health', key: health.id, value: health });
  }

  putEndpoint(endpoint: StoredEndpoint): void {
    this.change({ collection: 'webhook-endpoint', key: endpoint.id, value: endpoint });
    this.stale = true;
  }

  removeEndpoint(id: string): void {
    const lane = this.lanes.get(id);
    for (const key of [...(lane?.pending.keys() ?? []), ...(lane?.finished.keys() ?? [])]) {
      this.change({ collection: 'webhook-delivery', key });
    }
    this.change({ collection: 'webhook-endpoint', key: id });
    this.change({ collection: 'webhook-health', key: id });
    // Its lane may be on its way: nothing is left for it.
    lane?.clear();
    this.stale = true;
  }

  tell(event: EventDraft): void {
    this.unsavedEvents.push(event);
  }

  /** Commits what has changed; resolves when that is kept. Never rejects. */
  async save(): Promise<void> {
    while (this.saving || this.unsaved.size > 0 || this.unsavedEvents.length > 0) {
      await (this.saving ??= this.saveGroup().finally(() => (this.saving = null)));
    }
  }

  private async reload(): Promise<void> {
    this.stale = false;
    const [stored, healths, deliveries] = await Promise.all([
      this.store.all('webhook-endpoint'),
      this.store.all('webhook-health'),
      this.store.all('webhook-delivery'),
    ]).catch((error: unknown) => {
      this.stale = true;
      throw error;
    });
    this.takeInEndpoints(this.current('webhook-endpoint', stored), this.current('webhook-health', healths));
    for (const lane of this.lanes.values()) lane.clear();
    for (const delivery of this.current('webhook-delivery', deliveries)) {
      const lane = this.lanes.get(delivery.endpointId);
      if (lane) lane.put(delivery);
      else this.change({ collection: 'webhook-delivery', key: delivery.id });
    }
  }

  private deliveriesCausedBy(told: readonly HealthEvent[], documents: DocumentReader): { put?: Put[] } {
    if (!told.some(({ type }) => type === 'notification.created')) return {};
    const now = this.clock.now();
    const endpoints = endpointsFrom(
      this.options.webhooks.endpoints,
      documents.all('webhook-endpoint'),
      (id) => documents.get('webhook-health', id),
      now,
    );
    const { nodeId } = this.options;
    const caused = deliveriesFor(told, endpoints, { nodeId, now, newId: randomUUID });
    return { put: caused.map((value) => ({ collection: 'webhook-delivery', key: value.id, value })) };
  }

  private async saveGroup(): Promise<void> {
    const group = [...this.unsaved];
    const events = this.unsavedEvents;
    this.unsavedEvents = [];
    const changes = group.map(([, change]) => change);
    try {
      await this.events.commit({
        put: [...changes.filter((change) => 'value' in change), ...notificationsIn(events)],
        remove: changes.filter((change) => !('value' in change)),
        events,
      });
    } catch (error) {
      this.logger.error(`What came of deliveries could not be kept: ${String(error)}`);
    }
    for (const [name, change] of group) if (this.unsaved.get(name) === change) this.unsaved.delete(name);
  }

  private takeInEndpoints(stored: readonly StoredEndpoint[], healths: readonly EndpointHealth[]): void {
    const known = new Map(healths.map((health) => [health.id, health]));
    const endpoints = endpointsFrom(
      this.options.webhooks.endpoints,
      stored,
      (id) => known.get(id),
      this.clock.now(),
    );
    for (const endpoint of endpoints) {
      const lane = this.lanes.get(endpoint.id);
      if (lane) lane.endpoint = endpoint;
      else this.lanes.set(endpoint.id, new Lane(endpoint));
      if (endpoint.health !== known.get(endpoint.id)) this.putHealth(endpoint.health);
    }
    const ids = new Set(endpoints.map(({ id }) => id));
    for (const id of this.lanes.keys()) if (!ids.has(id)) this.lanes.delete(id);
    for (const id of known.keys()) if (!ids.has(id)) this.change({ collection: 'webhook-health', key: id });
  }

  /** The documents that the store answered, under those it does not have yet. */
  private current<T extends { readonly id: string }>(
    collection: Put['collection'],
    documents: readonly T[],
  ): T[] {
    const current = new Map(documents.map((document) => [document.id, document]));
    for (const change of this.unsaved.values()) {
      if (change.collection !== collection) continue;
      if ('value' in change) current.set(change.key, change.value as unknown as T);
      else current.delete(change.key);
    }
    return [...current.values()];
  }

  private change(change: Put | Remove): void {
    this.unsaved.set(`${change.collection}/${change.key}`, change);
  }
}

/** What people are told is kept together with the event that tells it. */
function notificationsIn(events: readonly EventDraft[]): Put[] {
  return events.flatMap((event): Put[] => {
    if (event.type !== 'notification.created') return [];
    const { notification } = event.data;
    return [{ collection: 'notification', key: notification.id, value: notification }];
  });
}
