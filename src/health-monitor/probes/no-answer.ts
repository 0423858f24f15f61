import { connectionFailure } from '../../common/connection/index.js';
import { failed, notYet } from './answers.js';
import type { ProbeAnswer } from './probe-answer.js';

/** It answered, and we do not trust it: a restart would change nothing. */
const NOT_TRUSTED: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** What it means that a connection to `at` brought no answer: `Connection refused at 127.0.0.1:8080.` Pure. */
export function noAnswer(error: unknown, at: string): ProbeAnswer {
  const { code, message, sentence } = connectionFailure(error);
  if (sentence !== null)
    return NOT_TRUSTED.has(code) ? { ...notYet(sentence), isDeclined: true } : failed(sentence);
  switch (code) {
    case 'ECONNREFUSED':
      return failed(`Connection refused at ${at}.`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failed(`The name of ${at} could not be resolved.`);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return failed(`There is no way to ${at} (${code}).`);
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return failed(`No connection to ${at}.`);
    default:
      return failed(`Asking at ${at} failed: ${message}`);
  }
}
