import { NOTIFICATION_TYPES } from '../events/index.js';

/* What is right for an endpoint of webhooks, wherever it is written: in the options, or over REST. */

/** An endpoint's id: 1 to 64 letters, digits, dots, dashes or underscores. Not `.` or `..`, which no URL can name. */
export const WEBHOOK_ID = /^\w[\w.-]{0,63}$/;

/**
 * `whsec_` and base64 of 24 to 64 bytes, as Standard Webhooks asks. Its padding may be left out; otherwise as it is
 * encoded, since libraries read what is not in different ways.
 */
export function isWebhookSecret(value: unknown): boolean {
  const base64 = typeof value === 'string' ? /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(value)?.[1] : undefined;
  if (base64 === undefined) return false;
  const bytes = Buffer.from(base64, 'base64');
  const encoded = bytes.toString('base64');
  return (
    bytes.length >= 24 && bytes.length <= 64 && (base64 === encoded || base64 === encoded.replace(/=+$/, ''))
  );
}

/** A type of notification, such as `container.given_up`, or `container.*` for all of a kind; there must be such a type. */
export function isEventFilter(value: unknown): boolean {
  return typeof value === 'string' && NOTIFICATION_TYPES.some((type) => chooses(value, type));
}

/** Whether that filter chooses that type. */
export function chooses(filter: string, type: string): boolean {
  return filter.endsWith('.*') ? type.startsWith(filter.slice(0, -1)) : filter === type;
}
