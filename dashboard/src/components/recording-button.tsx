import { perform } from '../state/actions.js';
import { fetchText } from '../state/api.js';
import { mayAct } from '../state/monitor.js';
import * as copy from '../words/copy/index.js';
import { ActionButton, ActionError } from './action-button.js';

const SUBJECT = 'recording';

/** Saves what happened lately as a file, which `npx health-monitor replay` plays again. For operators only. */
export function RecordingButton() {
  if (!mayAct.value) return null;
  const { label, busy } = copy.actions.recording;
  return (
    <p class="recording">
      <ActionButton
        subject={SUBJECT}
        action="download"
        label={label}
        busy={busy}
        worksReadOnly
        onPress={() => void perform(SUBJECT, 'download', download)}
      />
      <span class="hint">{copy.actions.recording.hint}</span>
      <ActionError subject={SUBJECT} />
    </p>
  );
}

async function download(): Promise<void> {
  const address = URL.createObjectURL(new Blob([await fetchText('recording')]));
  const link = document.createElement('a');
  link.href = address;
  link.download = `health-monitor-${new Date().toISOString().slice(0, 16).replace(':', '')}.ndjson`;
  link.click();
  URL.revokeObjectURL(address);
}
