import { connectionFailure } from '../../../../common/connection/index.js';
import { RuntimeError } from '../../runtime-error.js';

const WRONG_AUTHORITY =
  'its certificate is from an authority that is not known here. Set runtime.tls.ca to the file of the one that made it.';
const CERTIFICATE_WANTED =
  'it wants to see a certificate of ours that it knows. Set runtime.tls.cert and runtime.tls.key to files made by the ' +
  'authority that it trusts (`--tlscacert` of dockerd).';
const NO_TLS =
  'what listens there does not speak TLS. Set it up there, or mend the port (2376 is usual with TLS).';
const NO_HTTP =
  'what listens there does not speak HTTP, so it is no container engine. Check the name and the port in runtime.tcp, and on which ' +
  'port the engine listens there.';
const GOES_AWAY = 'Is the machine switched on, and in this network?';

/** What the codes of Node and OpenSSL mean for an engine, and what to do. */
const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there. Let the engine listen on TCP, or mend the port in runtime.tcp.',
  ENOTFOUND: 'its name was not found. Mend runtime.tcp.',
  EAI_AGAIN: 'its name could not be looked up. Does the name service of this machine work?',
  ETIMEDOUT: `it does not answer. ${GOES_AWAY}`,
  EHOSTUNREACH: `there is no way to it. ${GOES_AWAY}`,
  ENETUNREACH: `there is no way to it. ${GOES_AWAY}`,
  CERT_HAS_EXPIRED:
    'its certificate has expired. Make a new one for the engine; a new runtime.tls.ca is read by itself.',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet. Compare the clocks of both machines.',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'its certificate is for another name. Make one with the name or address in runtime.tcp as a subjectAltName, or write there ' +
    'the name that it has.',
  DEPTH_ZERO_SELF_SIGNED_CERT: WRONG_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: WRONG_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: WRONG_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: WRONG_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: WRONG_AUTHORITY,
  CERT_SIGNATURE_FAILURE: WRONG_AUTHORITY,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: CERTIFICATE_WANTED,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: CERTIFICATE_WANTED,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: CERTIFICATE_WANTED,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: CERTIFICATE_WANTED,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    'our certificate has expired. Make a new one in runtime.tls.cert; it is read by itself.',
  HPE_INVALID_CONSTANT: NO_HTTP,
  HPE_INVALID_VERSION: NO_HTTP,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
};

/** An outage of the way to `address`. */
export function unreachedByTcp(address: string, cause: unknown): RuntimeError {
  if (cause instanceof RuntimeError) return cause;
  const { code, message, sentence } = connectionFailure(cause);
  const what = SENTENCES[code] ?? `the connection broke (${sentence ?? message}).${hintOf(code, address)}`;
  return new RuntimeError('outage', `${address}: ${what}`, { cause });
}

/** Some servers do not say that they refuse a certificate. */
function hintOf(code: string, address: string): string {
  return code === 'ECONNRESET' && address.startsWith('https:')
    ? ' If it does so each time, it may not know the authority of runtime.tls.cert.'
    : '';
}
