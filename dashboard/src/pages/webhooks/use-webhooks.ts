import { useEffect, useState } from 'preact/hooks';
import type { WebhookView } from '../../client.js';
import { config, loaded, onEvents } from '../../state/monitor.js';
import { listWebhooks } from '../../state/webhook-api.js';

const EVERY_MS = 15_000;

interface WebhookList {
  /** `null` while it is not known. */
  readonly webhooks: readonly WebhookView[] | null;
  /** Why the latest call failed. */
  readonly error: string | null;
  readonly reload: () => Promise<void>;
}

/** Webhooks come over REST: asked for now and then, and whenever one was switched off. */
export function useWebhooks(): WebhookList {
  const [webhooks, setWebhooks] = useState<readonly WebhookView[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const reload = () =>
    listWebhooks().then(
      (list) => {
        setWebhooks(list);
        setError(null);
      },
      (failure: Error) => setError(failure.message),
    );
  useEffect(() => {
    if (config.http === null || !loaded.value) return;
    void reload();
    const timer = setInterval(() => document.visibilityState === 'visible' && void reload(), EVERY_MS);
    const stop = onEvents((events) => {
      if (events.some(({ type }) => type === 'webhook.disabled')) void reload();
    });
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [loaded.value]);
  return { webhooks, error, reload };
}
