import { CopyButton } from '../../components/copy-button.js';
import { Dialog } from '../../components/dialog.js';
import * as copy from '../../words/copy/index.js';

const words = copy.webhooks;

/** The secret lives in this dialog and nowhere else. */
export function SecretDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
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
