import { Answer } from '../engine-api/answer.js';
import { EngineSocket } from '../engine-api/engine-socket.js';
import { RuntimeError } from '../runtime-error.js';
import { socketRemedy } from './remedies.js';

const API = '/v4.0.0/libpod';

/** Podman's own API on its socket. */
export function podmanSocket(socketPath: string): EngineSocket {
  return new EngineSocket({
    engine: 'Podman',
    socketPath,
    prefix: API,
    refusal,
    remedy: (code) => socketRemedy(socketPath, code),
  });
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
