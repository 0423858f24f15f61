import type { EventDraft, Notification } from '../common/events/index.js';

/** That an endpoint gets nothing any more is a message for people, too; over the ways that are left. */
export function webhookDisabled(endpoint: string, reason: string, now: number): EventDraft[] {
  const at = new Date(now).toISOString();
  const notification: Notification = {
    id: `health-webhook-${Math.floor(now / 1_000)}-${endpoint}`,
    level: 'error',
    title: `Webhook ${endpoint} was disabled`,
    message: reason,
    timestamp: at,
    type: 'webhook.disabled',
    read: false,
  };
  return [
    { type: 'webhook.disabled', at, data: { endpoint, reason } },
    { type: 'notification.created', at, data: { notification, details: { reason } } },
  ];
}
