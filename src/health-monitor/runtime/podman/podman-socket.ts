import { type EngineConnection } from '../connection/engine-connection.js';
import { LocalSocket } from '../connection/local-socket.js';
import { Answer } from '../engine-api/answer.js';
import { EngineSocket } from '../engine-api/engine-socket.js';
import { RuntimeError } from '../runtime-error.js';
import { socketRemedy } from './remedies.js';

const API = '/v4.0.0/libpod';

/** Podman's own API, however it is reached. */
export function podmanSocket(connection: EngineConnection): EngineSocket {
  return new EngineSocket({ engine: 'Podman', connection, prefix: API, refusal });
}

/** Podman's socket on this machine. */
export function localPodman(socketPath: string): EngineConnection {
  return new LocalSocket('Podman', socketPath, (code) => socketRemedy(socketPath, code));
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
