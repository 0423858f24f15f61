import type {
  EventDraft,
  NotificationDetails,
  NotificationLevel,
  NotificationType,
} from '../../common/events/index.js';
import { iso } from './incident-record.js';

/** A sentence for people; becomes a notification, and a webhook of its type. */
export interface Message {
  readonly type: NotificationType;
  readonly level: NotificationLevel;
  readonly title: string;
  readonly message: string;
  /** The container it is about; `null`: the engine, the store, a webhook. */
  readonly container: string | null;
  readonly incidentId: string | null;
  readonly details: NotificationDetails;
}

/** The event of the same type, for what people and machines hear at the same time. */
export const eventOf = (
  { type, container, message, incidentId, details }: Message,
  now: number,
): EventDraft =>
  ({
    type,
    at: iso(now),
    ...(container === null ? {} : { container }),
    data: { reason: details.reason ?? message, ...(incidentId === null ? {} : { incidentId }) },
  }) as EventDraft;
