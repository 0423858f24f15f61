import { readable } from '../text/index.js';
import type { CollectionName, Collections, Entry } from './health-store.js';

/** So much is shown of a key. */
const KEY = 100;

/**
 * The documents of one collection as `read` gives them. One that does not fit costs nothing else. Pure, but for `warn`.
 *
 * @param read gives `null` for a document that cannot be read, which is left out
 * @param warn hears which those are, a sentence each
 */
export const soundDocuments = <C extends CollectionName>(
  collection: C,
  entries: readonly Entry<C>[],
  read: (document: unknown) => Collections[C] | null,
  warn: (problem: string) => void,
): readonly Collections[C][] =>
  entries.flatMap(([key, document]) => {
    const sound = read(document);
    if (sound !== null) return [sound];
    warn(leftOut(collection, key));
    return [];
  });

/** Reads a document as it is, where it fits. */
export const readIfFit =
  <T>(fits: (document: unknown) => boolean) =>
  (document: unknown): T | null =>
    fits(document) ? (document as T) : null;

/** What is logged of a document that cannot be read. */
const leftOut = (collection: CollectionName, key: string): string =>
  `The database holds a document of "${collection}" (${readable(key, KEY)}) that cannot be read; it is left out.`;
