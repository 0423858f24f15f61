import { useState } from 'preact/hooks';
import type { WebhookView } from '../client.js';
import { ActionButton } from '../components/action-button.js';
import { Empty } from '../components/empty.js';
import { Page } from '../components/page.js';
import { config, mayAct } from '../state/monitor.js';
import type { WebhookAnswer } from '../state/webhook-api.js';
import * as copy from '../words/copy/index.js';
import { shown } from '../words/safe-text.js';
import { SecretDialog } from './webhooks/secret-dialog.js';
import { useWebhooks } from './webhooks/use-webhooks.js';
import { WebhookCard } from './webhooks/webhook-card.js';
import { WebhookDialog } from './webhooks/webhook-dialog.js';

const words = copy.webhooks;

export function WebhooksPage() {
  const { webhooks, error, reload } = useWebhooks();
  /** What the dialog is open for; a webhook of `null` is a new one. */
  const [editing, setEditing] = useState<{ readonly webhook: WebhookView | null } | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const changed = (answer: WebhookAnswer) => {
    setEditing(null);
    if (answer?.secret) setSecret(answer.secret);
    void reload();
  };
  const add = () => setEditing({ webhook: null });
  return (
    <Page
      id="webhooks"
      name={words.title}
      heading={words.title}
      beside={webhooks?.length ? <AddButton variant="plain" label={words.add} onPress={add} /> : null}
    >
      <p class="detail">{config.http === null ? words.off : words.intro}</p>
      <ListError error={error} />
      {webhooks?.length === 0 && (
        <Empty title={words.none}>
          <AddButton variant="main" label={words.addFirst} onPress={add} />
        </Empty>
      )}
      <ul class="rows webhook-rows">
        {(webhooks ?? []).map((webhook) => (
          <li key={webhook.id}>
            <WebhookCard webhook={webhook} onChange={changed} onEdit={() => setEditing({ webhook })} />
          </li>
        ))}
      </ul>
      {editing && <WebhookDialog {...editing} onClose={() => setEditing(null)} onDone={changed} />}
      {secret !== null && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </Page>
  );
}

function ListError({ error }: { error: string | null }) {
  if (error === null) return null;
  return (
    <p class="action-error" role="alert">
      {copy.actions.failed(shown(error, 300))}
    </p>
  );
}

interface AddButtonProps {
  readonly variant: 'main' | 'plain';
  readonly label: string;
  readonly onPress: () => void;
}

function AddButton(props: AddButtonProps) {
  return mayAct.value ? <ActionButton subject="webhooks" action="add" {...props} /> : null;
}
