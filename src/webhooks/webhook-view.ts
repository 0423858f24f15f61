import type { WebhookFormat } from '../common/options/index.js';
import type { Delivery, DeliveryAttempt, DeliveryStatus, WebhookMessage } from './delivery.js';
import { isActive, type Endpoint } from './endpoint.js';
import type { Lane } from './lane.js';
import { maskUrl } from './url-secrets.js';

/** An endpoint as people and their pages see it; never its secret. Times are ISO 8601. */
export interface WebhookView {
  readonly id: string;
  /** Whole for operators; for viewers without its path, which can be a secret itself. */
  readonly url: string;
  readonly format: WebhookFormat;
  /** `null`: all. */
  readonly events: readonly string[] | null;
  /** `config`: written by the host, and read-only here. */
  readonly origin: 'config' | 'api';
  /** False: nothing is sent to it. */
  readonly enabled: boolean;
  /** Why we switched it off; `null` when we did not. A test that it answers switches it on again. */
  readonly disabled: { readonly reason: string; readonly at: string } | null;
  readonly signed: boolean;
  /** Until then the previous secret signs, too. */
  readonly rotatingUntil: string | null;
  /** Since when it has answered nothing but failures. */
  readonly failingSince: string | null;
  readonly lastDeliveredAt: string | null;
  /** When its latest test failed; `null`: it did not, or something has got through since. */
  readonly testFailedAt: string | null;
  readonly pending: number;
}

/** What a creation, or a new secret, answers: the only time that the secret is shown. */
export interface WebhookWithSecret extends WebhookView {
  readonly secret: string | null;
}

/** Times are ISO 8601. */
export interface DeliveryView {
  readonly id: string;
  readonly messageId: string;
  readonly endpointId: string;
  readonly status: DeliveryStatus;
  readonly event: WebhookMessage['event'];
  readonly title: string;
  readonly message: string;
  readonly createdAt: string;
  readonly nextAttemptAt: string | null;
  /** Oldest first. */
  readonly attempts: readonly DeliveryAttempt[];
  readonly endedBecause: string | null;
}

/** `revealed`: with the whole URL. */
export function viewEndpoint({ endpoint, queued }: Lane, now: number, revealed: boolean): WebhookView {
  const { id, url, format, events, origin, secret, health } = endpoint;
  const { disabled, failingSince, lastSuccessAt, testFailedAt = null, previousSecret } = health;
  return {
    id,
    url: revealed ? url : maskUrl(url),
    format,
    events,
    origin,
    enabled: isActive(endpoint),
    disabled: disabled && { reason: disabled.reason, at: iso(disabled.at) },
    signed: secret !== null,
    rotatingUntil: previousSecret && now < previousSecret.until ? iso(previousSecret.until) : null,
    failingSince: failingSince === null ? null : iso(failingSince),
    lastDeliveredAt: lastSuccessAt === null ? null : iso(lastSuccessAt),
    testFailedAt: testFailedAt === null ? null : iso(testFailedAt),
    pending: queued,
  };
}

export function viewDelivery(delivery: Delivery): DeliveryView {
  const { id, messageId, endpointId, status, message, createdAt, nextAttemptAt, attempts, endedBecause } =
    delivery;
  return {
    id,
    messageId,
    endpointId,
    status,
    event: message.event,
    title: message.title,
    message: message.message,
    createdAt: iso(createdAt),
    nextAttemptAt: nextAttemptAt === null ? null : iso(nextAttemptAt),
    attempts,
    endedBecause,
  };
}

export function withSecret(view: WebhookView, { secret }: Pick<Endpoint, 'secret'>): WebhookWithSecret {
  return { ...view, secret };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
