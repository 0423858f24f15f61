import { request, type IncomingMessage } from 'node:http';
import { RuntimeError } from '../runtime-error.js';
import { Answer } from './answer.js';
import { unreachableSocket } from './remedies.js';
import { bytesOf } from './streams.js';

const API = '/v4.0.0/libpod';
const ANSWER_LIMIT_BYTES = 32 * 1024 * 1024;
const NOT_MODIFIED = 304;

type Query = Readonly<Record<string, string | number | boolean>>;

/** Calls of Podman's API over its unix socket. What fails is a `RuntimeError`, unless `signal` was aborted. */
export class PodmanSocket {
  constructor(private readonly socketPath: string) {}

  async get(path: string, query: Query, signal: AbortSignal): Promise<Answer> {
    const answer = await this.send('GET', path, query, signal);
    return Answer.parse(
      (await this.readBody(path, answer, signal)).toString('utf8'),
      `Podman's answer to ${path}`,
    );
  }

  /** False: Podman says that there is nothing to do. */
  async act(path: string, query: Query, signal: AbortSignal): Promise<boolean> {
    const answer = await this.send('POST', path, query, signal);
    await this.readBody(path, answer, signal);
    return answer.statusCode !== NOT_MODIFIED;
  }

  /** Resolves with the head of a good answer; its body is still to be read. `body`: what is sent along, as JSON. */
  async send(
    method: 'GET' | 'POST',
    path: string,
    query: Query,
    signal: AbortSignal,
    body?: unknown,
  ): Promise<IncomingMessage> {
    const answer = await this.request(method, path, query, signal, body).catch((error: unknown) => {
      throw unreachableSocket(this.socketPath, error);
    });
    const { statusCode = 0 } = answer;
    if (statusCode < 300 || statusCode === NOT_MODIFIED) return answer;
    throw refusal(statusCode, (await this.readBody(path, answer, signal)).toString('utf8'), path);
  }

  /**
   * Each call has a connection of its own: they cost nothing here, and a kept one may be closed just as it is used
   * again. It waits for ever: a container may take longer to stop than any default.
   */
  private request(
    method: 'GET' | 'POST',
    path: string,
    query: Query,
    signal: AbortSignal,
    body: unknown,
  ): Promise<IncomingMessage> {
    const parameters = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    const search = parameters.length === 0 ? '' : `?${parameters.join('&')}`;
    return new Promise((resolve, reject) => {
      const sent = body === undefined ? null : JSON.stringify(body);
      request({
        socketPath: this.socketPath,
        agent: false,
        method,
        path: `${API}${path}${search}`,
        ...(sent !== null && { headers: { 'content-type': 'application/json' } }),
        signal,
      })
        .on('response', resolve)
        // One that comes later is the answer's, too.
        .on('error', reject)
        .end(sent ?? undefined);
    });
  }

  async readBody(path: string, body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Buffer> {
    try {
      return await bytesOf(body, ANSWER_LIMIT_BYTES, `Podman's answer to ${path}`);
    } catch (error) {
      signal.throwIfAborted();
      throw this.brokenBy(error);
    }
  }

  /** The error of an answer that broke off in the middle. */
  brokenBy(error: unknown): RuntimeError {
    return error instanceof RuntimeError ? error : unreachableSocket(this.socketPath, error);
  }
}

/** Podman's own words for why not: `{ cause, message, response }`. */
export function refusal(statusCode: number, body: string, path: string): RuntimeError {
  try {
    const answer = Answer.parse(body, path);
    const isMissing = answer.at('cause').string() === 'no such container';
    return new RuntimeError(isMissing ? 'not-found' : 'refused', answer.at('message').string());
  } catch {
    // Whatever answers like this is not Podman's API: its status has to do.
    return new RuntimeError('refused', `${statusCode} was the answer to ${path}.`);
  }
}
