import { Inject, Injectable, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Clock } from '../common/clock/index.js';
import type { EventDraft, HealthEvent } from '../common/events/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../common/options/index.js';
import {
  EventStream,
  HealthStore,
  isFollowing,
  readIfFit,
  soundDocuments,
  type CollectionName,
  type Collections,
  type DocumentReader,
  type Put,
  type Remove,
} from '../common/store/index.js';
import type { Delivery } from './delivery.js';
import { isDelivery, isEndpointHealth, isStoredEndpoint } from './document-shapes.js';
import { endpointsFrom, type Endpoint, type StoredEndpoint } from './endpoint.js';
import type { EndpointHealth } from './endpoint-health.js';
import { GroupCommit } from './group-commit.js';
import { Lane } from './lane.js';
import { deliveriesFor } from './new-delivery.js';

const COLLECTIONS = ['webhook-endpoint', 'webhook-health', 'webhook-delivery'] as const;
type WebhookCollection = (typeof COLLECTIONS)[number];

const isOurs = (collection: CollectionName): boolean =>
  (COLLECTIONS as readonly CollectionName[]).includes(collection);

/** All endpoints and deliveries, as the store has them and with what is not committed yet: one lane an endpoint. */
@Injectable()
export class Outbox {
  private readonly logger = new Logger('Webhooks');
  private readonly warned = new Set<string>();
  private readonly lanes = new Map<string, Lane>();
  private readonly unsaved: GroupCommit;
  private stale = true;
  private loading: Promise<void> | null = null;

  constructor(
    private readonly store: HealthStore,
    stream: EventStream,
    private readonly clock: Clock,
    @Inject(HEALTH_MONITOR_OPTIONS) private readonly options: ResolvedOptions,
  ) {
    this.unsaved = new GroupCommit(stream);
    store.react((committed, documents) => this.deliveriesCausedBy(committed, documents));
    stream.subscribe((committed) => {
      if (committed.some(({ type }) => type === 'notification.created')) this.stale = true;
    });
    stream.onFollowed(({ put, remove }) => {
      if ([...put, ...remove].some(({ collection }) => isOurs(collection))) this.stale = true;
    });
    store.onNotice(({ kind }) => {
      if (kind !== 'reloaded') return;
      this.unsaved.forgetChanges();
      this.stale = true;
    });
  }

  /** The store may have more than the lanes; `load` makes them current. */
  get isStale(): boolean {
    return this.stale;
  }

  all(): Iterable<Lane> {
    return this.lanes.values();
  }

  lane(endpointId: string): Lane | undefined {
    return this.lanes.get(endpointId);
  }

  laneOf(deliveryId: string): Lane | undefined {
    return [...this.lanes.values()].find((lane) => lane.has(deliveryId));
  }

  /** Makes everything as current as the store. */
  async load(): Promise<void> {
    while (this.stale || this.loading) {
      await (this.loading ??= this.reload().finally(() => (this.loading = null)));
    }
  }

  putEndpoint(endpoint: StoredEndpoint): void {
    this.unsaved.add({ collection: 'webhook-endpoint', key: endpoint.id, value: endpoint });
    this.stale = true;
  }

  /** Also removes its deliveries, and what is known of its health. */
  removeEndpoint(id: string): void {
    this.lanes.get(id)?.clear();
    this.unsaved.add({ collection: 'webhook-endpoint', key: id });
    this.unsaved.add({ collection: 'webhook-health', key: id });
    this.stale = true;
  }

  /** Has an event committed with the next group. */
  publish(event: EventDraft): void {
    this.unsaved.addEvent(event);
  }

  /** Commits what has changed; resolves when that is kept. Never rejects. */
  async save(): Promise<void> {
    await this.unsaved.save();
  }

  private async reload(): Promise<void> {
    this.stale = false;
    const [endpoints, healths, deliveries] = await Promise.all([
      this.read('webhook-endpoint', isStoredEndpoint),
      this.read('webhook-health', isEndpointHealth),
      this.read('webhook-delivery', isDelivery),
    ]).catch((error: unknown) => {
      this.stale = true;
      throw error;
    });
    const known = byId(this.unsaved.over('webhook-health', healths));
    const stored = this.unsaved.over('webhook-endpoint', endpoints);
    const current = this.endpoints(stored, (id) => known.get(id));
    this.keepHealths(current, known);
    this.loadLanes(current, this.unsaved.over('webhook-delivery', deliveries));
  }

  private async read<C extends WebhookCollection>(
    collection: C,
    fits: (document: unknown) => boolean,
  ): Promise<readonly Collections[C][]> {
    const entries = await this.store.entries(collection);
    return soundDocuments(collection, entries, readIfFit<Collections[C]>(fits), (problem) =>
      this.warnOnce(problem),
    );
  }

  /** It is read again whenever it changes. */
  private warnOnce(problem: string): void {
    if (!this.warned.has(problem)) this.logger.warn(problem);
    this.warned.add(problem);
  }

  private loadLanes(endpoints: readonly Endpoint[], deliveries: readonly Delivery[]): void {
    const queues = new Map(endpoints.map(({ id }) => [id, [] as Delivery[]]));
    for (const delivery of deliveries) {
      const queue = queues.get(delivery.endpointId);
      if (queue) queue.push(delivery);
      else this.keep({ collection: 'webhook-delivery', key: delivery.id });
    }
    for (const endpoint of endpoints) this.laneFor(endpoint).load(endpoint, queues.get(endpoint.id) ?? []);
    for (const id of this.lanes.keys()) if (!queues.has(id)) this.lanes.delete(id);
  }

  private laneFor(endpoint: Endpoint): Lane {
    let lane = this.lanes.get(endpoint.id);
    if (!lane) {
      lane = new Lane(endpoint, (change) => this.keep(change));
      this.lanes.set(endpoint.id, lane);
    }
    return lane;
  }

  /** What is known of endpoints changes, too, with what the host configures, and goes with them. */
  private keepHealths(endpoints: readonly Endpoint[], known: ReadonlyMap<string, EndpointHealth>): void {
    for (const { id, health } of endpoints) {
      if (health !== known.get(id)) this.keep({ collection: 'webhook-health', key: id, value: health });
    }
    const ids = new Set(endpoints.map(({ id }) => id));
    for (const id of known.keys()) {
      if (!ids.has(id)) this.keep({ collection: 'webhook-health', key: id });
    }
  }

  /** What is so is the leader's to say: of a process that follows nothing is to be kept. */
  private keep(change: Put | Remove): void {
    if (!isFollowing(this.store)) this.unsaved.add(change);
  }

  /** Runs inside of the commit, so that no message is lost between its event and its deliveries. */
  private deliveriesCausedBy(committed: readonly HealthEvent[], documents: DocumentReader): { put?: Put[] } {
    if (!committed.some(({ type }) => type === 'notification.created')) return {};
    const endpoints = this.endpoints(documents.all('webhook-endpoint').filter(isStoredEndpoint), (id) => {
      const health = documents.get('webhook-health', id);
      return isEndpointHealth(health) ? health : undefined;
    });
    const circumstances = { now: this.clock.now(), newId: randomUUID };
    const caused = deliveriesFor(committed, endpoints, this.options.nodeId, circumstances);
    return { put: caused.map((value) => ({ collection: 'webhook-delivery', key: value.id, value })) };
  }

  private endpoints(
    stored: readonly StoredEndpoint[],
    healthOf: (id: string) => EndpointHealth | undefined,
  ): Endpoint[] {
    return endpointsFrom(this.options.webhooks.endpoints, stored, healthOf, this.clock.now());
  }
}

function byId<T extends { readonly id: string }>(documents: readonly T[]): Map<string, T> {
  return new Map(documents.map((document) => [document.id, document]));
}
