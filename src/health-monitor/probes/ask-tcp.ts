import { connect } from 'node:net';
import type { TcpProbe } from '../../common/options/index.js';
import type { Container } from '../runtime/index.js';
import { hostPortOf, written, type Place } from './address-of.js';
import { failed, ok } from './answers.js';
import { lastLine, MOST_READ_BYTES, withJson } from './expected.js';
import { judgeReceived } from './judge-received.js';
import { noAnswer } from './no-answer.js';
import type { ProbeAnswer } from './probe-answer.js';

/** Opens a connection, hears what is said there where anything is expected, and closes it. */
export async function askTcp(
  probe: TcpProbe,
  { reach }: Pick<Container, 'reach'>,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  let place: Place;
  try {
    place = hostPortOf(probe.tcp, reach);
  } catch (error) {
    return failed((error as Error).message);
  }
  return new Promise((resolve) => {
    const socket = connect(place);
    const end = (): void => void socket.destroy(new Error('It is no longer asked.'));
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    const answer = (given: ProbeAnswer): void => {
      resolve(given);
      socket.end();
      socket.destroy();
    };
    socket
      .on('connect', () => {
        if (!isTalk(probe)) answer(ok(`It takes connections at ${written(place)}.`));
        else if (probe.send !== undefined) socket.write(probe.send);
      })
      .on('error', (error) => resolve(noAnswer(error, written(place))))
      .on('close', () => signal.removeEventListener('abort', end));
    if (isTalk(probe)) listen(probe, socket, answer);
  });
}

/** Whether anything is to be said there but that it takes connections. */
const isTalk = ({ send, expect, notYet, needsYou }: TcpProbe): boolean =>
  [send, expect, notYet, needsYou].some((rule) => rule !== undefined);

/** Hears what is said until it is something that is expected, or the other side ends. */
function listen(probe: TcpProbe, socket: NodeJS.ReadableStream, answer: (given: ProbeAnswer) => void): void {
  let heard = Buffer.alloc(0);
  const judge = (): ProbeAnswer => {
    const text = heard.toString('utf8');
    const unmet = text === '' ? 'It closed the connection and said nothing.' : null;
    return judgeReceived(probe, withJson({ text }), { unmet, own: lastLine(text) });
  };
  socket
    .on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]).subarray(0, MOST_READ_BYTES);
      const so = judge();
      // The rest of it may still be on its way.
      if (so.kind !== 'failed' || heard.length >= MOST_READ_BYTES) answer(so);
    })
    .on('end', () => answer(judge()));
}
