/** An endpoint as `GET webhooks` tells it. */
export interface WebhookView {
  readonly id: string;
  /** Masked for viewers. */
  readonly url: string;
  readonly format: string;
  /** Empty: everything. */
  readonly events: readonly string[];
  /** Endpoints from config cannot be changed here. */
  readonly from: 'config' | 'api';
  readonly signed: boolean;
  readonly status: 'healthy' | 'failing' | 'disabled';
  readonly failingSince: string | null;
  readonly lastDelivery: { readonly at: string; readonly status: number | null } | null;
  readonly nextAttemptAt?: string | null;
}

export interface DeliveryView {
  readonly id: string;
  readonly event: string;
  readonly createdAt: string;
  readonly status: 'pending' | 'delivered' | 'failed';
  readonly attempts: readonly {
    readonly at: string;
    readonly status: number | null;
    readonly error: string | null;
    readonly durationMs: number | null;
  }[];
  readonly nextAttemptAt: string | null;
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
