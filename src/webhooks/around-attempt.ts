import { attemptsSpent, type Delivery, type WebhookMessage } from './delivery.js';
import type { Endpoint } from './endpoint.js';
import type { Answer } from './webhook-sender.js';

/** A try to deliver, before it is made; without what may be a secret. */
export interface NextAttempt {
  readonly endpointId: string;
  /** Of the endpoint's URL. Its path may be a secret. */
  readonly origin: string;
  readonly event: WebhookMessage['event'];
  /** The header `webhook-id`. */
  readonly messageId: string;
  readonly incidentId: string | null;
  /** From 1. One that is repeated since the endpoint asked us to wait a moment has the number of the one before. */
  readonly attempt: number;
}

/** Runs an attempt, and gives its answer as it was given. */
export type AroundAttempt = (attempt: NextAttempt, send: () => Promise<Answer>) => Promise<Answer>;

/** Injection token of an {@link AroundAttempt}. Without one, attempts are just made. */
export const AROUND_ATTEMPT = Symbol('AROUND_ATTEMPT');

export function nextAttempt({ id, url }: Endpoint, delivery: Delivery): NextAttempt {
  const { messageId, incidentId, message } = delivery;
  return {
    endpointId: id,
    origin: new URL(url).origin,
    event: message.event,
    messageId,
    incidentId,
    attempt: attemptsSpent(delivery) + 1,
  };
}
