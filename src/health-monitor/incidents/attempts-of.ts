import type { FailedAttempt } from '../../common/events/index.js';
import { asSentence } from '../../common/text/index.js';
import {
  exitInWords,
  inWords,
  isDown,
  isUp,
  READY_AFTER_MS,
  type Attempt,
  type Death,
  type Healing,
} from '../policy/index.js';
import type { Condition } from './condition.js';
import { evidenceOfDeath } from './evidence.js';
import { iso, type IncidentRecord } from './incident-record.js';

type AttemptsOf = Pick<IncidentRecord, 'attempts' | 'attemptAt' | 'failedAttempt'>;

/** The attempts to bring the cause of an incident back: how many there were, and why the latest failed. Pure. */
export function attemptsOf(incident: IncidentRecord, condition: Condition): AttemptsOf {
  const ended = attemptsMade(condition.record.healing).filter(({ at }) => at >= incident.since);
  const news = ended.filter(({ at }) => at > (incident.attemptAt ?? Number.NEGATIVE_INFINITY));
  const attempts = incident.attempts + news.length;
  const failure = failureOf(ended.at(-1), incident, condition);
  return {
    attempts,
    attemptAt: news.at(-1)?.at ?? incident.attemptAt,
    failedAttempt: failedNow(incident.failedAttempt, failure && { attempt: attempts, ...failure }, condition),
  };
}

/** All but one that is under way; the engine may take longer to answer than the pause before the next one. */
const attemptsMade = ({ attempts }: Healing): readonly Attempt[] =>
  attempts.filter(({ outcome }, index) => outcome !== 'pending' || index < attempts.length - 1);

/** The same one as before while nothing more is known of it; none once the container has come back. */
function failedNow(
  before: FailedAttempt | null,
  failed: FailedAttempt | null,
  { record: { life, health } }: Condition,
): FailedAttempt | null {
  if (life.up && health.readySince !== null) return null;
  if (before === null || failed === null) return failed ?? before;
  const isSame = before.attempt === failed.attempt && before.reason === failed.reason;
  return isSame && (before.evidence?.log.length ?? 0) >= (failed.evidence?.log.length ?? 0) ? before : failed;
}

type Failure = Omit<FailedAttempt, 'attempt'>;

/** How an attempt failed; `null`: it may still succeed, or there was none. */
function failureOf(
  last: Attempt | undefined,
  { cause }: IncidentRecord,
  { container, record: { life, health }, evidence }: Condition,
): Failure | null {
  if (last === undefined) return null;
  const { death } = life;
  const isOfAttempt =
    death !== null && death.at >= last.at && death.endedBy !== 'us' && iso(death.at) !== cause.evidence?.at;
  if (isDown(container) && isOfAttempt)
    return { at: iso(death.at), reason: howItEnded(death), evidence: evidence ?? evidenceOfDeath(death) };
  if (last.outcome === 'refused' || last.outcome === 'timed-out')
    return { at: iso(last.at), reason: whyNotMade(last), evidence: null };
  if (isUp(container) && health.unhealthySince !== null && health.unhealthySince >= last.at)
    return {
      at: iso(health.unhealthySince),
      reason: `Its health check fails again.${answerInWords(container)}`,
      evidence,
    };
  return null;
}

/** What its probe said; of the engine's check, the evidence tells. */
const answerInWords = ({ probed }: Condition['container']): string =>
  probed?.health === 'failed' ? ` ${probed.sentence}` : '';

function howItEnded({ exitCode, oomKilled, ranForMs, afterOurStart }: Death): string {
  const exit = exitInWords(exitCode, oomKilled).replace(/^code/, 'exit');
  return afterOurStart || ranForMs === null || ranForMs < READY_AFTER_MS
    ? `It could not start again: ${exit}.`
    : `It ran for ${inWords(ranForMs)}, and ended: ${exit}.`;
}

const whyNotMade = ({ outcome, detail }: Attempt): string =>
  detail !== null
    ? asSentence(detail)
    : outcome === 'timed-out'
      ? 'The engine did not answer in time.'
      : 'The engine refused to start it.';
