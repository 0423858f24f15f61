import {
  Inject,
  Injectable,
  Logger,
  NotFoundException,
  Optional,
  ServiceUnavailableException,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { Clock } from '../common/clock/index.js';
import { type EventDraft, type HealthEvent, type Notification } from '../common/events/index.js';
import { ByLeader, Leader } from '../common/leader/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../common/options/index.js';
import { fieldsOf, isFlag, isMoment, isText, oneOf, optional } from '../common/shape/index.js';
import {
  EventStream,
  HealthStore,
  isFollowing,
  readIfFit,
  soundDocuments,
  type Put,
} from '../common/store/index.js';
import { stackOf } from '../common/text/index.js';

const isNotification = fieldsOf({
  id: isText,
  level: oneOf('info', 'warning', 'error'),
  title: isText,
  message: isText,
  timestamp: isMoment,
  appId: optional(isText),
  type: isText,
  read: isFlag,
  incidentId: optional(isText),
});

/** A leak that goes on is one thing to read: the latest about it says all. */
const isOvertaken = (earlier: Notification, later: Notification): boolean =>
  !earlier.read &&
  earlier.id !== later.id &&
  earlier.appId === later.appId &&
  earlier.type.startsWith('memory.') &&
  later.type.startsWith('memory.');

/**
 * What people were told: the latest `notifications.keep`. It follows the events, and never makes a notification of
 * its own.
 *
 * Its own copy changes at the moment of the call, in the order of the calls, as the store does; so two calls about one
 * notification cannot undo each other.
 */
@Injectable()
export class NotificationsService implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(NotificationsService.name);
  /** By id, oldest first. */
  private notifications = new Map<string, Notification>();
  /** Events that came while the store was being read. */
  private meanwhile: HealthEvent[] | null = null;
  private stopListening: (() => void)[] = [];

  constructor(
    private readonly stream: EventStream,
    private readonly store: HealthStore,
    private readonly clock: Clock,
    @Inject(HEALTH_MONITOR_OPTIONS) private readonly options: ResolvedOptions,
    @Optional() readonly leader?: Leader,
  ) {
    leader?.leads('notifications', this);
  }

  async onModuleInit(): Promise<void> {
    this.stopListening = [
      this.stream.subscribe((events) => this.follow(events)),
      this.store.onNotice(({ kind }) => (kind === 'reloaded' ? this.load() : undefined)),
    ];
    await this.load();
  }

  onModuleDestroy(): void {
    this.stopListening.forEach((stop) => stop());
  }

  /** Newest first. */
  list(): readonly Notification[] {
    return [...this.notifications.values()].reverse();
  }

  /**
   * @throws NotFoundException when there is none with this id, or no longer; ServiceUnavailableException while another
   *   process acts on this store
   */
  @ByLeader()
  async markRead(id: string): Promise<Notification> {
    this.mustBeWriter();
    const notification = this.find(id);
    if (notification.read) return notification;
    await this.commitRead([notification]);
    return { ...notification, read: true };
  }

  /** @throws ServiceUnavailableException while another process acts on this store */
  @ByLeader()
  async markAllRead(): Promise<void> {
    this.mustBeWriter();
    const unread = [...this.notifications.values()].filter(({ read }) => !read);
    if (unread.length > 0) await this.commitRead(unread);
  }

  /** @throws as {@link markRead} does */
  @ByLeader()
  async dismiss(id: string): Promise<void> {
    this.mustBeWriter();
    await this.commitRemoved([this.find(id)]);
  }

  private async load(): Promise<void> {
    const meanwhile: HealthEvent[] = (this.meanwhile = []);
    try {
      const entries = await this.store.entries('notification');
      // They are being read anew since, which has all that came meanwhile.
      if (this.meanwhile !== meanwhile) return;
      const sound = soundDocuments(
        'notification',
        entries,
        readIfFit<Notification>(isNotification),
        (problem) => this.logger.warn(problem),
      );
      this.notifications = new Map(sound.map((notification) => [notification.id, notification]));
    } catch (error) {
      this.logger.error('The notifications kept could not be read.', stackOf(error));
    }
    if (this.meanwhile !== meanwhile) return;
    this.meanwhile = null;
    this.follow(meanwhile);
  }

  private follow(events: readonly HealthEvent[]): void {
    if (this.meanwhile) {
      this.meanwhile.push(...events);
      return;
    }
    for (const { type, data } of events) {
      if (type === 'notification.created') this.add(data.notification);
      else if (type === 'notification.updated') this.replace(data.notification);
      else if (type === 'notification.removed') this.notifications.delete(data.id);
    }
    this.prune();
  }

  private add(notification: Notification): void {
    const earlier = [...this.notifications.values()].filter((other) => isOvertaken(other, notification));
    this.notifications.set(notification.id, notification);
    if (earlier.length === 0 || !this.store.writer) return;
    this.commitRead(earlier).catch((error: unknown) =>
      this.logger.error(
        'Notifications that a later one overtook could not be marked as read.',
        stackOf(error),
      ),
    );
  }

  private prune(): void {
    // Whoever leads drops them, and tells so.
    if (isFollowing(this.store)) return;
    const excess = this.notifications.size - this.options.notifications.keep;
    if (excess <= 0) return;
    this.commitRemoved([...this.notifications.values()].slice(0, excess)).catch((error: unknown) =>
      this.logger.error('Old notifications could not be dropped.', stackOf(error)),
    );
  }

  /** What one that only observes changes is not kept, and must not be answered as if it were. */
  private mustBeWriter(): void {
    if (this.store.writer) return;
    throw new ServiceUnavailableException(this.store.status.problem ?? 'Another process acts on this store.');
  }

  private find(id: string): Notification {
    const notification = this.notifications.get(id);
    if (!notification)
      throw new NotFoundException(`There is no notification ${JSON.stringify(id)}, or no longer.`);
    return notification;
  }

  /** Leaves alone what was dismissed since. */
  private replace(notification: Notification): void {
    if (this.notifications.has(notification.id)) this.notifications.set(notification.id, notification);
  }

  private async commitRead(unread: readonly Notification[]): Promise<void> {
    const at = this.now();
    const read = unread.map((notification): Notification => ({ ...notification, read: true }));
    read.forEach((notification) => this.replace(notification));
    await this.stream.commit({
      put: read.map((value): Put => ({ collection: 'notification', key: value.id, value })),
      events: read.map((notification): EventDraft => ({
        type: 'notification.updated',
        at,
        data: { notification },
      })),
    });
  }

  private async commitRemoved(dropped: readonly Notification[]): Promise<void> {
    const at = this.now();
    dropped.forEach(({ id }) => this.notifications.delete(id));
    await this.stream.commit({
      remove: dropped.map(({ id }) => ({ collection: 'notification' as const, key: id })),
      events: dropped.map(({ id }): EventDraft => ({ type: 'notification.removed', at, data: { id } })),
    });
  }

  private now(): string {
    return new Date(this.clock.now()).toISOString();
  }
}
