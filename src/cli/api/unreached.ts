import { CliError, EXIT } from '../cli-error.js';
import { oneLine } from '../terminal/text.js';

/** Why no answer came from `url`, and what to do. `error` is what `fetch` threw. Pure. */
export function unreached(url: string, error: unknown): CliError {
  return new CliError(sentence(url, error), EXIT.unreachable);
}

function sentence(url: string, error: unknown): string {
  if ((error as Error).name === 'TimeoutError') return `${url} does not answer. Is the app well?`;
  const cause = (error as { readonly cause?: { readonly code?: unknown; readonly message?: unknown } }).cause;
  const code = typeof cause?.code === 'string' ? cause.code : '';
  switch (code) {
    case 'ECONNREFUSED':
      return `Nobody listens at ${url}: start the app, or set HEALTH_MONITOR_URL to where it is.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host of ${url} is not known: set HEALTH_MONITOR_URL to where the app is.`;
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return `${url} ended the connection without an answer. Is the app well, and is it http or https?`;
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code))
    return `The certificate of ${url} is not trusted (${code}): give Node its authority with NODE_EXTRA_CA_CERTS.`;
  const words = typeof cause?.message === 'string' ? cause.message : (error as Error).message;
  return `${url} cannot be reached (${oneLine(words) || code}): is HEALTH_MONITOR_URL right?`;
}
