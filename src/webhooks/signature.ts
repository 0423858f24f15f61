import { createHmac } from 'node:crypto';

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
