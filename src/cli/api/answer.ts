import { CliError, EXIT } from '../cli-error.js';
import { oneLine } from '../terminal/text.js';

/** An answer that came. */
export interface Answer {
  readonly status: number;
  /** Where a redirect leads; `null`: it is none. */
  readonly location: string | null;
  /** What its JSON says; `undefined`: it is no JSON. */
  readonly body: unknown;
}

/** What was asked for, for the words of a failure. */
export interface Question {
  /** Base of the REST paths that was asked. */
  readonly url: string;
  readonly hasToken: boolean;
  readonly isAct: boolean;
}

/** How much of an app's own words is shown. */
const WORDS = 1_000;

/** Whatever else answers at an address. Pure. */
export const noMonitor = (url: string): CliError =>
  new CliError(
    `No health monitor answers at ${url}: set HEALTH_MONITOR_URL to the address of its REST, with every prefix.`,
    EXIT.unreachable,
  );

/** Why an answer is none to the question, and what to do; `null`: it is one. A 404 is looked at by who knows what it asked for. Pure. */
export function failureOf(answer: Answer, question: Question): CliError | null {
  const { status, body } = answer;
  const { url, isAct } = question;
  if (status >= 200 && status < 300) return body === undefined ? noMonitor(url) : null;
  const words = wordsOf(body);
  switch (status) {
    case 401:
      return new CliError(unauthorized(question), EXIT.unreachable);
    case 403:
      return new CliError(
        `${url} does not allow it: HEALTH_MONITOR_TOKEN needs to be an operator's token.${said(words)}`,
        EXIT.unreachable,
      );
    case 404:
      return noMonitor(url);
  }
  if (status >= 300 && status < 400) return new CliError(redirected(answer, url), EXIT.unreachable);
  // A proxy's own page says nothing of the act.
  if (words === '')
    return new CliError(`${url} answers ${status} and no reason: is the app running?`, EXIT.unreachable);
  if (status === 400) return new CliError(words, EXIT.badUse);
  if (isAct) return new CliError(`Not done: ${words}`, EXIT.refused);
  return new CliError(`${url} cannot answer now (${status}): ${words}`, EXIT.unreachable);
}

const unauthorized = ({ url, hasToken }: Question): string =>
  hasToken
    ? `${url} does not know this token: set HEALTH_MONITOR_TOKEN to one that the app knows.`
    : `${url} needs a token: set HEALTH_MONITOR_TOKEN.`;

/** It is not followed: the token would go along. */
function redirected({ location }: Answer, url: string): string {
  const to = location === null ? '' : ` to ${oneLine(location).slice(0, WORDS)}`;
  return `${url} redirects${to}: set HEALTH_MONITOR_URL to where the app itself is.`;
}

const said = (words: string): string => (words === '' ? '' : ` It says: ${words}`);

/** `message` of an error of Nest, which may be several. */
function wordsOf(body: unknown): string {
  const message = (body as { readonly message?: unknown } | null | undefined)?.message;
  const words = Array.isArray(message) ? message.join('; ') : message;
  return typeof words === 'string' ? oneLine(words).slice(0, WORDS) : '';
}
