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
  /** Since when it has only asked us to wait a moment. An earlier version kept nothing of it. */
  readonly throttledSince?: number | null;
  /** The endpoint asked us to wait until then. */
  readonly pausedUntil: number | null;
  readonly lastSuccessAt: number | null;
  /** When the latest test failed, if nothing has got through since. An earlier version kept nothing of it. */
  readonly testFailedAt?: number | null;
  readonly secret: string | null;
  /** Signs, too, until then, so that a receiver can change over. */
  readonly previousSecret: { readonly secret: string; readonly until: number } | null;
}

declare module '../common/store/health-store.js' {
  interface Collections {
    'webhook-health': EndpointHealth;
  }
}

/** How long the old secret signs beside a new one. */
const ROTATION_MS = 86_400_000;

const NOTHING_WRONG = {
  disabled: null,
  failingSince: null,
  refused: null,
  throttledSince: null,
  pausedUntil: null,
  testFailedAt: null,
} as const;
const NOTHING_KNOWN = {
  ...NOTHING_WRONG,
  lastSuccessAt: null,
  previousSecret: null,
} as const;

/** The health of an endpoint as it is configured now: another URL begins anew, another secret begins a rotation. */
export function currentHealth(
  { id, url, secret }: Pick<EndpointHealth, 'id' | 'url' | 'secret'>,
  known: EndpointHealth | undefined,
  now: number,
): EndpointHealth {
  if (known?.url === url && known.secret === secret) return known;
  const health = known?.url === url ? known : { id, url, ...NOTHING_KNOWN };
  return { ...health, secret, previousSecret: previousSecret(known, secret, now) };
}

function previousSecret(
  known: EndpointHealth | undefined,
  secret: string | null,
  now: number,
): EndpointHealth['previousSecret'] {
  if (!known) return null;
  const isRotation = known.secret !== null && secret !== null && known.secret !== secret;
  return isRotation ? { secret: known.secret, until: now + ROTATION_MS } : known.previousSecret;
}

/** Disabled, or nothing has got through since the latest failure. */
export function isFailing({ disabled, failingSince }: EndpointHealth): boolean {
  return disabled !== null || failingSince !== null;
}

/** Switched on again, as if it had never failed. */
export function switchedOn(health: EndpointHealth): EndpointHealth {
  return { ...health, ...NOTHING_WRONG };
}

/** What is waited for, or counted from, moves along when the wall clock was set by `jumpMs`. */
export function shiftedHealth(health: EndpointHealth, jumpMs: number): EndpointHealth {
  const { failingSince, refused, throttledSince = null, pausedUntil } = health;
  return {
    ...health,
    failingSince: failingSince === null ? null : failingSince + jumpMs,
    refused: refused && { ...refused, lastAt: refused.lastAt + jumpMs },
    throttledSince: throttledSince === null ? null : throttledSince + jumpMs,
    pausedUntil: pausedUntil === null ? null : pausedUntil + jumpMs,
  };
}
