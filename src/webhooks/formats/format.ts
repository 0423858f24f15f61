import type { NotificationLevel } from '../../common/events/index.js';
import type { WebhookMessage } from '../delivery.js';

/** A message as one kind of receiver takes it. */
export interface FormattedMessage {
  /** Where it goes; some kinds take the endpoint's URL apart. */
  readonly url: string;
  /** Sent as JSON. */
  readonly body: unknown;
}

export type Format = (message: WebhookMessage, level: NotificationLevel, url: string) => FormattedMessage;
