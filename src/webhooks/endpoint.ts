import { chooses, type WebhookEndpoint, type WebhookFormat } from '../common/options/index.js';
import { currentHealth, type EndpointHealth } from './endpoint-health.js';

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

declare module '../common/store/health-store.js' {
  interface Collections {
    'webhook-endpoint': StoredEndpoint;
  }
}

/** An endpoint as it is now. */
export interface Endpoint extends StoredEndpoint {
  /** `config`: written by the host, and read-only here. `api`: added over REST. */
  readonly origin: 'config' | 'api';
  readonly health: EndpointHealth;
}

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
  const configuredIds = new Set(fromConfig.map(({ id }) => id));
  const added = stored
    .filter(({ id }) => !configuredIds.has(id))
    .map((endpoint) => ({ ...endpoint, origin: 'api' as const }));
  return [...fromConfig, ...added].map((endpoint) => ({
    ...endpoint,
    health: currentHealth(endpoint, healthOf(endpoint.id), now),
  }));
}

/** Messages are sent to it. */
export function isActive({ enabled, health }: Endpoint): boolean {
  return enabled && health.disabled === null;
}

/** Whether it wants that type: all by default, `container.*` all of that kind. */
export function wants({ events }: Pick<StoredEndpoint, 'events'>, type: string): boolean {
  return events === null || events.some((filter) => chooses(filter, type));
}
