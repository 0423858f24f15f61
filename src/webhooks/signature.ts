import { createHmac, randomBytes } from 'node:crypto';
import type { Endpoint } from './endpoint.js';

/** A new secret: 32 random bytes. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** The secrets that sign at this moment, the current one first. */
export function signingSecrets({ secret, health: { previousSecret } }: Endpoint, now: number): string[] {
  if (secret === null) return [];
  return previousSecret && now < previousSecret.until ? [secret, previousSecret.secret] : [secret];
}

/**
 * The header `webhook-signature` over exactly these bytes, one `v1` signature a secret.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signatureOf(
  secrets: readonly string[],
  id: string,
  timestampSeconds: number,
  body: Buffer,
): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
      const signed = createHmac('sha256', key).update(`${id}.${timestampSeconds}.`).update(body);
      return `v1,${signed.digest('base64')}`;
    })
    .join(' ');
}
