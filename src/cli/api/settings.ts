import { CliError, EXIT } from '../cli-error.js';

export const DEFAULT_URL = 'http://127.0.0.1:3000/health-monitor';

/** Which app is asked, and as whom. */
export interface Settings {
  /** Base of its REST paths, without a slash at the end. */
  readonly url: string;
  /** `null`: none is sent. Never printed. */
  readonly token: string | null;
}

/**
 * Settings of the environment: `HEALTH_MONITOR_URL` and `HEALTH_MONITOR_TOKEN`. Pure.
 *
 * @throws CliError
 */
export function settingsOf(env: Readonly<Record<string, string | undefined>>): Settings {
  return {
    url: baseUrl(env['HEALTH_MONITOR_URL'] || DEFAULT_URL),
    token: bearerToken(env['HEALTH_MONITOR_TOKEN'] ?? ''),
  };
}

/** What is wrong with it is said without it: it could hold a password. */
function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new CliError(`HEALTH_MONITOR_URL is no http address such as ${DEFAULT_URL}.`, EXIT.badUse);
  if (url.username !== '' || url.password !== '')
    throw new CliError(
      'HEALTH_MONITOR_URL holds a password; put a token into HEALTH_MONITOR_TOKEN.',
      EXIT.badUse,
    );
  if (url.search !== '' || url.hash !== '')
    throw new CliError(
      'HEALTH_MONITOR_URL ends in a query or a fragment; leave everything from ? or # on out.',
      EXIT.badUse,
    );
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/** RFC 6750, section 2.1. Of any other one, `fetch` would say in its error what it is. */
function bearerToken(text: string): string | null {
  const token = text.trim();
  if (token === '') return null;
  if (!/^[\w.~+/-]+=*$/.test(token))
    throw new CliError(
      'HEALTH_MONITOR_TOKEN has characters that no bearer token has: letters, digits and -._~+/= are allowed.',
      EXIT.badUse,
    );
  return token;
}
