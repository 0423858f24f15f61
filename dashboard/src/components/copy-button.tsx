import { useState } from 'preact/hooks';

/** Copies a text to the clipboard, and says so. Browsers allow that on secure addresses only: elsewhere it is not shown. */
export function CopyButton({ text, label, copied }: { text: () => string; label: string; copied: string }) {
  const [done, setDone] = useState(false);
  if (!('clipboard' in navigator)) return null;
  const press = () => {
    navigator.clipboard.writeText(text()).then(
      () => {
        setDone(true);
        setTimeout(() => setDone(false), 2_000);
      },
      () => undefined,
    );
  };
  return (
    <button type="button" class="button small" onClick={press}>
      <span aria-live="polite">{done ? copied : label}</span>
    </button>
  );
}
