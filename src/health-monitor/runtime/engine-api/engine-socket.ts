import { request, type IncomingMessage } from 'node:http';
import { type EngineConnection } from '../connection/engine-connection.js';
import { type RuntimeError } from '../runtime-error.js';
import { Answer } from './answer.js';
import { type Asking } from './asking.js';
import { bytesOf, linesOf } from './streams.js';

const ANSWER_LIMIT_BYTES = 32 * 1024 * 1024;
const NOT_MODIFIED = 304;

export type Query = Readonly<Record<string, string | number | boolean>>;

/** What goes with a request. */
export interface Sent extends Partial<Pick<Asking, 'before'>> {
  /** Sent along as JSON. Default: nothing is. */
  readonly body?: unknown;
}

/** The API that an engine serves by HTTP. */
export interface EngineApi {
  /** For people. */
  readonly engine: string;
  readonly connection: EngineConnection;
  /** What all paths begin with, unless a call says otherwise. */
  readonly prefix: string;
  /** The error of an answer that says no, from the engine's own words. */
  readonly refusal: (statusCode: number, body: string, path: string) => RuntimeError;
}

/** Calls of an engine's API. What fails is a `RuntimeError`, unless `signal` was aborted. */
export class EngineSocket {
  constructor(private readonly api: EngineApi) {}

  async get(path: string, query: Query, signal: AbortSignal): Promise<Answer> {
    const body = await this.bytes(path, query, signal);
    return Answer.parse(body.toString('utf8'), this.answerTo(path));
  }

  async bytes(path: string, query: Query, signal: AbortSignal): Promise<Buffer> {
    return this.readBody(path, await this.send('GET', path, query, signal), signal);
  }

  /**
   * An answer that goes on, without its empty lines. Resolves with its head.
   *
   * @param line how one is named in errors
   */
  async lines(
    path: string,
    query: Query,
    line: string,
    signal: AbortSignal,
  ): Promise<AsyncGenerator<string, void, void>> {
    return this.readLines(await this.send('GET', path, query, signal), line, signal);
  }

  /** False: the engine says that there is nothing to do. */
  async act(path: string, query: Query, { signal, before }: Asking): Promise<boolean> {
    const answer = await this.send('POST', path, query, signal, { before });
    await this.readBody(path, answer, signal);
    return answer.statusCode !== NOT_MODIFIED;
  }

  /** Resolves with the head of a good answer; its body is still to be read. */
  async send(
    method: 'GET' | 'POST',
    path: string,
    query: Query,
    signal: AbortSignal,
    more: Sent = {},
    prefix = this.api.prefix,
  ): Promise<IncomingMessage> {
    const answer = await this.request(method, prefix + path, query, signal, more).catch((error: unknown) =>
      this.fail(error, signal),
    );
    const { statusCode = 0 } = answer;
    if (statusCode < 300 || statusCode === NOT_MODIFIED) return answer;
    throw this.api.refusal(statusCode, (await this.readBody(path, answer, signal)).toString('utf8'), path);
  }

  /**
   * Each call has a stream of its own: they cost little, and a kept one may be closed just as it is used again. It waits for ever: a container may take longer to stop than any default.
   */
  private async request(
    method: 'GET' | 'POST',
    path: string,
    query: Query,
    signal: AbortSignal,
    { body, before }: Sent,
  ): Promise<IncomingMessage> {
    const parameters = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    const search = parameters.length === 0 ? '' : `?${parameters.join('&')}`;
    const { connection } = this.api;
    const stream = await connection.connect(signal);
    try {
      before?.();
    } catch (error) {
      stream.destroy();
      throw error;
    }
    return new Promise((resolve, reject) => {
      const sent = body === undefined ? null : JSON.stringify(body);
      request({
        createConnection: () => stream,
        method,
        path: `${path}${search}`,
        headers: { host: connection.authority, ...(sent !== null && { 'content-type': 'application/json' }) },
        signal,
      })
        .on('response', resolve)
        // One that comes later is the answer's, too.
        .on('error', reject)
        .end(sent ?? undefined);
    });
  }

  private async *readLines(
    body: AsyncIterable<Uint8Array>,
    what: string,
    signal: AbortSignal,
  ): AsyncGenerator<string, void, void> {
    try {
      for await (const line of linesOf(body, what)) if (line.trim() !== '') yield line;
    } catch (error) {
      await this.fail(error, signal);
    }
  }

  async readBody(path: string, body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Buffer> {
    try {
      return await bytesOf(body, ANSWER_LIMIT_BYTES, this.answerTo(path));
    } catch (error) {
      return this.fail(error, signal);
    }
  }

  /** Throws the error of a call that failed, or whose answer broke off in the middle. */
  async fail(error: unknown, signal: AbortSignal): Promise<never> {
    signal.throwIfAborted();
    throw await this.api.connection.explain(error);
  }

  /** How an answer is named in errors. */
  answerTo(path: string): string {
    return `${this.api.engine}'s answer to ${path}`;
  }
}
