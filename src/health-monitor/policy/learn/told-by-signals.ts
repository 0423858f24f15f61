import type { Container } from '../../runtime/index.js';
import type { Death, Life } from '../record.js';
import type { Inspection, StopEvidence } from './inspection.js';

/** An engine that is shut down asks all to end as a person does: it ends itself within this after the last of them. */
export const ENGINE_FOLLOWS_WITHIN_MS = 15_000;
/** A stop ends at the latest that long after its timeout, when the engine kills. */
const STOP_SLACK_MS = 30_000;
/** A stop may be told after the end that it caused, and what was missed when it is heard again. */
const TOLD_WITHIN_MS = 1_000;
/** Events that were missed are waited for no longer than this. */
const EVENTS_MISSING_AT_MOST_MS = 5 * 60_000;

/** Whether one that was asked to end at `askedAt` can have ended by that at `diedAt`. Milliseconds since 1970. */
export const canHaveHeeded = (
  { stopTimeoutMs }: Pick<Container, 'stopTimeoutMs'>,
  askedAt: number,
  diedAt: number,
): boolean => diedAt - askedAt <= stopTimeoutMs + STOP_SLACK_MS;

type Stopped = Pick<Death, 'stoppedBy' | 'pendingUntil'>;
type Flags = Pick<Life, 'flaggedWhileUp'>;

const judged = (stoppedBy: 'person' | 'nobody' | 'unknown'): Stopped => ({ stoppedBy, pendingUntil: null });
const pending = (pendingUntil: number): Stopped => ({ stoppedBy: 'pending', pendingUntil });

/**
 * Whether a person ended a container, where the engine tells the signals that ask one to end before it dies (Docker). One
 * that was asked was stopped by a person, unless the engine itself ends soon after: then it was on its way out.
 */
export function whoStoppedItBySignals(life: Flags, inspection: Inspection, diedAt: number): Stopped {
  const { stopEvidence: evidence, eventsMissing, now } = inspection;
  const isMissing = eventsMissing && now - diedAt < EVENTS_MISSING_AT_MOST_MS;
  if (evidence?.engineEnded) return judged(isNotedAsStopped(life, inspection) ? 'person' : 'nobody');
  if (evidence?.lastAskedToEndAt !== undefined)
    return ofOneAsked(evidence, evidence.lastAskedToEndAt, inspection, diedAt, isMissing);
  if (evidence?.diedAt !== undefined && evidence.diedAt !== null)
    // What asked it to end may have been pushed out of the engine's memory before its end was told.
    return judged(!evidence.otherSignal && isNotedAsStopped(life, inspection) ? 'person' : 'nobody');
  return ofUnheard(life, inspection, diedAt, isMissing);
}

function ofOneAsked(
  evidence: StopEvidence,
  lastAskedAt: number,
  { container, now }: Inspection,
  diedAt: number,
  isMissing: boolean,
): Stopped {
  if (!evidence.stopped && !canHaveHeeded(container, lastAskedAt, diedAt)) {
    // It did not heed that, and ended later of itself; or only a stop with a longer time was it, which is told soon.
    const toldUntil = diedAt + evidence.heardLateMs + TOLD_WITHIN_MS;
    return now < toldUntil ? pending(toldUntil) : judged('nobody');
  }
  if (isMissing || evidence.allEndedAt === null) return pending(now + TOLD_WITHIN_MS);
  const until = Math.max(diedAt, lastAskedAt, evidence.allEndedAt ?? 0) + ENGINE_FOLLOWS_WITHIN_MS;
  if (now < until) return pending(until);
  // A person's stop is noted by the engine before it asks.
  return judged(container.stoppedByUser === false ? 'nobody' : 'person');
}

/** No event told of its end. */
function ofUnheard(life: Flags, inspection: Inspection, diedAt: number, isMissing: boolean): Stopped {
  const { container, now } = inspection;
  if (isMissing) return pending(now + TOLD_WITHIN_MS);
  if (now < diedAt + TOLD_WITHIN_MS) return pending(diedAt + TOLD_WITHIN_MS);
  // What the engine itself keeps of it, where that can be read.
  if (container.stoppedByUser === false) return judged('nobody');
  return judged(isNotedAsStopped(life, inspection) ? 'person' : 'unknown');
}

/**
 * The engine's own note says that somebody stopped it: none that it has since before that, of another signal, and none that
 * the engine made itself when it came up.
 */
const isNotedAsStopped = ({ flaggedWhileUp }: Flags, { container, stopEvidence }: Inspection): boolean =>
  container.stoppedByUser === true && !flaggedWhileUp && !stopEvidence?.foundRunning;

/** Whether the engine's own end ended it: not so one that a person had stopped, or was about to, when it went down. */
export const wentDownWithEngine = (life: Flags, inspection: Inspection): boolean =>
  inspection.stopEvidence?.engineEnded === true && !isNotedAsStopped(life, inspection);
