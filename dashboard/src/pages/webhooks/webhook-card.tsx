import { useState } from 'preact/hooks';
import type { DeliveryView, WebhookView } from '../../client.js';
import { Shape, type ShapeName } from '../../components/shape.js';
import { webhookHealth, webhookSentence, type WebhookHealth } from '../../model/webhook.js';
import { clock } from '../../state/clock.js';
import type { WebhookAnswer } from '../../state/webhook-api.js';
import * as copy from '../../words/copy/index.js';
import { shown } from '../../words/safe-text.js';
import { DeliveryTable } from './delivery-table.js';
import { MaskedAddress } from './masked-address.js';
import { useDeliveries } from './use-deliveries.js';
import { WebhookActions } from './webhook-actions.js';

const words = copy.webhooks;
const MARKS: Record<WebhookHealth, { readonly tone: string; readonly shape: ShapeName }> = {
  healthy: { tone: 'good', shape: 'healthy' },
  failing: { tone: 'warn', shape: 'unhealthy' },
  disabled: { tone: 'rest', shape: 'stopped' },
};

interface WebhookCardProps {
  readonly webhook: WebhookView;
  /** Called after something was done to it. */
  readonly onChange: (answer: WebhookAnswer) => void;
  readonly onEdit: () => void;
}

/** A webhook: how it does, where it goes, what may be done with it, and its deliveries when asked for. */
export function WebhookCard({ webhook, onChange, onEdit }: WebhookCardProps) {
  const [open, setOpen] = useState(false);
  const deliveries = useDeliveries(webhook, open || webhookHealth(webhook) === 'failing');
  return (
    <article class="webhook" aria-label={shown(webhook.id)}>
      <Head webhook={webhook} deliveries={deliveries.list ?? []} />
      <Facts webhook={webhook} />
      <WebhookActions webhook={webhook} onChange={onChange} onEdit={onEdit}>
        <button type="button" class="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {words.deliveries}
        </button>
      </WebhookActions>
      {open && <DeliveryTable {...deliveries} webhookId={webhook.id} onReplay={() => onChange(null)} />}
    </article>
  );
}

function Head({ webhook, deliveries }: { webhook: WebhookView; deliveries: readonly DeliveryView[] }) {
  const { tone, shape } = MARKS[webhookHealth(webhook)];
  return (
    <div class="webhook-head">
      <h2>
        <bdi>{shown(webhook.id)}</bdi>{' '}
        <span class="origin">{words.formats[webhook.format] ?? shown(webhook.format)}</span>
      </h2>
      <p class="badge" data-tone={tone}>
        <Shape name={shape} />
        <span>{webhookSentence(webhook, clock.value, deliveries)}</span>
      </p>
    </div>
  );
}

function Facts({ webhook: { url, events, signed, rotatingUntil, origin } }: { webhook: WebhookView }) {
  return (
    <p class="row-meta">
      <MaskedAddress url={url} />
      <span>{words.events((events ?? []).map((event) => shown(event)))}</span>
      {signed && <span>{rotatingUntil ? words.signedRotating : words.signed}</span>}
      {origin === 'config' && <span>{words.fromConfig}</span>}
    </p>
  );
}
