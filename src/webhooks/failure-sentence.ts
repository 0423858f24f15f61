import { errors } from 'undici';

const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there (connection refused).',
  ECONNRESET: 'It closed the connection before it answered.',
  EPIPE: 'It closed the connection before it answered.',
  UND_ERR_SOCKET: 'It closed the connection before it answered.',
  ENOTFOUND: 'Its name is not known.',
  EAI_AGAIN: 'Its name could not be resolved; the network or the name server may be down.',
  EHOSTUNREACH: 'It cannot be reached (no route to the host).',
  ENETUNREACH: 'It cannot be reached (no network).',
  ETIMEDOUT: 'It did not answer the connection.',
  UND_ERR_CONNECT_TIMEOUT: 'It did not answer the connection.',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'Its TLS certificate is self-signed. Add its authority with NODE_EXTRA_CA_CERTS.',
  SELF_SIGNED_CERT_IN_CHAIN:
    'Its TLS certificate is self-signed. Add its authority with NODE_EXTRA_CA_CERTS.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Its TLS certificate is from an authority that is not known here.',
  CERT_HAS_EXPIRED: 'Its TLS certificate has expired.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its TLS certificate is for another name.',
};

/** Why a request got no answer, for people. The text of an error that is not known may repeat the URL. */
export function failureSentence(error: unknown): string {
  const cause = rootOf(error);
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const known = SENTENCES[code];
  if (known !== undefined) return known;
  if (cause instanceof errors.HTTPParserError) return 'Its answer was not HTTP.';
  if (/ssl|tls/i.test(code) || code === 'EPROTO') return `TLS could not be agreed on (${code}).`;
  return cause.message;
}

/** With several addresses tried, the first failure of them. */
function rootOf(error: unknown): Error {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0];
  return error instanceof Error ? error : new Error(String(error));
}
