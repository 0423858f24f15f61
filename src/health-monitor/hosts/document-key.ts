/** No document of the local host has a key that begins so, as it is a name, an id that begins with a digit or letter, or a path. */
const MARK = '@';

/** Under which key a document of another host is kept. Pure. */
export const keyAtHost = (host: string, key: string): string => `${MARK}${host}/${key}`;

/** The host, `null` for the local one, and the key that its monitor knows. No host has a slash in its name. Pure. */
export function parseKey(kept: string): { readonly host: string | null; readonly key: string } {
  const slash = kept.indexOf('/');
  if (!kept.startsWith(MARK) || slash === -1) return { host: null, key: kept };
  return { host: kept.slice(MARK.length, slash), key: kept.slice(slash + 1) };
}

/** The key that the monitor of a host knows, `null` for the local one; `null`: the document is another host's. Pure. */
export function keyFor(host: string | null, kept: string): string | null {
  if (host === null) return kept.startsWith(MARK) ? null : kept;
  const prefix = keyAtHost(host, '');
  return kept.startsWith(prefix) ? kept.slice(prefix.length) : null;
}
