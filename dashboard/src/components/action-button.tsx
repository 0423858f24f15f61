import { useState, useEffect } from 'preact/hooks';
import { actionOn, whyOff, type Needs } from '../state/actions.js';
import * as copy from '../words/copy/index.js';

interface ActionButtonProps extends Partial<Needs> {
  /** What the action is about; one thing at a time happens to it. */
  readonly subject: string;
  /** Which action, as given to `perform`. */
  readonly action: string;
  readonly label: string;
  /** What it says meanwhile; default: the same, for what opens a dialog. */
  readonly busy?: string;
  /** The whole of it for screen readers, such as `Stop bitcoin`. */
  readonly title?: string;
  readonly variant?: 'main' | 'plain';
  readonly onPress: () => void;
}

/** A button that says what became of its press: running, with the seconds, or why it failed. */
export function ActionButton({
  subject,
  action,
  label,
  busy = label,
  title,
  variant,
  needsEngine = false,
  worksReadOnly,
  onPress,
}: ActionButtonProps) {
  const current = actionOn(subject);
  const own = current?.action === action ? current : undefined;
  const running = own !== undefined && own.error === null;
  const blocked = whyOff({ needsEngine, worksReadOnly });
  const off = blocked !== null || (current !== undefined && current.error === null);
  return (
    <button
      type="button"
      class={`button ${variant ?? ''}`}
      aria-disabled={off}
      aria-label={running ? undefined : title}
      title={blocked ?? undefined}
      data-running={running || undefined}
      onClick={() => !off && onPress()}
    >
      {running ? <Running busy={busy} since={own.startedAt} /> : label}
    </button>
  );
}

function Running({ busy, since }: { busy: string; since: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return <>{copy.actions.busyFor(busy, Math.floor((now - since) / 1_000))}</>;
}

/** Why the last action on `subject` failed, in the server's words. */
export function ActionError({ subject }: { subject: string }) {
  const error = actionOn(subject)?.error;
  if (error == null) return null;
  return (
    <p class="action-error" role="alert">
      {copy.actions.failed(error)}
    </p>
  );
}
