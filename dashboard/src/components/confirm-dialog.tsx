import type { ComponentChildren } from 'preact';
import * as copy from '../words/copy/index.js';
import { Dialog } from './dialog.js';

interface ConfirmDialogProps {
  readonly title: string;
  /** What the button says that does it. */
  readonly confirm: string;
  readonly variant: 'main' | 'danger';
  readonly onClose: () => void;
  readonly onConfirm: () => void;
  readonly children: ComponentChildren;
}

/** Asks before something is done; focus is on Cancel. */
export function ConfirmDialog({ title, confirm, variant, onClose, onConfirm, children }: ConfirmDialogProps) {
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <button type="button" class="button" autofocus onClick={onClose}>
            {copy.dialogs.cancel}
          </button>
          <button
            type="button"
            class={`button ${variant}`}
            onClick={() => {
              onClose();
              onConfirm();
            }}
          >
            {confirm}
          </button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
