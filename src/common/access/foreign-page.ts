import type { Access, Handshake } from '../options/index.js';
import { bearerToken } from './bearer-token.js';

type Headers = Handshake['headers'];

/** Why a page of another site is turned away, in a sentence. */
export const FOREIGN_PAGE_REFUSAL =
  'A page of another origin may do this only with a token. If this is your own page, its proxy must pass the Host header on.';

/**
 * What of a handshake may count, `null` when nothing does. A page of another origin makes a person's browser send what
 * that page does not have: cookies, Basic credentials, a way into the network. So only a token counts from there, and
 * where access is open nothing tells such a page from a person.
 */
export function withoutBorrowedAuthority(access: Access | null, handshake: Handshake): Handshake | null {
  if (!isForeignPage(handshake.headers)) return handshake;
  if (handshake.token === undefined || access === 'open') return null;
  const { cookie: _cookie, authorization, ...headers } = handshake.headers;
  const isToken = bearerToken(authorization) === handshake.token;
  return { ...handshake, headers: isToken ? { ...headers, authorization } : headers };
}

/**
 * Whether a browser says that a page of another origin sends this. `Sec-Fetch-Site` decides where there is one (W3C
 * Fetch Metadata; a page cannot set it), else whether the hosts of `Origin` and `Host` differ, as in Go's
 * `http.CrossOriginProtection`. What is no browser sends neither.
 */
export function isForeignPage(headers: Headers): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = headers;
  return origin !== undefined && !isOfHost(origin, headers['host'] ?? headers[':authority']);
}

/** An origin with and without its scheme's own port is the same. */
function isOfHost(origin: string | string[], host: string | string[] | undefined): boolean {
  if (typeof origin !== 'string' || typeof host !== 'string') return false;
  try {
    const { protocol, host: ofPage } = new URL(origin);
    return ofPage !== '' && ofPage === new URL(`${protocol}//${host}`).host;
  } catch {
    return false;
  }
}
