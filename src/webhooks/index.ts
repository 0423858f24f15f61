export { AROUND_ATTEMPT, type AroundAttempt, type NextAttempt } from './around-attempt.js';
export type { DeliveryAttempt, DeliveryStatus, MergedMessage, WebhookMessage } from './delivery.js';
export type { NewWebhook, WebhookChange } from './webhook-change.js';
export { WebhookService } from './webhook.service.js';
export type { DeliveryView, WebhookView, WebhookWithSecret } from './webhook-view.js';
export type { Answer } from './webhook-sender.js';
export { webhooksControllers, webhooksProviders } from './webhooks.providers.js';
