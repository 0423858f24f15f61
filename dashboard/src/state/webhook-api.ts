import type { DeliveryView, NewWebhook, WebhookChange, WebhookView, WebhookWithSecret } from '../client.js';
import { call } from './api.js';

/** What the server answers to a change: with the secret, when it is a new one. `null` when nothing is left. */
export type WebhookAnswer = Partial<Pick<WebhookWithSecret, 'secret'>> | null;

const pathOf = (id: string): string => `webhooks/${encodeURIComponent(id)}`;

export function listWebhooks(): Promise<readonly WebhookView[]> {
  return call('GET', 'webhooks');
}

export function addWebhook(webhook: NewWebhook): Promise<WebhookAnswer> {
  return call('POST', 'webhooks', webhook);
}

export function changeWebhook(id: string, change: WebhookChange): Promise<WebhookAnswer> {
  return call('PATCH', pathOf(id), change);
}

export function removeWebhook(id: string): Promise<WebhookAnswer> {
  return call('DELETE', pathOf(id));
}

/** Sends a test message; the delivery with its answer. */
export function testWebhook(id: string): Promise<DeliveryView> {
  return call('POST', `${pathOf(id)}/test`);
}

/** The latest first. */
export function listDeliveries(id: string): Promise<readonly DeliveryView[]> {
  return call('GET', `${pathOf(id)}/deliveries`);
}

/** Sends it once more, at once. */
export function replayDelivery(id: string): Promise<unknown> {
  return call('POST', `deliveries/${encodeURIComponent(id)}/replay`);
}
