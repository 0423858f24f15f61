import type { DeliveryView, WebhookView } from '../../../src/webhooks/webhook-view.js';
import { copy } from '../words/copy.js';
import { exactTime, moment } from '../words/format.js';
import { shown } from '../words/safe-text.js';

export type { DeliveryView, WebhookView };

export type WebhookHealth = 'healthy' | 'failing' | 'disabled';

export function webhookHealth({ enabled, disabled, failingSince }: WebhookView): WebhookHealth {
  if (!enabled || disabled) return 'disabled';
  return failingSince === null ? 'healthy' : 'failing';
}

/** How an endpoint does, in a sentence. */
export function webhookSentence(webhook: WebhookView, now: number): string {
  const words = copy.webhooks;
  const { disabled, failingSince, lastDeliveredAt, pending } = webhook;
  const queued = pending > 0 ? ` ${words.queued(pending)}` : '';
  if (disabled) return words.disabledBecause(shown(disabled.reason, 300));
  if (!webhook.enabled) return words.disabled;
  if (failingSince !== null) return words.failing(moment(Date.parse(failingSince), now)) + queued;
  return (
    (lastDeliveredAt ? words.delivered(moment(Date.parse(lastDeliveredAt), now)) : words.nothingYet) + queued
  );
}

/** What became of the latest attempt at a delivery. */
export function answerText({ attempts }: DeliveryView): string {
  const last = attempts.at(-1);
  if (!last) return copy.webhooks.status.pending ?? '';
  const answer =
    last.status === null ? shown(last.error ?? copy.webhooks.noAnswer, 120) : String(last.status);
  return copy.webhooks.took(answer, last.durationMs);
}

export function nextText({ status, nextAttemptAt }: DeliveryView): string {
  return nextAttemptAt ? exactTime(Date.parse(nextAttemptAt)) : (copy.webhooks.status[status] ?? status);
}

/**
 * Who is told, without what may be secret: chat services put the secret into the path. `https://hooks.example/…`
 */
export function maskedUrl(url: string): string {
  const match = /^([a-z][a-z0-9+.-]*:\/\/[^/?#@]*)([/?#].*)?$/i.exec(url);
  if (!match) return '…';
  const [, origin = '', rest = ''] = match;
  return rest === '' || rest === '/' ? origin : `${origin}/…`;
}
