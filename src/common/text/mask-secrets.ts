import { maskAddresses } from './addresses.js';
import { maskCommands } from './commands.js';
import { MASK, SHOWN_MASK } from './mask.js';
import { maskKeyMaterial } from './key-material.js';
import { maskNamedValues } from './named-values.js';
import { maskPasswordHashes } from './password-hashes.js';
import { maskProviderKeys } from './provider-keys.js';
import { maskSeedWords } from './seed-words.js';
import { maskSentences } from './sentences.js';
import { maskWordsOfLanguages } from './words-of-languages.js';

/**
 * From the largest to the smallest: what a secret's own shape would only tell in part, its name or its place tells as a
 * whole.
 */
const MASKS: readonly ((text: string) => string)[] = [
  maskKeyMaterial,
  maskSeedWords,
  maskAddresses,
  maskPasswordHashes,
  maskCommands,
  maskNamedValues,
  maskWordsOfLanguages,
  maskSentences,
  maskProviderKeys,
];

/**
 * Replaces what looks like a password, a token or a key by `•••`, in time that grows with the text's length and no
 * faster. Takes plain text, see `plainText`. It knows shapes, not secrets: one that looks like an ordinary word, with
 * nothing around it that tells, stays.
 */
export function maskSecrets(text: string): string {
  const whole = text.replaceAll(SHOWN_MASK, MASK);
  return MASKS.reduce((masked, mask) => mask(masked), whole).replaceAll(MASK, SHOWN_MASK);
}
