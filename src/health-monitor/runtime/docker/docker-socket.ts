import { type IncomingMessage } from 'node:http';
import { type EngineConnection } from '../connection/engine-connection.js';
import { LocalSocket } from '../connection/local-socket.js';
import { Answer } from '../engine-api/answer.js';
import { EngineSocket, type Query, type Sent } from '../engine-api/engine-socket.js';
import { RuntimeError } from '../runtime-error.js';
import { isAboutVersion, versionToSpeak } from './api-version.js';
import { socketRemedy } from './remedies.js';

/** Docker's socket on this machine. `engine`: what it is called while nobody knows which one it is. */
export function localDocker(socketPath: string, engine = 'Docker'): EngineConnection {
  return new LocalSocket(engine, socketPath, (code) => socketRemedy(socketPath, code));
}

/** It was asked in a version of its API that it does not speak. */
class WrongVersion extends RuntimeError {
  constructor(message: string) {
    super('refused', message);
  }
}

/**
 * Docker's API, however it is reached, in a version that is found out before the first call, and anew when Docker says that it is
 * the wrong one: it may have been upgraded meanwhile.
 */
export class DockerSocket extends EngineSocket {
  private prefix: string | null = null;

  constructor(connection: EngineConnection) {
    super({ engine: 'Docker', connection, prefix: '', refusal });
  }

  override async send(
    method: 'GET' | 'POST',
    path: string,
    query: Query,
    signal: AbortSignal,
    more?: Sent,
  ): Promise<IncomingMessage> {
    const prefix = this.prefix ?? (await this.negotiate(signal));
    try {
      return await super.send(method, path, query, signal, more, prefix);
    } catch (error) {
      if (!(error instanceof WrongVersion)) throw error;
      return super.send(method, path, query, signal, more, await this.negotiate(signal));
    }
  }

  /** Finds out which version to speak, whatever was spoken before. */
  async negotiate(signal: AbortSignal): Promise<string> {
    const ping = await super.send('GET', '/_ping', {}, signal, undefined, '');
    await this.readBody('/_ping', ping, signal);
    const newest = headerOf(ping, 'api-version');
    if (newest === null)
      throw new RuntimeError(
        'outage',
        "What listens there is no Docker: it tells no version of Docker's API.",
      );
    const version = await super.send('GET', '/version', {}, signal, undefined, '');
    const told = Answer.parse(
      (await this.readBody('/version', version, signal)).toString('utf8'),
      this.answerTo('/version'),
    );
    this.prefix = `/v${versionToSpeak(newest, told.at('MinAPIVersion').text)}`;
    return this.prefix;
  }
}

const headerOf = ({ headers }: IncomingMessage, name: string): string | null => {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** Docker's own words for why not: `{ message }`. */
function refusal(statusCode: number, body: string, path: string): RuntimeError {
  const message = messageOf(body, path);
  if (message === null) {
    const proxy = statusCode === 403 ? ' A socket proxy in between has to let it pass.' : '';
    return new RuntimeError('refused', `${statusCode} was the answer to ${path}.${proxy}`);
  }
  if (isAboutVersion(statusCode, message)) return new WrongVersion(message);
  return new RuntimeError(isMissing(statusCode, message, path) ? 'not-found' : 'refused', message);
}

function messageOf(body: string, path: string): string | null {
  try {
    return Answer.parse(body, path).at('message').text;
  } catch {
    return null;
  }
}

/** What is missing may as well be the container in whose network this one was to run. */
function isMissing(statusCode: number, message: string, path: string): boolean {
  const [, id] = /^\/containers\/([0-9a-f]{64})\//.exec(path) ?? [];
  return statusCode === 404 && id !== undefined && message.includes(id);
}
