import type { DeliveryView, WebhookView } from '../client.js';
import * as copy from '../words/copy/index.js';
import { exactTime, moment, time } from '../words/format.js';
import { shown } from '../words/safe-text.js';

export type WebhookHealth = 'healthy' | 'failing' | 'disabled';

export function webhookHealth({ enabled, disabled, failingSince, testFailedAt }: WebhookView): WebhookHealth {
  if (!enabled || disabled) return 'disabled';
  return failingSince === null && testFailedAt === null ? 'healthy' : 'failing';
}

/** How an endpoint does, in a sentence; what went wrong, and when it is tried again, from its deliveries. */
export function webhookSentence(
  webhook: WebhookView,
  now: number,
  deliveries: readonly DeliveryView[] = [],
): string {
  const words = copy.webhooks;
  const { disabled, failingSince, lastDeliveredAt, testFailedAt, pending } = webhook;
  const queued = pending > 0 ? ` ${words.queued(pending)}` : '';
  if (disabled) return words.disabledBecause(shown(disabled.reason, 300));
  if (!webhook.enabled) return words.disabled;
  if (failingSince !== null) {
    return words.failing(moment(Date.parse(failingSince), now)) + failure(deliveries, now) + queued;
  }
  if (testFailedAt !== null) return words.testFailed(moment(Date.parse(testFailedAt), now)) + queued;
  return (
    (lastDeliveredAt ? words.delivered(moment(Date.parse(lastDeliveredAt), now)) : words.nothingYet) + queued
  );
}

function failure(deliveries: readonly DeliveryView[], now: number): string {
  const words = copy.webhooks;
  const latest = deliveries
    .flatMap(({ attempts }) => attempts)
    .reduce<DeliveryView['attempts'][number] | null>(
      (one, other) => (one && one.at >= other.at ? one : other),
      null,
    );
  const next = deliveries
    .filter(({ nextAttemptAt }) => nextAttemptAt !== null && Date.parse(nextAttemptAt) > now)
    .sort((one, other) => Date.parse(one.nextAttemptAt!) - Date.parse(other.nextAttemptAt!))[0];
  const said = latest?.error ? ` ${sentence(shown(latest.error, 120))}` : '';
  if (!next) return said;
  return `${said} ${words.next(time(Date.parse(next.nextAttemptAt!)), next.attempts.filter(({ free }) => !free).length + 1)}`;
}

const sentence = (text: string) => (/[.…!?]$/.test(text) ? text : `${text}.`);

/** What became of the latest attempt at a delivery, in the receiver's words where it refused. */
export function answerText({ attempts }: DeliveryView): string {
  const words = copy.webhooks;
  const last = attempts.at(-1);
  if (!last) return words.notTried;
  return last.error === null ? words.took(String(last.status), last.durationMs) : shown(last.error, 300);
}

/** What follows for a delivery, or how it ended. */
export function nextText({ status, nextAttemptAt, endedBecause }: DeliveryView): string {
  if (nextAttemptAt) return exactTime(Date.parse(nextAttemptAt));
  return endedBecause === null ? copy.webhooks.status[status] : shown(endedBecause, 300);
}

/**
 * The address without what may be secret: chat services put the secret into the path. `https://hooks.example/…`
 */
export function maskedUrl(url: string): string {
  const match = /^([a-z][a-z0-9+.-]*:\/\/[^/?#@]*)([/?#].*)?$/i.exec(url);
  if (!match) return '…';
  const [, origin = '', rest = ''] = match;
  return rest === '' || rest === '/' ? origin : `${origin}/…`;
}
