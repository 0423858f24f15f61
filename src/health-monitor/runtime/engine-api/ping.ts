import { type EngineConnection } from '../connection/engine-connection.js';
import { EngineSocket } from './engine-socket.js';
import { RuntimeError } from '../runtime-error.js';

/** Tells which engine answers on a connection: Podman speaks Docker's language, too, but not well. */
export async function engineBehind(
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<'podman' | 'docker'> {
  const socket = new EngineSocket({
    engine: 'The engine',
    connection,
    prefix: '',
    refusal: (statusCode, _, path) => new RuntimeError('refused', `${statusCode} was the answer to ${path}.`),
  });
  const answer = await socket.send('GET', '/_ping', {}, signal);
  await socket.readBody('/_ping', answer, signal);
  return answer.headers['libpod-api-version'] === undefined ? 'docker' : 'podman';
}
