export type { DeliveryAttempt, DeliveryStatus, MergedMessage, WebhookMessage } from './delivery.js';
export { WebhookService, type NewWebhook, type WebhookChange } from './webhook.service.js';
export type { DeliveryView, WebhookView, WebhookWithSecret } from './webhook-view.js';
export { webhooksControllers, webhooksProviders } from './webhooks.providers.js';
