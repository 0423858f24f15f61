import type { ResolvedProbe } from '../../common/options/index.js';
import { shiftProbed, type ProbedHealth } from '../runtime/index.js';
import type { ProbeAnswer } from './probe-answer.js';

/** What the answers of one probe to one run of a container came to. Times are milliseconds since 1970. */
export interface Verdict extends ProbedHealth {
  /** In a row, of those that count now. */
  readonly failures: number;
  readonly successes: number;
  /** How far it had come when that was first heard of, and when. */
  readonly begin: { readonly share: number; readonly at: number } | null;
  /** It has told us once how it is, so that it is asked at the right place and in the right way. */
  readonly isUnderstood: boolean;
  /** How far it has come at most, since it last began anew. */
  readonly furthest: number | null;
}

/** What the clock alone changes in words is no step further. */
const withoutTimes = (words: string): string =>
  words.replaceAll(/\d{4}-\d\d-\d\d|\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?/g, '');

type Rules = Pick<ResolvedProbe, 'failureThreshold' | 'successThreshold' | 'startMs' | 'notYetForMs'>;

/** Less says too little to tell from it how long the rest will take. */
const TELLING_SHARE = 0.001;
/** Below this part of what it once had, it has begun anew; less is none: what is stuck falls behind a moving goal. */
const BEGUN_ANEW = 0.5;

/**
 * What an answer makes of what was known before: one failure is none, and after one a success may not be enough. As the
 * kubelet counts them (https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/). Pure.
 *
 * @param before of the same run; `null`: it is the first answer
 * @param startedAt when that run began
 */
export function judgeAnswer(
  before: Verdict | null,
  answer: ProbeAnswer,
  rules: Rules,
  startedAt: number,
  now: number,
): Verdict {
  const failures = answer.kind === 'failed' ? (before?.failures ?? 0) + 1 : 0;
  const successes = answer.kind === 'ok' ? (before?.successes ?? 0) + 1 : 0;
  const health = healthAfter(before, { ...answer, failures, successes }, rules, now - startedAt);
  // One that is well or failed stays so, in its own words, until enough answers say otherwise.
  const isDoubted = before !== null && before.health !== 'not-yet' && health !== answer.kind;
  const share = isDoubted || answer.kind === 'failed' ? (before?.share ?? null) : answer.share;
  const hasBegunAnew = share !== null && share < (before?.furthest ?? 0) * BEGUN_ANEW;
  const furthest = hasBegunAnew ? share : further(before?.furthest ?? null, share);
  const begin = beginOf(before, share, hasBegunAnew, now);
  const since = before?.health === health ? before.since : now;
  const isNews =
    answer.kind === 'not-yet' &&
    share === null &&
    withoutTimes(answer.words) !== withoutTimes(before?.sentence ?? '');
  const isFurther = furthest !== null && (hasBegunAnew || furthest > (before?.furthest ?? -1));
  const hasMoved = before?.health !== health || isFurther || isNews;
  return {
    health,
    sentence: isDoubted ? before.sentence : answer.words,
    share,
    leftMs: leftMs(begin, share, now),
    since,
    patienceUntil: patienceUntil(before, health, answer, hasMoved, since, rules, now - startedAt, now),
    needsPerson: health === 'not-yet' && answer.needsPerson === true,
    failures,
    successes,
    isUnderstood: before?.isUnderstood === true || tellsHowItIs(answer),
    begin,
    furthest,
  };
}

const tellsHowItIs = ({ kind, isDeclined }: ProbeAnswer): boolean =>
  kind === 'ok' || (kind === 'not-yet' && isDeclined !== true);

/** The same when the wall clock was set by so many milliseconds. Pure. */
export const shiftVerdict = (verdict: Verdict, by: number): Verdict => ({
  ...shiftProbed(verdict, by),
  begin: verdict.begin && { ...verdict.begin, at: verdict.begin.at + by },
});

function healthAfter(
  before: Verdict | null,
  answer: ProbeAnswer & Pick<Verdict, 'failures' | 'successes'>,
  { failureThreshold, successThreshold, startMs }: Rules,
  ranForMs: number,
): ProbedHealth['health'] {
  switch (answer.kind) {
    case 'not-yet':
      return 'not-yet';
    case 'ok':
      return before?.health === 'failed' && answer.successes < successThreshold ? 'failed' : 'ok';
    case 'failed': {
      const wasWell = before !== null && before.health === 'ok';
      if (!wasWell && before?.health !== 'failed' && ranForMs < startMs) return 'not-yet';
      if (answer.failures >= failureThreshold) return 'failed';
      return before?.health ?? 'not-yet';
    }
  }
}

const further = (furthest: number | null, share: number | null): number | null =>
  share === null ? furthest : Math.max(share, furthest ?? 0);

const beginOf = (
  before: Verdict | null,
  share: number | null,
  hasBegunAnew: boolean,
  now: number,
): Verdict['begin'] => {
  if (share === null) return null;
  const known = before?.begin ?? null;
  return known === null || share < known.share || hasBegunAnew ? { share, at: now } : known;
};

function leftMs(begin: Verdict['begin'], share: number | null, now: number): number | null {
  if (begin === null || share === null || share >= 1) return null;
  const gained = share - begin.share;
  return gained < TELLING_SHARE ? null : ((1 - share) / gained) * (now - begin.at);
}

/** From when it last got any further, and not within its time to start; at once where only a person can help. */
function patienceUntil(
  before: Verdict | null,
  health: ProbedHealth['health'],
  { needsPerson }: ProbeAnswer,
  hasMoved: boolean,
  since: number,
  { notYetForMs, startMs }: Rules,
  ranForMs: number,
  now: number,
): number | null {
  if (health !== 'not-yet') return null;
  if (needsPerson) return since;
  const until = before?.patienceUntil ?? null;
  if (!hasMoved && until !== null && before?.needsPerson !== true) return until;
  return now + Math.max(notYetForMs, startMs - ranForMs);
}
