import { randomBytes } from 'node:crypto';
import { chooses, type WebhookEndpoint, type WebhookFormat } from '../common/options/index.js';

/** An endpoint that was added over REST. */
export interface StoredEndpoint {
  readonly id: string;
  readonly url: string;
  readonly format: WebhookFormat;
  /** `null`: all. */
  readonly events: readonly string[] | null;
  readonly secret: string | null;
  /** False: switched off by a person. */
  readonly enabled: boolean;
}

/** What was found out about an endpoint, wherever it comes from. Times are milliseconds since 1970. */
export interface EndpointHealth {
  readonly id: string;
  /** Where this was found out: another URL begins anew. */
  readonly url: string;
  /** Switched off by us. */
  readonly disabled: { readonly reason: string; readonly at: number } | null;
  /** Since when every attempt has failed. */
  readonly failingSince: number | null;
  /** Of that, for how long it is known to be the endpoint that refuses: it answered, with a failing HTTP status. */
  readonly refused: { readonly forMs: number; readonly lastAt: number } | null;
  /** The endpoint asked us to wait until then. */
  readonly pausedUntil: number | null;
  readonly lastSuccessAt: number | null;
  readonly secret: string | null;
  /** Signs, too, until then, so that a receiver can change over. */
  readonly previousSecret: { readonly secret: string; readonly until: number } | null;
}

declare module '../common/store/health-store.js' {
  interface Collections {
    'webhook-endpoint': StoredEndpoint;
    'webhook-health': EndpointHealth;
  }
}

/** An endpoint as it is now. */
export interface Endpoint extends StoredEndpoint {
  /** `config`: written by the host, and read-only here. `api`: added over REST. */
  readonly origin: 'config' | 'api';
  readonly health: EndpointHealth;
}

/** How long the old secret signs beside a new one. */
export const ROTATION_MS = 86_400_000;

/** All endpoints: those of the host's options first; one added over REST cannot take the place of such a one. */
export function endpointsFrom(
  configured: readonly WebhookEndpoint[],
  stored: readonly StoredEndpoint[],
  healthOf: (id: string) => EndpointHealth | undefined,
  now: number,
): Endpoint[] {
  const fromConfig = configured.map(({ id, url, format = 'archipelago', events, secret }) => ({
    id,
    url,
    format,
    events: events ?? null,
    secret: secret ?? null,
    enabled: true,
    origin: 'config' as const,
  }));
  const taken = new Set(fromConfig.map(({ id }) => id));
  const added = stored
    .filter(({ id }) => !taken.has(id))
    .map((endpoint) => ({ ...endpoint, origin: 'api' as const }));
  return [...fromConfig, ...added].map((endpoint) => ({
    ...endpoint,
    health: currentHealth(endpoint, healthOf(endpoint.id), now),
  }));
}

/** Its health, as long as it is the same endpoint; a secret that changed begins its rotation. */
function currentHealth(
  { id, url, secret }: StoredEndpoint,
  known: EndpointHealth | undefined,
  now: number,
): EndpointHealth {
  if (known?.url === url && known.secret === secret) return known;
  const anew = {
    id,
    url,
    disabled: null,
    failingSince: null,
    refused: null,
    pausedUntil: null,
    lastSuccessAt: null,
    secret,
  };
  const rotating = known && known.secret !== null && secret !== null && known.secret !== secret;
  return {
    ...(known?.url === url ? known : anew),
    secret,
    previousSecret: rotating
      ? { secret: known.secret, until: now + ROTATION_MS }
      : (known?.previousSecret ?? null),
  };
}

/** Messages are sent to it. */
export function isActive({ enabled, health }: Endpoint): boolean {
  return enabled && health.disabled === null;
}

/** Whether it wants that type: all by default, `container.*` all of that kind. */
export function wants({ events }: Pick<StoredEndpoint, 'events'>, type: string): boolean {
  return events === null || events.some((filter) => chooses(filter, type));
}

/** The secrets that sign at this moment, the current one first. */
export function signingSecrets({ secret, health: { previousSecret } }: Endpoint, now: number): string[] {
  if (secret === null) return [];
  return previousSecret && now < previousSecret.until ? [secret, previousSecret.secret] : [secret];
}

/** A new secret: 32 random bytes. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** The URL without what may be a secret: chat services put theirs into the path. */
export function maskUrl(url: string): string {
  return `${new URL(url).origin}/…`;
}
