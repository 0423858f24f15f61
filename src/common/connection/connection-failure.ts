/** Why a connection brought no answer. */
export interface ConnectionFailure {
  /** Node's, undici's or OpenSSL's word for it; `''`: there is none. */
  readonly code: string;
  /** The error's own words, which may repeat the address. */
  readonly message: string;
  /** For people, where that is the same whoever asked and whatever for; `null`: it is not. */
  readonly sentence: string | null;
}

const CLOSED = 'It closed the connection before it answered.';
const SELF_SIGNED = 'Its TLS certificate is self-signed. Add its authority with NODE_EXTRA_CA_CERTS.';

const SENTENCES: Readonly<Record<string, string>> = {
  ECONNRESET: CLOSED,
  EPIPE: CLOSED,
  UND_ERR_SOCKET: CLOSED,
  DEPTH_ZERO_SELF_SIGNED_CERT: SELF_SIGNED,
  SELF_SIGNED_CERT_IN_CHAIN: SELF_SIGNED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Its TLS certificate is from an authority that is not known here.',
  CERT_HAS_EXPIRED: 'Its TLS certificate has expired.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its TLS certificate is for another name.',
};

/** What stands behind an error of `node:net`, `node:tls` or undici. Pure. */
export function connectionFailure(error: unknown): ConnectionFailure {
  const cause = rootOf(error);
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  // Known by its name: undici takes megabytes, and is loaded only by who asks.
  const sentence = SENTENCES[code] ?? (cause.name === 'HTTPParserError' ? 'Its answer was not HTTP.' : null);
  return { code, message: cause.message, sentence };
}

/** With several addresses tried, the first failure of them. */
function rootOf(error: unknown): Error {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0];
  return error instanceof Error ? error : new Error(String(error));
}
