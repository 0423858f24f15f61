import type { RpcProbe } from '../../common/options/index.js';
import type { Container } from '../runtime/index.js';
import { urlOf } from './address-of.js';
import { prepare } from './ask-http.js';
import { noAnswer } from './no-answer.js';
import { valueAt } from './expected.js';
import { exchange, type HttpAnswer } from './http-exchange.js';
import { judgeReceived, type Otherwise } from './judge-received.js';
import type { ProbeAnswer } from './probe-answer.js';

/** Calls a method of JSON-RPC 2.0 over HTTP. An error is an answer, whatever status it comes with. */
export async function askRpc(
  probe: RpcProbe,
  { reach }: Pick<Container, 'reach'>,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  const { method, params = [], credentials } = probe;
  const prepared = await prepare(() => urlOf(probe.rpc, reach), credentials);
  if ('kind' in prepared) return prepared;
  const { url } = prepared;
  const headers = { ...prepared.headers, 'content-type': 'application/json' };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  try {
    const received = await exchange({ url, method: 'POST', headers, body }, signal);
    return judgeReceived(probe, received, meaningOf(received));
  } catch (error) {
    return noAnswer(error, new URL(url).host);
  }
}

/** JSON-RPC 1 has both `result` and `error`, one of them null. */
function meaningOf({ status, json }: HttpAnswer): Otherwise {
  const error = valueAt(json, 'error') ?? null;
  const message = valueAt(json, 'error.message');
  const code = valueAt(json, 'error.code');
  if (error !== null) {
    const own = typeof message === 'string' && message.trim() !== '' ? message : null;
    return {
      unmet: typeof code === 'number' ? `It answered with the error ${code}.` : 'It answered with an error.',
      own,
    };
  }
  const hasResult = valueAt(json, 'result') !== undefined;
  return { unmet: hasResult ? null : `It answered ${status}, and not in JSON-RPC.`, own: null };
}
