import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ContainerView, Status } from '../client.js';
import { needsYou } from '../model/needs-you.js';
import { dependents } from '../model/problems.js';
import { act, containerSubject, type ActionName } from '../state/actions.js';
import { call } from '../state/api.js';
import { isUnseen, mayAct, onlyReads, views } from '../state/monitor.js';
import * as copy from '../words/copy/index.js';
import { shown } from '../words/safe-text.js';
import { ActionButton, ActionError } from './action-button.js';
import { ConfirmDialog } from './confirm-dialog.js';
import { Dialog } from './dialog.js';

/** What a person may do, by status; the first is the main one where something is wrong. */
const ACTIONS: Record<Status, readonly ActionName[]> = {
  healthy: ['restart', 'hold', 'stop'],
  'not-yet': ['hold', 'restart', 'stop'],
  starting: ['hold', 'stop'],
  restarting: ['hold', 'stop'],
  unhealthy: ['restart', 'hold', 'stop'],
  down: ['retry', 'hold', 'stop'],
  'backing-off': ['retry', 'hold', 'stop'],
  'crash-looping': ['restart', 'hold', 'stop'],
  'given-up': ['retry', 'hold', 'stop'],
  waiting: ['start', 'hold'],
  stopped: ['start', 'hold'],
  held: ['release'],
  ignored: [],
  unknown: [],
};

/** Actions that ask before they act. */
type Asking = 'start' | 'restart' | 'stop' | 'hold';

export function ContainerActions({ view, prominent = false }: { view: ContainerView; prominent?: boolean }) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const row = useRef<HTMLDivElement>(null);
  useKeptFocus(row, view.status);
  if (!mayAct.value) return null;
  const { name, status } = view;
  const actions =
    view.owner === 'systemd' ? ACTIONS[status].filter((action) => action !== 'retry') : ACTIONS[status];
  if (actions.length === 0) return null;
  const subject = containerSubject(name);
  return (
    <div class="actions" ref={row} role="group" aria-label={copy.actions.group(shown(name))}>
      {actions.map((action, index) => {
        const asks = action === 'start' ? status === 'waiting' : action !== 'retry' && action !== 'release';
        const words = action === 'start' && asks ? copy.actions.startAnyway : copy.actions[action];
        return (
          <ActionButton
            key={action}
            subject={subject}
            action={action}
            label={words.label}
            busy={words.busy}
            title={copy.actions.of(words.label, shown(name))}
            needsEngine={view.host === undefined && action !== 'hold' && action !== 'release'}
            worksReadOnly={action === 'start' && onlyReads.value?.startable.includes(name)}
            variant={
              index === 0 && ((prominent && !needsYou(view)) || action === 'release') ? 'main' : 'plain'
            }
            onPress={() => (asks ? setAsking(action as Asking) : void act(name, action))}
          />
        );
      })}
      <ActionError subject={subject} />
      {asking === 'hold' && <HoldDialog name={name} onClose={() => setAsking(null)} />}
      {asking !== null && asking !== 'hold' && (
        <AskDialog view={view} action={asking} onClose={() => setAsking(null)} />
      )}
    </div>
  );
}

/** Puts the focus on the first button left when the result of a press takes the pressed one away. */
function useKeptFocus(row: { readonly current: HTMLElement | null }, status: Status): void {
  const had = useRef(false);
  const before = useRef(status);
  if (row.current?.contains(document.activeElement)) had.current = true;
  useLayoutEffect(() => {
    const lostIt = had.current && document.activeElement === document.body;
    if (before.current !== status && lostIt) row.current?.querySelector('button')?.focus();
    before.current = status;
    had.current = row.current?.contains(document.activeElement) ?? false;
  });
}

function AskDialog({
  view,
  action,
  onClose,
}: {
  view: ContainerView;
  action: 'start' | 'restart' | 'stop';
  onClose: () => void;
}) {
  const { name } = view;
  const dryRun = useDryRun(name, action !== 'start' && !isUnseen(view));
  const words = copy.dialogs;
  const label = shown(name);
  const confirm = { start: words.startConfirm, restart: words.restartConfirm, stop: words.stopConfirm }[
    action
  ](label);
  const title = { start: words.startTitle, restart: words.restartTitle, stop: words.stopTitle }[action](
    label,
  );
  const names = dryRun?.dependents ?? dependents(name, views.value);
  return (
    <ConfirmDialog
      title={title}
      confirm={confirm}
      variant={action === 'stop' ? 'danger' : 'main'}
      onClose={onClose}
      onConfirm={() => void act(name, action)}
    >
      {action === 'start' ? (
        <p>{words.startText(view.blockedBy.map((blocker) => shown(blocker)))}</p>
      ) : (
        <p>
          {names.length > 0 ? words.dependents(names.map((one) => shown(one))) : words.noDependents}{' '}
          {action === 'stop' && words.staysOff}{' '}
          {dryRun && dryRun.stopTimeoutMs >= 1_000 && words.takes(dryRun.stopTimeoutMs)}
        </p>
      )}
    </ConfirmDialog>
  );
}

interface DryRun {
  readonly dependents: readonly string[];
  readonly stopTimeoutMs: number;
}

/** What the server says a stop would mean; until it answers, or if it cannot, what the page knows itself. */
function useDryRun(name: string, wanted: boolean): DryRun | null {
  const [dryRun, setDryRun] = useState<DryRun | null>(null);
  useEffect(() => {
    if (!wanted) return;
    call<DryRun>('POST', `containers/${encodeURIComponent(name)}/stop?dryRun=true`).then(
      setDryRun,
      () => undefined,
    );
  }, [name, wanted]);
  return dryRun;
}

const HOUR = 3_600_000;

function HoldDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [forMs, setForMs] = useState<number | null>(HOUR);
  const [missing, setMissing] = useState(false);
  const words = copy.dialogs;
  const submit = () => {
    if (reason.trim() === '') return setMissing(true);
    onClose();
    void act(name, 'hold', { reason: reason.trim(), ...(forMs !== null && { forMs }) });
  };
  return (
    <Dialog
      title={words.holdTitle(shown(name))}
      onClose={onClose}
      onSubmit={submit}
      actions={
        <>
          <button type="button" class="button" onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" class="button main">
            {words.holdConfirm(shown(name))}
          </button>
        </>
      }
    >
      <p>{words.holdText}</p>
      <label class="field">
        <span>{words.holdReason}</span>
        <input
          autofocus
          maxLength={200}
          value={reason}
          placeholder={words.holdReasonHint}
          aria-invalid={missing}
          onInput={(event) => {
            setReason(event.currentTarget.value);
            setMissing(false);
          }}
        />
        {missing && (
          <span class="field-error" role="alert">
            {words.holdReasonMissing}
          </span>
        )}
      </label>
      <fieldset class="choices">
        <legend>{words.holdFor}</legend>
        {(
          [
            [HOUR, words.holdHour],
            [4 * HOUR, words.holdHours],
            [null, words.holdOpen],
          ] as const
        ).map(([value, label]) => (
          <label key={label} class="choice">
            <input type="radio" name="for" checked={forMs === value} onChange={() => setForMs(value)} />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
    </Dialog>
  );
}
