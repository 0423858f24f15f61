import type { NotificationDetails, NotificationLevel, NotificationType } from '../common/events/index.js';

/** What is sent: the body of format `archipelago`, in this order. */
export interface WebhookMessage {
  readonly event: NotificationType | 'webhook.test';
  readonly title: string;
  readonly message: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly node_id: string;
  readonly details: NotificationDetails & {
    /** The messages that this one is sent instead of, oldest first, when an outage held them up. */
    readonly merged?: readonly MergedMessage[];
  };
}

export type MergedMessage = Pick<WebhookMessage, 'event' | 'title' | 'message' | 'timestamp'>;

/** One try to deliver. */
export interface DeliveryAttempt {
  /** ISO 8601. */
  readonly at: string;
  /** The answer's HTTP status; `null` when there was no answer. */
  readonly status: number | null;
  /** Why it counts as failed, in a sentence; `null` when it was delivered. */
  readonly error: string | null;
  readonly durationMs: number;
  /** It was asked to wait a moment, which costs none of the attempts there are. Of several in a row, the latest is kept. */
  readonly free?: true;
}

export type DeliveryStatus = 'pending' | 'delivered' | 'failed' | 'merged';

/** One message for one endpoint, from the event that caused it to its end. Kept in the store; the outbox is these. */
export interface Delivery {
  readonly id: string;
  /** The header `webhook-id`: the same on every attempt, and on a replay by hand. */
  readonly messageId: string;
  readonly endpointId: string;
  readonly status: DeliveryStatus;
  readonly message: WebhookMessage;
  readonly level: NotificationLevel;
  /** Messages of one incident may be merged; `null` for what stands alone. */
  readonly incidentId: string | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Not before this; milliseconds since 1970. `null` unless pending. */
  readonly nextAttemptAt: number | null;
  /** Oldest first. */
  readonly attempts: readonly DeliveryAttempt[];
  /** Why it ended without being delivered. */
  readonly endedBecause: string | null;
}

/** How many of the attempts there are it has had. */
export function attemptsSpent({ attempts }: Pick<Delivery, 'attempts'>): number {
  return attempts.filter(({ free }) => !free).length;
}

/** One that is tried no more, though it was not delivered. `endedBecause` says why, in a sentence. */
export function ended(delivery: Delivery, status: 'failed' | 'merged', endedBecause: string): Delivery {
  return { ...delivery, status, nextAttemptAt: null, endedBecause };
}

declare module '../common/store/health-store.js' {
  interface Collections {
    'webhook-delivery': Delivery;
  }
}
