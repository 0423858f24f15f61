import { failed, notYet } from './answers.js';
import type { ProbeAnswer } from './probe-answer.js';

const CLOSED = 'It closed the connection before it answered.';

const ANSWERED: Readonly<Record<string, string>> = {
  ECONNRESET: CLOSED,
  EPIPE: CLOSED,
  UND_ERR_SOCKET: CLOSED,
  CERT_HAS_EXPIRED: 'Its TLS certificate has expired.',
};

/** It answered, and we do not trust it: a restart would change nothing. */
const NOT_TRUSTED: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'Its TLS certificate is self-signed. Add its authority with NODE_EXTRA_CA_CERTS.',
  SELF_SIGNED_CERT_IN_CHAIN:
    'Its TLS certificate is self-signed. Add its authority with NODE_EXTRA_CA_CERTS.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Its TLS certificate is from an authority that is not known here.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its TLS certificate is for another name.',
};

/** What it means that a connection to `at` brought no answer: `Connection refused at 127.0.0.1:8080.` Pure. */
export function connectionFailure(error: unknown, at: string): ProbeAnswer {
  const cause = rootOf(error);
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  if (code === 'ECONNREFUSED') return failed(`Connection refused at ${at}.`);
  if (cause.name === 'HTTPParserError') return failed('Its answer was not HTTP.');
  const untrusted = NOT_TRUSTED[code];
  if (untrusted !== undefined) return notYet(untrusted);
  const known = ANSWERED[code];
  if (known !== undefined) return failed(known);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return failed(`The name of ${at} could not be resolved.`);
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return failed(`There is no way to ${at} (${code}).`);
  if (code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT') return failed(`No connection to ${at}.`);
  return failed(`Asking at ${at} failed: ${cause.message}`);
}

/** With several addresses tried, the first failure of them. */
function rootOf(error: unknown): Error {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0];
  return error instanceof Error ? error : new Error(String(error));
}
