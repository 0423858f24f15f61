import { randomBytes } from 'node:crypto';
import type { WebhookFormat } from '../common/options/index.js';
import type { StoredEndpoint } from './endpoint.js';
import { newSecret } from './signature.js';

export interface NewWebhook {
  /** Default: a random one. */
  readonly id?: string;
  readonly url: string;
  /** `whsec_…`. Default: a new one for format `archipelago`; the chat services check none. */
  readonly secret?: string;
  /** Default: all. */
  readonly events?: readonly string[];
  /** Default `archipelago`. */
  readonly format?: WebhookFormat;
}

/** What is left out stays as it is. */
export interface WebhookChange {
  readonly url?: string;
  /** `null`: all. */
  readonly events?: readonly string[] | null;
  /** One that becomes `archipelago`, and has no secret, gets one, which the answer shows. */
  readonly format?: WebhookFormat;
  /** False stops sending and gives up what waits; true begins anew, also after it was disabled. */
  readonly enabled?: boolean;
  /** A secret of your own. The one before signs beside it for 24 hours. */
  readonly secret?: string;
  /** True makes a new secret, which the answer shows. */
  readonly rotateSecret?: boolean;
}

/** The endpoint that a person adds. Whether its URL may be used is not checked here. */
export function newEndpoint({ id, url, secret, events, format = 'archipelago' }: NewWebhook): StoredEndpoint {
  return {
    id: id ?? `webhook-${randomBytes(4).toString('hex')}`,
    url,
    format,
    events: events ?? null,
    secret: secret ?? firstSecret(format),
    enabled: true,
  };
}

/** The endpoint that a change makes of one. Whether its URL may be used is not checked here. */
export function changedEndpoint(endpoint: StoredEndpoint, change: WebhookChange): StoredEndpoint {
  const format = change.format ?? endpoint.format;
  return {
    id: endpoint.id,
    url: change.url ?? endpoint.url,
    format,
    events: change.events === undefined ? endpoint.events : change.events,
    secret:
      change.rotateSecret === true ? newSecret() : (change.secret ?? endpoint.secret ?? firstSecret(format)),
    enabled: change.enabled ?? endpoint.enabled,
  };
}

/** The chat services check no signature. */
function firstSecret(format: WebhookFormat): string | null {
  return format === 'archipelago' ? newSecret() : null;
}
