import { shown } from '../words/safe-text.js';

/** A sentence of the server's, at most `limit` characters; what stands between backticks is something to type. */
export function TextWithCode({ text, limit }: { text: string; limit: number }) {
  const parts = shown(text, limit).split('`');
  return <>{parts.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;
}
