import { maskSecrets } from './mask-secrets.js';

/**
 * An engine's, a check's or a container's own words, for people: terminal colours and other control characters out,
 * secrets masked, then cut, since a cut could hide a secret's name.
 */
export function readableText(text: string, characters: number): string {
  const plain = text
    // eslint-disable-next-line no-control-regex -- control characters are what is taken out
    .replaceAll(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
    // eslint-disable-next-line no-control-regex -- control characters are what is taken out
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
  const masked = maskSecrets(plain);
  return masked.length > characters ? `${masked.slice(0, characters)}…` : masked;
}

/** The same as one sentence on one line. */
export function asSentence(text: string): string {
  const line = readableText(text, SENTENCE_CHARACTERS).replaceAll(/\s+/g, ' ').trim();
  return /[.!?…]$/.test(line) ? line : `${line}.`;
}

const SENTENCE_CHARACTERS = 300;
