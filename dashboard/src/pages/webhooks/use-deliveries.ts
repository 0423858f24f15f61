import { useEffect, useState } from 'preact/hooks';
import type { DeliveryView, WebhookView } from '../../client.js';
import { listDeliveries } from '../../state/webhook-api.js';

export interface DeliveryList {
  /** `null` while it is not known. */
  readonly list: readonly DeliveryView[] | null;
  /** Why the latest call failed. */
  readonly error: string | null;
}

/** The latest deliveries to a webhook, once they are `wanted`: asked for whenever the webhook was. */
export function useDeliveries(webhook: WebhookView, wanted: boolean): DeliveryList {
  const [deliveries, setDeliveries] = useState<DeliveryList>({ list: null, error: null });
  useEffect(() => {
    if (!wanted) return;
    listDeliveries(webhook.id).then(
      (list) => setDeliveries({ list, error: null }),
      (failure: Error) => setDeliveries(({ list }) => ({ list, error: failure.message })),
    );
  }, [webhook, wanted]);
  return deliveries;
}
