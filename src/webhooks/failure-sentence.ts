import { connectionFailure } from '../common/connection/index.js';

const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there (connection refused).',
  ENOTFOUND: 'Its name is not known.',
  EAI_AGAIN: 'Its name could not be resolved; the network or the name server may be down.',
  EHOSTUNREACH: 'It cannot be reached (no route to the host).',
  ENETUNREACH: 'It cannot be reached (no network).',
  ETIMEDOUT: 'It did not answer the connection.',
  UND_ERR_CONNECT_TIMEOUT: 'It did not answer the connection.',
};

/** Why a request got no answer, for people. The text of an error that is not known may repeat the URL. */
export function failureSentence(error: unknown): string {
  const { code, message, sentence } = connectionFailure(error);
  const known = sentence ?? SENTENCES[code];
  if (known !== undefined) return known;
  return /ssl|tls/i.test(code) || code === 'EPROTO' ? `TLS could not be agreed on (${code}).` : message;
}
