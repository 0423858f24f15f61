import type { NotificationDetails, NotificationLevel, NotificationType } from '../../common/events/index.js';

/** Something people are to be told; becomes a notification, and a webhook of its type. */
export interface Notice {
  readonly type: NotificationType;
  readonly level: NotificationLevel;
  readonly title: string;
  readonly message: string;
  /** The container it is about; `null`: the engine, the store, a webhook. */
  readonly container: string | null;
  readonly incidentId: string | null;
  readonly details: NotificationDetails;
}
