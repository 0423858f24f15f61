import { useState } from 'preact/hooks';
import type { WebhookView } from '../../client.js';
import { Dialog } from '../../components/dialog.js';
import { Field } from '../../components/field.js';
import {
  draftOf,
  isAboutAddress,
  isChosen,
  newWebhook,
  toggleChoice,
  webhookChange,
  type EventChoice,
  type WebhookDraft,
} from '../../model/webhook-draft.js';
import { addWebhook, changeWebhook, type WebhookAnswer } from '../../state/webhook-api.js';
import * as copy from '../../words/copy/index.js';
import { shown } from '../../words/safe-text.js';

const words = copy.webhooks;

interface WebhookDialogProps {
  /** The one to change; `null` adds one. */
  readonly webhook: WebhookView | null;
  readonly onClose: () => void;
  readonly onDone: (answer: WebhookAnswer) => void;
}

/** Adds a webhook, or changes one. What the server says against it stays in the dialog. */
export function WebhookDialog({ webhook, onClose, onDone }: WebhookDialogProps) {
  const [draft, setDraft] = useState(() => draftOf(webhook));
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [title, confirm, confirming] = webhook
    ? [words.editTitle(shown(webhook.id)), words.save, words.saving]
    : [words.addTitle, words.addConfirm, words.adding];
  const submit = () => {
    if (busy) return;
    setBusy(true);
    setError(null);
    const answer = webhook ? changeWebhook(webhook.id, webhookChange(draft)) : addWebhook(newWebhook(draft));
    answer.then(onDone, (failure: Error) => {
      setError(failure.message);
      setBusy(false);
    });
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      onSubmit={submit}
      actions={
        <>
          <button type="button" class="button" onClick={onClose}>
            {copy.dialogs.cancel}
          </button>
          <button type="submit" class="button main" aria-disabled={busy}>
            {busy ? confirming : confirm}
          </button>
        </>
      }
    >
      {error !== null && (
        <p class="action-error" role="alert">
          {shown(error, 600)} {isAboutAddress(error) && words.whenRefused}
        </p>
      )}
      <Fields
        draft={draft}
        isNew={webhook === null}
        onChange={(change) => setDraft((known) => ({ ...known, ...change }))}
      />
    </Dialog>
  );
}

interface FieldsProps {
  readonly draft: WebhookDraft;
  readonly isNew: boolean;
  readonly onChange: (change: Partial<WebhookDraft>) => void;
}

function Fields({ draft, isNew, onChange }: FieldsProps) {
  return (
    <>
      {isNew && (
        <Field label={words.fields.id}>
          <input
            autofocus
            value={draft.id}
            maxLength={64}
            placeholder={words.fields.idHint}
            onInput={(event) => onChange({ id: event.currentTarget.value })}
          />
        </Field>
      )}
      <Field label={words.fields.url}>
        <input
          type="url"
          inputMode="url"
          value={draft.url}
          maxLength={2000}
          placeholder={words.addresses[draft.format]}
          onInput={(event) => onChange({ url: event.currentTarget.value })}
        />
      </Field>
      <Field label={words.fields.format}>
        <select
          value={draft.format}
          onChange={(event) => onChange({ format: event.currentTarget.value as WebhookDraft['format'] })}
        >
          {Object.entries(words.formats).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </Field>
      <Events events={draft.events} onChange={(events) => onChange({ events })} />
    </>
  );
}

/** Tick boxes for what most want, and beside them the patterns themselves, which can say more. */
function Events({ events, onChange }: { events: string; onChange: (events: string) => void }) {
  return (
    <>
      <fieldset class="choices">
        <legend>{words.fields.choices}</legend>
        {(Object.entries(words.choices) as [EventChoice, string][]).map(([choice, label]) => (
          <label key={choice} class="choice">
            <input
              type="checkbox"
              checked={isChosen(events, choice)}
              onChange={() => onChange(toggleChoice(events, choice))}
            />
            {label}
          </label>
        ))}
      </fieldset>
      <Field label={words.fields.events}>
        <input
          value={events}
          placeholder={words.fields.eventsHint}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      </Field>
    </>
  );
}
