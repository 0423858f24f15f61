import type { HttpProbe } from '../../common/options/index.js';
import type { Container } from '../runtime/index.js';
import { urlOf } from './address-of.js';
import { failed, notYet } from './answers.js';
import { noAnswer } from './no-answer.js';
import { authorizationOf } from './credentials.js';
import { exchange } from './http-exchange.js';
import { judgeReceived } from './judge-received.js';
import type { ProbeAnswer } from './probe-answer.js';

/** Asks for a page. A redirect is an answer, and not followed. */
export async function askHttp(
  probe: HttpProbe,
  { reach }: Pick<Container, 'reach'>,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  const { credentials } = probe;
  const prepared = await prepare(() => urlOf(probe.http, reach), credentials);
  if ('kind' in prepared) return prepared;
  const { url, headers } = prepared;
  try {
    const received = await exchange({ url, method: 'GET', headers }, signal);
    const { status } = received;
    const isGood = status >= 200 && status < 400;
    return judgeReceived(probe, received, { unmet: isGood ? null : `It answered ${status}.`, own: null });
  } catch (error) {
    return noAnswer(error, new URL(url).host);
  }
}

/** Where to ask, and with which headers; or why that cannot be: it is not the container's fault when we cannot log in. */
export async function prepare(
  address: () => string,
  credentials: HttpProbe['credentials'],
): Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> } | ProbeAnswer> {
  let url: string;
  try {
    url = address();
  } catch (error) {
    return failed((error as Error).message);
  }
  try {
    const authorization = credentials && (await authorizationOf(credentials));
    const headers = { 'user-agent': 'archipelago-health-monitor', ...(authorization && { authorization }) };
    return { url, headers };
  } catch (error) {
    return { ...notYet((error as Error).message), isOurOwn: true, isDeclined: true };
  }
}
