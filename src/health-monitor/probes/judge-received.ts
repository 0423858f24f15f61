import type { HttpProbe, RpcProbe } from '../../common/options/index.js';
import { failed, notYet, ok } from './answers.js';
import { met, shareAt, unmet, type Received } from './expected.js';
import type { ProbeAnswer } from './probe-answer.js';

/** What an answer says when nobody wrote what to expect. */
export interface Otherwise {
  /** Why it shows that the container does not work, for people; `null`: it works. */
  readonly unmet: string | null;
  /** What it says by itself, for people; `null`: nothing. */
  readonly own: string | null;
}

/** What an answer over HTTP means by the rules of its probe. Pure. */
export function judgeReceived(
  { expect, notYet: unready, needsYou, progress, credentials }: HttpProbe | RpcProbe,
  received: Received,
  otherwise: Otherwise,
): ProbeAnswer {
  const share = shareAt(received.json, progress);
  if (needsYou !== undefined && unmet(received, needsYou) === null)
    return { ...notYet(otherwise.own ?? met(received, needsYou), share), needsPerson: true };
  if (unready !== undefined && unmet(received, unready) === null)
    return notYet(otherwise.own ?? met(received, unready), share);
  const missing = expect === undefined ? otherwise.unmet : unmet(received, expect);
  if (missing === null) return ok(`It answered ${received.status}.`, share);
  // It works well enough to refuse us; a restart would not let us in.
  if (received.status === 401 || received.status === 403)
    return notYet(lockedOut(received.status, credentials), share);
  return failed(otherwise.own ?? missing, share);
}

function lockedOut(status: number, credentials: HttpProbe['credentials']): string {
  if (credentials === undefined)
    return `It answered ${status}: it wants credentials, and the probe has none.`;
  const where = 'file' in credentials ? `the file ${credentials.file}` : `the variable ${credentials.env}`;
  return `It answered ${status}: it refuses what is in ${where}.`;
}
