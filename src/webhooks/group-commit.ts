import { Logger } from '@nestjs/common';
import type { EventDraft } from '../common/events/index.js';
import type { EventStream, Put, Remove } from '../common/store/index.js';

/**
 * What has changed in the outbox and is not committed yet. It is committed in groups: while one commit is being written,
 * the next group gathers.
 */
export class GroupCommit {
  private readonly logger = new Logger('Webhooks');
  private readonly changes = new Map<string, Put | Remove>();
  private events: EventDraft[] = [];
  private saving: Promise<void> | null = null;

  constructor(private readonly stream: EventStream) {}

  add(change: Put | Remove): void {
    this.changes.set(`${change.collection}/${change.key}`, change);
  }

  addEvent(event: EventDraft): void {
    this.events.push(event);
  }

  /** The documents that the store answered, under those it does not have yet. */
  over<T extends { readonly id: string }>(collection: Put['collection'], stored: readonly T[]): T[] {
    const documents = new Map(stored.map((document) => [document.id, document]));
    for (const change of this.changes.values()) {
      if (change.collection !== collection) continue;
      if ('value' in change) documents.set(change.key, change.value as unknown as T);
      else documents.delete(change.key);
    }
    return [...documents.values()];
  }

  /** Gives up what has changed: the store has begun anew. Events are kept all the same. */
  forgetChanges(): void {
    this.changes.clear();
  }

  /** Commits everything; resolves when that is kept. Never rejects: what cannot be kept is logged. */
  async save(): Promise<void> {
    while (this.saving || this.changes.size > 0 || this.events.length > 0) {
      await (this.saving ??= this.saveGroup().finally(() => (this.saving = null)));
    }
  }

  private async saveGroup(): Promise<void> {
    const group = [...this.changes];
    const events = this.events;
    this.events = [];
    const changes = group.map(([, change]) => change);
    try {
      await this.stream.commit({
        put: [...changes.filter((change) => 'value' in change), ...notificationsIn(events)],
        remove: changes.filter((change) => !('value' in change)),
        events,
      });
    } catch (error) {
      this.logger.error(`What came of deliveries could not be kept: ${String(error)}`);
    }
    // What has changed again meanwhile belongs to the next group.
    for (const [name, change] of group) if (this.changes.get(name) === change) this.changes.delete(name);
  }
}

/** A notification is kept together with the event that announces it. */
function notificationsIn(events: readonly EventDraft[]): Put[] {
  return events.flatMap((event): Put[] => {
    if (event.type !== 'notification.created') return [];
    const { notification } = event.data;
    return [{ collection: 'notification', key: notification.id, value: notification }];
  });
}
