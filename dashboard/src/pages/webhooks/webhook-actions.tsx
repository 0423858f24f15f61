import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { WebhookView } from '../../client.js';
import { ActionButton, ActionError } from '../../components/action-button.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { answerText, webhookHealth } from '../../model/webhook.js';
import { perform } from '../../state/actions.js';
import { mayAct } from '../../state/monitor.js';
import { changeWebhook, removeWebhook, testWebhook, type WebhookAnswer } from '../../state/webhook-api.js';
import * as copy from '../../words/copy/index.js';
import { shown } from '../../words/safe-text.js';

const words = copy.webhooks;

interface WebhookActionsProps {
  readonly webhook: WebhookView;
  readonly onChange: (answer: WebhookAnswer) => void;
  readonly onEdit: () => void;
  /** What everybody may press. */
  readonly children: ComponentChildren;
}

/** What an operator may do with a webhook; one from the host's configuration can only be tested. */
export function WebhookActions({ webhook, onChange, onEdit, children }: WebhookActionsProps) {
  const [answer, setAnswer] = useState('');
  const subject = `webhook ${webhook.id}`;
  const change = (action: string, work: () => Promise<WebhookAnswer>) =>
    void perform(subject, action, async () => onChange(await work()));
  const test = () => {
    setAnswer('');
    change('test', async () => {
      setAnswer(words.tested(answerText(await testWebhook(webhook.id))));
      return null;
    });
  };
  return (
    <div class="actions">
      {mayAct.value && (
        <ActionButton
          subject={subject}
          action="test"
          label={words.test}
          busy={words.testBusy}
          title={`${words.test} ${shown(webhook.id)}`}
          onPress={test}
        />
      )}
      {children}
      {mayAct.value && webhook.origin === 'api' && (
        <Changes webhook={webhook} subject={subject} change={change} onEdit={onEdit} />
      )}
      <ActionError subject={subject} />
      <span role="status" class="action-note">
        {answer}
      </span>
    </div>
  );
}

interface ChangesProps {
  readonly webhook: WebhookView;
  readonly subject: string;
  readonly change: (action: string, work: () => Promise<WebhookAnswer>) => void;
  readonly onEdit: () => void;
}

function Changes({ webhook, subject, change, onEdit }: ChangesProps) {
  const { id, signed } = webhook;
  const [asking, setAsking] = useState<'remove' | 'secret' | null>(null);
  const close = () => setAsking(null);
  return (
    <>
      {webhookHealth(webhook) === 'disabled' && (
        <ActionButton
          subject={subject}
          action="enable"
          label={words.enable}
          busy={words.enableBusy}
          onPress={() => change('enable', () => changeWebhook(id, { enabled: true }))}
        />
      )}
      <ActionButton subject={subject} action="edit" label={words.edit} onPress={onEdit} />
      {signed && (
        <ActionButton
          subject={subject}
          action="secret"
          label={words.newSecret}
          busy={words.newSecretBusy}
          onPress={() => setAsking('secret')}
        />
      )}
      <ActionButton
        subject={subject}
        action="remove"
        label={words.remove}
        busy={words.removeBusy}
        onPress={() => setAsking('remove')}
      />
      {asking === 'remove' && (
        <ConfirmDialog
          title={words.removeTitle(shown(id))}
          confirm={words.removeConfirm(shown(id))}
          variant="danger"
          onClose={close}
          onConfirm={() => change('remove', () => removeWebhook(id))}
        >
          <p>{words.removeText}</p>
        </ConfirmDialog>
      )}
      {asking === 'secret' && (
        <ConfirmDialog
          title={words.newSecretTitle(shown(id))}
          confirm={words.newSecretConfirm}
          variant="main"
          onClose={close}
          onConfirm={() => change('secret', () => changeWebhook(id, { rotateSecret: true }))}
        >
          <p>{words.newSecretText}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
