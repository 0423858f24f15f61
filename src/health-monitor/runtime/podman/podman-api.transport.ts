import { stat } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { type EngineEvent, type EngineInfo } from '../container.js';
import { RuntimeError } from '../runtime-error.js';
import { Answer } from './answer.js';
import {
  readContainerList,
  readInspectedContainer,
  type InspectedContainer,
  type ReportedMember,
} from './container.reader.js';
import { readEngineInfo } from './engine-info.js';
import { readApiEvent } from './event.reader.js';
import { textOfLogFrames } from './log-frames.js';
import { splitLog } from './log-lines.js';
import { type EngineUsage, type PodmanTransport } from './podman-transport.js';
import { unreachableSocket } from './remedies.js';
import { bytesOf, linesOf } from './streams.js';

const API = '/v4.0.0/libpod';
const ANSWER_LIMIT_BYTES = 32 * 1024 * 1024;
const NOT_MODIFIED = 304;

type Query = Readonly<Record<string, string | number | boolean>>;

/** Asks Podman's API service over its unix socket. */
export class PodmanApiTransport implements PodmanTransport {
  constructor(private readonly socketPath: string) {}

  async info(signal: AbortSignal): Promise<Omit<EngineInfo, 'warning'>> {
    const answer = await this.get('/info', {}, signal);
    return readEngineInfo(answer, 'podman', this.socketPath);
  }

  async uid(): Promise<number | null> {
    return stat(this.socketPath).then(
      ({ uid }) => uid,
      () => null,
    );
  }

  async list(signal: AbortSignal): Promise<ReportedMember[]> {
    return readContainerList(await this.get('/containers/json', { all: true }, signal));
  }

  async inspect(id: string, signal: AbortSignal): Promise<InspectedContainer> {
    return readInspectedContainer(await this.get(`/containers/${id}/json`, {}, signal));
  }

  async usage(signal: AbortSignal): Promise<EngineUsage[]> {
    const answer = await this.get('/containers/stats', { stream: false }, signal);
    if (!answer.at('Error').isAbsent)
      throw new RuntimeError('refused', 'Reading memory: Podman could not read it.');
    return answer
      .at('Stats')
      .items()
      .map((stats) => ({
        id: stats.at('ContainerID').string(),
        usedBytes: stats.at('MemUsage').number(),
        limitBytes: stats.at('MemLimit').number(),
      }));
  }

  async logs(id: string, lines: number, signal: AbortSignal): Promise<string[]> {
    const path = `/containers/${id}/logs`;
    const answer = await this.send('GET', path, { stdout: true, stderr: true, tail: lines }, signal);
    return splitLog(textOfLogFrames(await this.readBody(path, answer, signal)));
  }

  start(id: string, signal: AbortSignal): Promise<boolean> {
    return this.act(`/containers/${id}/start`, {}, signal);
  }

  stop(id: string, timeoutSeconds: number, signal: AbortSignal): Promise<boolean> {
    return this.act(`/containers/${id}/stop`, { timeout: timeoutSeconds }, signal);
  }

  /** Without `timeout`, Podman would kill it at once. */
  async restart(id: string, timeoutSeconds: number, signal: AbortSignal): Promise<void> {
    await this.act(`/containers/${id}/restart`, { timeout: timeoutSeconds }, signal);
  }

  async events(since: string | null, signal: AbortSignal): Promise<AsyncIterable<EngineEvent>> {
    const query = {
      stream: true,
      filters: JSON.stringify({ type: ['container'] }),
      ...(since === null ? {} : { since }),
    };
    return this.readEvents(await this.send('GET', '/events', query, signal));
  }

  private async *readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<EngineEvent, void, void> {
    try {
      for await (const line of linesOf(body, 'An event')) {
        if (line.trim() === '') continue;
        const answer = Answer.parse(line, 'An event').record();
        // Podman 4 tells of an error in the middle of a stream that began well.
        if (!answer.at('response').isAbsent) throw refusal(answer.at('response').number(), line, '/events');
        const event = readApiEvent(answer);
        if (event) yield event;
      }
    } catch (error) {
      throw error instanceof RuntimeError ? error : unreachableSocket(this.socketPath, error);
    }
  }

  private async get(path: string, query: Query, signal: AbortSignal): Promise<Answer> {
    const answer = await this.send('GET', path, query, signal);
    return Answer.parse(
      (await this.readBody(path, answer, signal)).toString('utf8'),
      `Podman's answer to ${path}`,
    );
  }

  /** False: Podman says that there is nothing to do. */
  private async act(path: string, query: Query, signal: AbortSignal): Promise<boolean> {
    const answer = await this.send('POST', path, query, signal);
    await this.readBody(path, answer, signal);
    return answer.statusCode !== NOT_MODIFIED;
  }

  private async send(
    method: 'GET' | 'POST',
    path: string,
    query: Query,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const answer = await this.request(method, path, query, signal).catch((error: unknown) => {
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
  ): Promise<IncomingMessage> {
    const parameters = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    const search = parameters.length === 0 ? '' : `?${parameters.join('&')}`;
    return new Promise((resolve, reject) => {
      request({ socketPath: this.socketPath, agent: false, method, path: `${API}${path}${search}`, signal })
        .on('response', resolve)
        // One that comes later is the answer's, too.
        .on('error', reject)
        .end();
    });
  }

  private async readBody(
    path: string,
    body: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<Buffer> {
    try {
      return await bytesOf(body, ANSWER_LIMIT_BYTES, `Podman's answer to ${path}`);
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof RuntimeError ? error : unreachableSocket(this.socketPath, error);
    }
  }
}

/** Podman's own words for why not: `{ cause, message, response }`. */
function refusal(statusCode: number, body: string, path: string): RuntimeError {
  try {
    const answer = Answer.parse(body, path);
    const isMissing = answer.at('cause').string() === 'no such container';
    return new RuntimeError(isMissing ? 'not-found' : 'refused', answer.at('message').string());
  } catch {
    // Whatever answers like this is not Podman's API: its status has to do.
    return new RuntimeError('refused', `${statusCode} was the answer to ${path}.`);
  }
}
