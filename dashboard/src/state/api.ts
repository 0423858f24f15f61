import * as copy from '../words/copy/index.js';
import { config, signOut } from './monitor.js';
import { token } from './session.js';

const TIMEOUT_MS = 360_000;

/** A call that the server refused or never answered; `message` is in its words. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number | null,
  ) {
    super(message);
  }
}

/** Calls the REST API. Fails only with an {@link ApiError}; a 401 ends the session. */
export async function call<T>(method: Method, path: string, body?: unknown): Promise<T> {
  return parse(await exchange(method, path, body)) as T;
}

/** As `call`, for what is not one JSON value. */
export const fetchText = (path: string): Promise<string> => exchange('GET', path);

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

async function exchange(method: Method, path: string, body?: unknown): Promise<string> {
  if (config.http === null) throw new ApiError(copy.errors.noRest, null);
  const bearer = token();
  let response: Response;
  try {
    response = await fetch(`${config.http}/${path}`, {
      method,
      cache: 'no-store',
      credentials: 'same-origin',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        ...(bearer !== null && { Authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    throw new ApiError(timedOut ? copy.errors.timeout : copy.errors.network, null);
  }
  const answer = await response.text().catch(() => '');
  if (response.ok) return answer;
  if (response.status === 401) signOut();
  throw new ApiError(messageOf(parse(answer)) ?? copy.errors.unknown(response.status), response.status);
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** Nest's usual error body: one message, or a list of them. */
function messageOf(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null || !('message' in answer)) return null;
  const { message } = answer;
  if (typeof message === 'string') return message;
  return Array.isArray(message) ? message.map(String).join('; ') : null;
}
