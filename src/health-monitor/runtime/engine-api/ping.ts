import { type EngineConnection } from '../connection/engine-connection.js';
import { EngineSocket } from './engine-socket.js';
import { refusedPing, unknownEngine } from './no-engine.js';

/**
 * Tells which engine answers on a connection: Podman speaks Docker's language, too, but not well.
 *
 * @throws RuntimeError that says so, and what to check, where something else answers
 */
export async function engineBehind(
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<'podman' | 'docker'> {
  const socket = new EngineSocket({
    engine: 'The engine',
    connection,
    prefix: '',
    refusal: (statusCode, _, path) => refusedPing(connection, statusCode, path),
  });
  const answer = await socket.send('GET', '/_ping', {}, signal);
  await socket.readBody('/_ping', answer, signal);
  if (answer.headers['libpod-api-version'] !== undefined) return 'podman';
  if (answer.headers['api-version'] === undefined) throw unknownEngine(connection, '/_ping');
  return 'docker';
}
