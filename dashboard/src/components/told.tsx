import { shown } from '../words/safe-text.js';

/** A sentence of the server's; what stands between backticks is something to type. */
export function Told({ text, most }: { text: string; most: number }) {
  const parts = shown(text, most).split('`');
  return <>{parts.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;
}
