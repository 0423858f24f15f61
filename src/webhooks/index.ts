export type { DeliveryAttempt, DeliveryStatus, MergedMessage, WebhookMessage } from './delivery.js';
export type { NewWebhook, WebhookChange } from './webhook-change.js';
export { WebhookService } from './webhook.service.js';
export type { DeliveryView, WebhookView, WebhookWithSecret } from './webhook-view.js';
export { webhooksControllers, webhooksProviders } from './webhooks.providers.js';
