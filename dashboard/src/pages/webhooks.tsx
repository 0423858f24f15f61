import { useEffect, useState } from 'preact/hooks';
import type { DeliveryView, WebhookView } from '../client.js';
import { ActionButton, ActionError } from '../components/action-button.js';
import { ConfirmDialog } from '../components/confirm-dialog.js';
import { CopyButton } from '../components/copy-button.js';
import { Dialog } from '../components/dialog.js';
import { Empty } from '../components/empty.js';
import { Page } from '../components/page.js';
import { Shape } from '../components/shape.js';
import { Ago } from '../components/time.js';
import { answerText, maskedUrl, nextText, webhookHealth, webhookSentence } from '../model/webhook.js';
import { perform } from '../state/actions.js';
import { call } from '../state/api.js';
import { clock } from '../state/clock.js';
import { config, loaded, mayAct, onEvents } from '../state/monitor.js';
import * as copy from '../words/copy/index.js';
import { shown } from '../words/safe-text.js';

const words = copy.webhooks;
const EVERY_MS = 15_000;
const PAGE = 'webhooks';

interface Listing {
  /** `null` while it is not known. */
  readonly endpoints: readonly WebhookView[] | null;
  readonly error: string | null;
  readonly reload: () => Promise<void>;
}

/** Webhooks come over REST: asked for now and then, and whenever one was switched off. */
function useWebhooks(): Listing {
  const [endpoints, setEndpoints] = useState<readonly WebhookView[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const reload = () =>
    call<readonly WebhookView[]>('GET', 'webhooks').then(
      (list) => {
        setEndpoints(list);
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
  return { endpoints, error, reload };
}

export function WebhooksPage() {
  const { endpoints, error, reload } = useWebhooks();
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<WebhookView | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const done = (answer: Changed = null) => {
    setAdding(false);
    setEditing(null);
    if (answer?.secret) setSecret(answer.secret);
    void reload();
  };
  const add = (variant: 'main' | 'plain', label: string) => (
    <ActionButton
      subject={PAGE}
      action="add"
      variant={variant}
      label={label}
      onPress={() => setAdding(true)}
    />
  );
  return (
    <Page
      id="webhooks"
      name={words.title}
      heading={words.title}
      beside={mayAct.value && endpoints !== null && endpoints.length > 0 && add('plain', words.add)}
    >
      <p class="detail">{config.http === null ? words.off : words.intro}</p>
      {error !== null && (
        <p class="action-error" role="alert">
          {copy.actions.failed(shown(error, 300))}
        </p>
      )}
      {endpoints?.length === 0 && (
        <Empty title={words.none}>{mayAct.value && add('main', words.addFirst)}</Empty>
      )}
      <ul class="rows webhook-rows">
        {endpoints?.map((endpoint) => (
          <li key={endpoint.id}>
            <Endpoint endpoint={endpoint} onChange={done} onEdit={() => setEditing(endpoint)} />
          </li>
        ))}
      </ul>
      {adding && <EndpointDialog onClose={() => setAdding(false)} onDone={done} />}
      {editing && <EndpointDialog endpoint={editing} onClose={() => setEditing(null)} onDone={done} />}
      {secret !== null && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </Page>
  );
}

type Asking = 'remove' | 'secret';

function Endpoint({
  endpoint,
  onChange,
  onEdit,
}: {
  endpoint: WebhookView;
  onChange: (answer?: Changed) => void;
  onEdit: () => void;
}) {
  const { id, url, format, events, origin, signed, rotatingUntil } = endpoint;
  const status = webhookHealth(endpoint);
  const [open, setOpen] = useState(false);
  const [revealed, setRevealed] = useState(false);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [tested, setTested] = useState('');
  const deliveries = useDeliveries(endpoint, open || status === 'failing');
  const subject = `webhook ${id}`;
  const path = `webhooks/${encodeURIComponent(id)}`;
  const name = shown(id);
  const tone = { healthy: 'good', failing: 'warn', disabled: 'rest' }[status];
  const change = (action: string, work: () => Promise<Changed>) =>
    void perform(subject, action, async () => onChange(await work()));
  const test = () => {
    setTested('');
    change('test', async () => {
      setTested(words.tested(answerText(await call<DeliveryView>('POST', `${path}/test`))));
      return null;
    });
  };
  return (
    <article class="webhook" aria-label={name}>
      <div class="webhook-head">
        <h2>
          <bdi>{name}</bdi> <span class="origin">{copy.webhooks.formats[format] ?? shown(format)}</span>
        </h2>
        <p class="badge" data-tone={tone}>
          <Shape name={status === 'healthy' ? 'healthy' : status === 'failing' ? 'unhealthy' : 'stopped'} />
          <span>{webhookSentence(endpoint, clock.value, deliveries.list ?? [])}</span>
        </p>
      </div>
      <p class="row-meta">
        <code class="address">{shown(revealed ? url : maskedUrl(url), 300)}</code>
        {mayAct.value && maskedUrl(url) !== url && (
          <button
            type="button"
            class="text-button"
            aria-pressed={revealed}
            onClick={() => setRevealed(!revealed)}
          >
            {revealed ? words.hide : words.reveal}
          </button>
        )}
        <span>{words.events((events ?? []).map((event) => shown(event)))}</span>
        {signed && <span>{rotatingUntil ? words.signedRotating : words.signed}</span>}
        {origin === 'config' && <span>{words.fromConfig}</span>}
      </p>
      <div class="actions">
        {mayAct.value && (
          <ActionButton
            subject={subject}
            action="test"
            label={words.test}
            busy={words.testBusy}
            title={`${words.test} ${name}`}
            onPress={test}
          />
        )}
        <button type="button" class="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {words.deliveries}
        </button>
        {mayAct.value && origin === 'api' && (
          <>
            {status === 'disabled' && (
              <ActionButton
                subject={subject}
                action="enable"
                label={words.enable}
                busy={words.enableBusy}
                onPress={() => change('enable', () => call('PATCH', path, { enabled: true }))}
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
          </>
        )}
        <ActionError subject={subject} />
        <span role="status" class="action-note">
          {tested}
        </span>
      </div>
      {open && <Deliveries id={id} {...deliveries} onChange={onChange} />}
      {asking === 'remove' && (
        <ConfirmDialog
          title={words.removeTitle(name)}
          confirm={words.removeConfirm(name)}
          variant="danger"
          onClose={() => setAsking(null)}
          onConfirm={() => change('remove', () => call('DELETE', path))}
        >
          <p>{words.removeText}</p>
        </ConfirmDialog>
      )}
      {asking === 'secret' && (
        <ConfirmDialog
          title={words.newSecretTitle(name)}
          confirm={words.newSecretConfirm}
          variant="main"
          onClose={() => setAsking(null)}
          onConfirm={() => change('secret', () => call('PATCH', path, { rotateSecret: true }))}
        >
          <p>{words.newSecretText}</p>
        </ConfirmDialog>
      )}
    </article>
  );
}

interface DeliveryList {
  /** `null` while it is not known. */
  readonly list: readonly DeliveryView[] | null;
  readonly error: string | null;
}

/** The latest deliveries to an endpoint, once they are `wanted`: asked for whenever the endpoint was. */
function useDeliveries(endpoint: WebhookView, wanted: boolean): DeliveryList {
  const [deliveries, setDeliveries] = useState<DeliveryList>({ list: null, error: null });
  useEffect(() => {
    if (!wanted) return;
    call<readonly DeliveryView[]>('GET', `webhooks/${encodeURIComponent(endpoint.id)}/deliveries`).then(
      (list) => setDeliveries({ list, error: null }),
      (failure: Error) => setDeliveries(({ list }) => ({ list, error: failure.message })),
    );
  }, [endpoint, wanted]);
  return deliveries;
}

interface DeliveriesProps extends DeliveryList {
  readonly id: string;
  readonly onChange: () => void;
}

function Deliveries({ id, list, error, onChange }: DeliveriesProps) {
  if (error !== null) return <p class="action-error">{copy.actions.failed(shown(error, 300))}</p>;
  if (list === null) return <div class="outline block" />;
  if (list.length === 0) return <p class="empty-line">{words.noDeliveries}</p>;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={words.deliveriesOf(shown(id))}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.table.when}</th>
            <th scope="col">{words.table.event}</th>
            <th scope="col">{words.table.answer}</th>
            <th scope="col">{words.table.next}</th>
            {mayAct.value && (
              <th scope="col">
                <span class="hidden">{words.table.actions}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {list.map((delivery) => (
            <Delivery key={delivery.id} delivery={delivery} onChange={onChange} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Delivery({ delivery, onChange }: { delivery: DeliveryView; onChange: () => void }) {
  const { id, event, createdAt, status } = delivery;
  const subject = `delivery ${id}`;
  const [label, busy] =
    status === 'pending' ? [words.tryNow, words.tryNowBusy] : [words.replay, words.replayBusy];
  return (
    <tr>
      <td>
        <Ago at={createdAt} />
      </td>
      <td>
        <code>{shown(event)}</code>
      </td>
      <td>{answerText(delivery)}</td>
      <td>{nextText(delivery)}</td>
      {mayAct.value && (
        <td>
          <ActionButton
            subject={subject}
            action="replay"
            label={label}
            busy={busy}
            title={`${label} ${shown(event)}`}
            onPress={() =>
              void perform(subject, 'replay', async () => {
                await call('POST', `deliveries/${encodeURIComponent(id)}/replay`);
                onChange();
              })
            }
          />
          <ActionError subject={subject} />
        </td>
      )}
    </tr>
  );
}

/** What the server answers to a change: with a secret when that is new. */
type Changed = { readonly secret?: string | null } | null;

/** Adds an endpoint, or changes one. What the server says against it stays in the dialog. */
function EndpointDialog({
  endpoint,
  onClose,
  onDone,
}: {
  endpoint?: WebhookView;
  onClose: () => void;
  onDone: (answer: Changed) => void;
}) {
  const [id, setId] = useState(endpoint?.id ?? '');
  const [url, setUrl] = useState(endpoint?.url ?? '');
  const [format, setFormat] = useState<string>(endpoint?.format ?? 'archipelago');
  const [events, setEvents] = useState(endpoint?.events?.join(', ') ?? '');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const patterns = events
    .split(/[\s,]+/)
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
  const submit = () => {
    if (busy) return;
    setBusy(true);
    setError(null);
    const body = { url: url.trim(), format };
    const name = id.trim();
    const work = endpoint
      ? call<Changed>('PATCH', `webhooks/${encodeURIComponent(endpoint.id)}`, {
          ...body,
          events: patterns.length > 0 ? patterns : null,
        })
      : call<Changed>('POST', 'webhooks', {
          ...body,
          ...(name !== '' && { id: name }),
          ...(patterns.length > 0 && { events: patterns }),
        });
    work.then(onDone, (failure: Error) => {
      setError(failure.message);
      setBusy(false);
    });
  };
  return (
    <Dialog
      title={endpoint ? words.editTitle(shown(endpoint.id)) : words.addTitle}
      onClose={onClose}
      onSubmit={submit}
      actions={
        <>
          <button type="button" class="button" onClick={onClose}>
            {copy.dialogs.cancel}
          </button>
          <button type="submit" class="button main" aria-disabled={busy}>
            {endpoint ? (busy ? words.saving : words.save) : busy ? words.adding : words.addConfirm}
          </button>
        </>
      }
    >
      {error !== null && (
        <p class="action-error" role="alert">
          {shown(error, 600)}
        </p>
      )}
      {!endpoint && (
        <label class="field">
          <span>{words.fields.id}</span>
          <input
            autofocus
            value={id}
            maxLength={64}
            placeholder={words.fields.idHint}
            onInput={(event) => setId(event.currentTarget.value)}
          />
        </label>
      )}
      <label class="field">
        <span>{words.fields.url}</span>
        <input
          type="url"
          inputMode="url"
          value={url}
          maxLength={2000}
          placeholder="https://"
          onInput={(event) => setUrl(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>{words.fields.format}</span>
        <select value={format} onChange={(event) => setFormat(event.currentTarget.value)}>
          {Object.entries(words.formats).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{words.fields.events}</span>
        <input
          value={events}
          placeholder={words.fields.eventsHint}
          onInput={(event) => setEvents(event.currentTarget.value)}
        />
      </label>
    </Dialog>
  );
}

/** The secret lives in this dialog and nowhere else. */
function SecretDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Dialog
      title={words.secretTitle}
      onClose={onClose}
      actions={
        <>
          <CopyButton text={() => secret} label={words.secretCopy} copied={copy.container.copied} />
          <button type="button" class="button main" autofocus onClick={onClose}>
            {copy.dialogs.close}
          </button>
        </>
      }
    >
      <p>{words.secretText}</p>
      <p>
        <code class="secret">{secret}</code>
      </p>
    </Dialog>
  );
}
