import type { ExpectedAnswer, ProbeAnswerRules, ProbeCredentials } from '../../common/options/index.js';
import { failed, notYet, ok } from './answers.js';
import { answerInWords, firstMet, met, noneMet, shareOf, type Received } from './expected.js';
import type { ProbeAnswer } from './probe-answer.js';

/** What an answer says when nobody wrote what to expect. */
export interface Otherwise {
  /** Why it shows that the container does not work, for people; `null`: it works. */
  readonly unmet: string | null;
  /** What it says by itself, for people; `null`: nothing. */
  readonly own: string | null;
  /** Of a command: it asks for patience, whatever was written. Left out: false. */
  readonly asksForPatience?: boolean;
}

/** What an answer means by the rules of its probe. Pure. */
export function judgeReceived(
  { expect, notYet: unready, needsYou, progress, credentials }: ProbeAnswerRules & WithCredentials,
  received: Received,
  otherwise: Otherwise,
): ProbeAnswer {
  const share = shareOf(received.json, progress);
  const wordsOf = (shown: ExpectedAnswer): string => shown.words ?? otherwise.own ?? met(received, shown);
  const personNeeded = firstMet(received, needsYou);
  if (personNeeded) return { ...notYet(wordsOf(personNeeded), share), needsPerson: true };
  const patienceNeeded = firstMet(received, unready);
  if (patienceNeeded) return notYet(wordsOf(patienceNeeded), share);
  const ending = `${answerInWords(received)}.`;
  if (otherwise.asksForPatience === true) return notYet(otherwise.own ?? ending, share);
  const missing = expect === undefined ? otherwise.unmet : noneMet(received, expect);
  if (missing === null) return ok(firstMet(received, expect)?.words ?? otherwise.own ?? ending, share);
  // It works well enough to refuse us; a restart would not let us in.
  if (received.status === 401 || received.status === 403)
    return { ...notYet(lockedOut(received.status, credentials), share), isDeclined: true };
  return failed(otherwise.own ?? missing, share);
}

interface WithCredentials {
  readonly credentials?: ProbeCredentials;
}

function lockedOut(status: number, credentials: ProbeCredentials | undefined): string {
  if (credentials === undefined)
    return `It answered ${status}: it wants credentials, and the probe has none.`;
  const where = 'file' in credentials ? `the file ${credentials.file}` : `the variable ${credentials.env}`;
  return `It answered ${status}: it refuses what is in ${where}.`;
}
