import { wellFormed } from '../common/text/index.js';
import type { Delivery } from './delivery.js';
import type { Endpoint } from './endpoint.js';
import { FORMATS } from './formats/index.js';
import { signatureOf, signingSecrets } from './signature.js';

export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * A delivery as the request that is sent at `now`: in the endpoint's format, and signed.
 *
 * @throws what a format throws when it cannot express the message
 */
export function requestFor(
  endpoint: Endpoint,
  { message, messageId, level }: Delivery,
  now: number,
): OutgoingRequest {
  const { url, body } = FORMATS[endpoint.format](message, level, endpoint.url);
  const bytes = Buffer.from(JSON.stringify(body, asText), 'utf8');
  const seconds = Math.floor(now / 1_000);
  const secrets = signingSecrets(endpoint, now);
  return {
    url,
    body: bytes,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'archipelago-health-monitor',
      'webhook-id': messageId,
      'webhook-timestamp': String(seconds),
      ...(secrets.length > 0 && { 'webhook-signature': signatureOf(secrets, messageId, seconds, bytes) }),
    },
  };
}

/** Half of a surrogate pair is no text: strict readers refuse all of the body. */
const asText = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? wellFormed(value) : value;
