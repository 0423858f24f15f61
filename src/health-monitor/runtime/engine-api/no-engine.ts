import { type EngineConnection } from '../connection/engine-connection.js';
import { RuntimeError } from '../runtime-error.js';

type Way = Pick<EngineConnection, 'address'>;

/** Of a proxy that lets not everything pass, and of one that does not reach what is behind it. */
const isProxys = (statusCode: number): boolean => [401, 403, 407].includes(statusCode) || statusCode >= 500;

/** What refuses to say which engine it is. */
export function refusedPing({ address }: Way, statusCode: number, path: string): RuntimeError {
  const answer = `${statusCode} was its answer to ${path}`;
  if (isProxys(statusCode))
    return new RuntimeError(
      'refused',
      `What listens at ${address} does not let the engine be asked: ${answer}. A proxy in between has to let it pass.`,
    );
  // So an engine answers that wants TLS.
  const orTls = statusCode === 400 && address.startsWith('http:') ? ', or wants TLS (https)' : '';
  return new RuntimeError(
    'refused',
    `What listens at ${address} is no container engine${orTls}: ${answer}. ${remedy(address)}`,
  );
}

/** What says yes to everything, as some web servers do. */
export const unknownEngine = ({ address }: Way, path: string): RuntimeError =>
  new RuntimeError(
    'outage',
    `What listens at ${address} is no container engine: its answer to ${path} tells no version of an API. ${remedy(address)}`,
  );

const remedy = (address: string): string =>
  /^https?:/.test(address)
    ? 'Check the name and the port in runtime.tcp, and on which port the engine listens there.'
    : 'Check that it is the socket of Podman or Docker, and runtime.socketPath.';
