import { connect } from 'node:net';
import type { TcpProbe } from '../../common/options/index.js';
import type { Container } from '../runtime/index.js';
import { hostPortOf, written, type Place } from './address-of.js';
import { failed, ok } from './answers.js';
import { noAnswer } from './no-answer.js';
import type { ProbeAnswer } from './probe-answer.js';

/** Opens a connection and closes it. */
export async function askTcp(
  { tcp }: TcpProbe,
  { reach }: Pick<Container, 'reach'>,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  let place: Place;
  try {
    place = hostPortOf(tcp, reach);
  } catch (error) {
    return failed((error as Error).message);
  }
  return new Promise((resolve) => {
    const socket = connect(place);
    const end = (): void => void socket.destroy(new Error('It is no longer asked.'));
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    socket
      .on('connect', () => {
        resolve(ok(`It takes connections at ${written(place)}.`));
        socket.end();
        socket.destroy();
      })
      .on('error', (error) => resolve(noAnswer(error, written(place))))
      .on('close', () => signal.removeEventListener('abort', end));
  });
}
