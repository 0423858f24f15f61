import type { Container, HealthCheck } from '../../runtime/index.js';
import { withParts, type ContainerRecord, type Death, type Healing } from '../record.js';
import { wentDownWithHost } from './host-end.js';
import type { Inspection, StopEvidence } from './inspection.js';
import { wentDownWithEngine, whoStoppedItBySignals } from './told-by-signals.js';

/** After `died`, Podman up to 4.5 shows a person's stop by a second `cleanup`, within this time. In milliseconds. */
export const STOP_SHOWN_WITHIN_MS = 20_000;
/**
 * The second comes after 0.25 seconds where nothing else happens. But it waits for the engine's database while other commands
 * keep that, however soon the first came: in the midst of twenty stops it has come after 5.6 seconds. So it is waited for
 * until the engine has cleaned up after no container for this long.
 */
const QUIET_FOR_MS = 5_000;
/** A list may show a death so long before the engine's events do, or a stream that was broken is heard again. */
const UNHEARD_FOR_MS = 1_000;
/** Events that were missed are waited for no longer than this: an engine may keep none. */
const EVENTS_MISSING_AT_MOST_MS = 5 * 60_000;
/** A stop ends at the latest that long after its timeout, when the engine kills. */
const STOP_SLACK_MS = 60_000;
/** No stop ends so: SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV. */
export const CRASH_SIGNALS: ReadonlySet<number> = new Set([132, 134, 135, 136, 139]);

type Known = Pick<ContainerRecord, 'life' | 'health' | 'healing'>;
/** Whether a person did it. */
type Stopped = Pick<Death, 'stoppedBy' | 'pendingUntil'>;

const BY_NOBODY: Stopped = { stoppedBy: 'nobody', pendingUntil: null };
const BY_PERSON: Stopped = { stoppedBy: 'person', pendingUntil: null };
const UNKNOWN: Stopped = { stoppedBy: 'unknown', pendingUntil: null };

/** Tells one death of a container from another. */
export const deathKey = ({ startedAt, exitedAt, processVanished }: Container): string =>
  `${startedAt ?? 0}-${processVanished ? 'vanished' : (exitedAt ?? 0)}`;

/** A death that was not seen before. */
export function newDeath(known: Known, inspection: Inspection): Death {
  const { container, startedAt } = inspection;
  const exitedAt = believedExit(inspection);
  const at = exitedAt ?? inspection.now;
  const endedBy = whatEndedIt(known, inspection, at);
  const afterOurStart = isBegunByUs(known, inspection) && !wasReady(known, inspection);
  return {
    key: deathKey(container),
    at,
    endedBy,
    exitCode: container.processVanished ? 137 : container.exitCode,
    oomKilled: container.oomKilled && container.exitCode === 137,
    withHost: wentDownWithHost(inspection),
    confirmed: false,
    ranForMs: startedAt === null || exitedAt === null ? null : exitedAt - startedAt,
    flagged: container.stoppedByUser === true,
    afterOurStart,
    ...(endedBy === null ? whoStoppedIt(known, inspection, at, afterOurStart) : BY_NOBODY),
  };
}

/** When it ended, where what the engine says of that can be; `null`: that is not known. */
function believedExit({ startedAt, exitedAt, now }: Inspection): number | null {
  if (exitedAt === null || exitedAt > now) return null;
  return startedAt === null || exitedAt >= startedAt ? exitedAt : null;
}

function whatEndedIt(known: Known, inspection: Inspection, diedAt: number): Death['endedBy'] {
  const { container, stopEvidence } = inspection;
  if (isEndedByUs(known, inspection, diedAt)) return 'us';
  if (container.processVanished || wentDownWithHost(inspection)) return null;
  if (wentDownWithEngine(known.life, inspection)) return 'engine';
  const onFailure = onFailedCheck(inspection);
  if (stopEvidence?.restarted || onFailure === 'restart') return 'restart';
  return onFailure === 'none' ? null : 'health-action';
}

/**
 * What the engine itself does to a container whose checks fail, where the latest of that run did. It does so at once:
 * hardly anybody can have come before it.
 */
function onFailedCheck({ container: { healthCheck }, startedAt }: Inspection): HealthCheck['onFailure'] {
  const failed =
    healthCheck?.lastStatus === 'unhealthy' && (healthCheck.lastRunAt ?? 0) >= (startedAt ?? Infinity);
  return failed ? healthCheck.onFailure : 'none';
}

/**
 * An act of ours ended that run: one under way when it died, or a restart that timed out, or in which our process ended,
 * and whose stop came later. Not so when a new run began in between, as that of a short job.
 */
function isEndedByUs({ life, healing }: Known, inspection: Inspection, diedAt: number): boolean {
  const { container, startedAt, byUs, rules } = inspection;
  if (byUs && (life.run === null || isSeenRun(life, container))) return true;
  const since = healing.restartingSince;
  return (
    since !== null &&
    diedAt >= since &&
    diedAt <= since + rules.stopTimeoutMs + STOP_SLACK_MS &&
    (startedAt ?? 0) < since
  );
}

const isSeenRun = ({ run }: Known['life'], { startedAt }: Container): boolean => run?.startedAt === startedAt;

const isBegunByUs = ({ life }: Known, { container, begunByUs }: Inspection): boolean =>
  isSeenRun(life, container) ? life.run?.begunByUs === true : begunByUs;

/** It was found ready at least once in its latest run. */
const wasReady = ({ life, health }: Known, { container }: Inspection): boolean =>
  isSeenRun(life, container) && (health.lastReadyAt ?? 0) >= (life.run?.since ?? Infinity);

/** Whether a person did it, as far as this engine shows that. See `docs/how-it-decides.md`. */
function whoStoppedIt(known: Known, inspection: Inspection, diedAt: number, afterOurStart: boolean): Stopped {
  const { container, tellsWhoStopped, stopEvidence } = inspection;
  if (isNobodysDoing(known, inspection)) return BY_NOBODY;
  if (tellsWhoStopped === 'signals') return whoStoppedItBySignals(known.life, inspection, diedAt);
  if (showsStop(stopEvidence, tellsWhoStopped, afterOurStart)) return BY_PERSON;
  if (tellsWhoStopped === 'flag') {
    if (container.stoppedByUser !== true) return BY_NOBODY;
    if (!known.life.flaggedWhileUp) return BY_PERSON;
  }
  if (CRASH_SIGNALS.has(container.exitCode)) return BY_NOBODY;
  return tellsWhoStopped === 'events' ? notYetKnown(inspection, diedAt, afterOurStart) : UNKNOWN;
}

function isNobodysDoing({ life }: Known, inspection: Inspection): boolean {
  const { container, stopEvidence, rules } = inspection;
  if (container.processVanished || wentDownWithHost(inspection)) return true;
  if (stopEvidence?.restartedByPolicy) return true;
  return rules.adoptStopped && life.run === null && life.death === null;
}

/** A list may show a death some moments before the engine's events do. */
function notYetKnown(inspection: Inspection, diedAt: number, afterOurStart: boolean): Stopped {
  const pendingUntil = pendingUntilAfter({ at: diedAt, afterOurStart }, inspection);
  const isPending = isHeard(inspection.stopEvidence) || inspection.now < pendingUntil;
  return isPending ? { stoppedBy: 'pending', pendingUntil } : UNKNOWN;
}

function pendingUntilAfter(
  { at, afterOurStart }: Pick<Death, 'at' | 'afterOurStart'>,
  inspection: Inspection,
): number {
  const { stopEvidence: evidence, now } = inspection;
  if (canStillBeHeard(inspection, at)) return now + UNHEARD_FOR_MS;
  if (!isHeard(evidence)) return at + UNHEARD_FOR_MS;
  // The second may be heard as late as the first was.
  const from = at + evidence.heardLateMs;
  // Where two prove nothing, there is none to wait for.
  if (afterOurStart) return from + UNHEARD_FOR_MS;
  return Math.min(from + STOP_SHOWN_WITHIN_MS, nextLookAt(evidence, at, now));
}

/** While the first is not heard, it is asked again and again: the host is busy. */
function nextLookAt(
  { cleanedUpAt, engineCleanedUpAt, heardLateMs }: StopEvidence,
  diedAt: number,
  now: number,
): number {
  if (cleanedUpAt === null) return Math.max(diedAt, now) + UNHEARD_FOR_MS;
  return Math.max(diedAt, engineCleanedUpAt ?? cleanedUpAt) + heardLateMs + QUIET_FOR_MS;
}

/** Events that were missed, and are told once they are heard again, may show who stopped it. */
const canStillBeHeard = ({ eventsMissing, tellsWhoStopped, now }: Inspection, at: number): boolean =>
  eventsMissing &&
  (tellsWhoStopped === 'events' || tellsWhoStopped === 'signals') &&
  now - at < EVENTS_MISSING_AT_MOST_MS;

const isHeard = (evidence: StopEvidence | null): evidence is StopEvidence =>
  evidence !== null && evidence.diedAt !== null;

/** The engine's events say that a person stopped it. */
const showsStop = (
  evidence: StopEvidence | null,
  tellsWhoStopped: Inspection['tellsWhoStopped'],
  afterOurStart: boolean,
): boolean =>
  evidence?.stopped === true || (tellsWhoStopped === 'events' && cleanedUpTwice(evidence) && !afterOurStart);

const cleanedUpTwice = (evidence: StopEvidence | null): boolean =>
  evidence !== null && evidence.cleanups >= 2;

/** A death that was seen before: the engine may show more of it by now. */
export function learnOfDeath(
  death: Death,
  { life, healing }: Pick<Known, 'life' | 'healing'>,
  inspection: Inspection,
): Death {
  const { container, byUs } = inspection;
  const judged = isOpenQuestion(death, healing)
    ? withParts(death, whoStoppedItAfterAll(life, death, inspection))
    : death;
  const learnt =
    mayHaveEndedWithEngine(death, healing) && wentDownWithEngine(life, inspection)
      ? withParts<Death>(judged, { endedBy: 'engine' })
      : judged;
  // Somebody ran a stop on it while it was down: that, too, says that it shall be off.
  const stoppedWhileDown = !byUs && !death.flagged && container.stoppedByUser === true;
  return withParts(learnt, {
    ...(stoppedWhileDown ? { ...BY_PERSON, flagged: true } : {}),
    confirmed: death.confirmed || isConfirmedBy(inspection, death),
  });
}

/** It is still so at a full check, and no event can tell otherwise any more. */
const isConfirmedBy = (inspection: Inspection, { at }: Death): boolean =>
  inspection.fullCheck && !canStillBeHeard(inspection, at);

/** An engine may show late who stopped it. What it shows after an attempt of ours may be of our own doing. */
const isOpenQuestion = (death: Death, healing: Healing): boolean =>
  death.stoppedBy === 'pending' || (death.stoppedBy === 'unknown' && isUntouchedSince(death, healing));

/** An engine that goes down has no time to tell of all: what nobody seemed to have ended may have been the first sign of it. */
const mayHaveEndedWithEngine = (death: Death, healing: Healing): boolean =>
  death.endedBy === null && death.stoppedBy !== 'person' && isUntouchedSince(death, healing);

const isUntouchedSince = ({ at }: Death, { attempts }: Healing): boolean =>
  attempts.every((attempt) => attempt.at < at);

function whoStoppedItAfterAll(life: Known['life'], death: Death, inspection: Inspection): Stopped {
  const { stoppedBy, afterOurStart } = death;
  const { stopEvidence, tellsWhoStopped, now } = inspection;
  if (stopEvidence?.restartedByPolicy) return BY_NOBODY;
  if (tellsWhoStopped === 'signals') return whoStoppedItBySignals(life, inspection, death.at);
  if (showsStop(stopEvidence, tellsWhoStopped, afterOurStart)) return BY_PERSON;
  if (stoppedBy !== 'pending') return { stoppedBy, pendingUntil: death.pendingUntil };
  const pendingUntil = Math.max(death.pendingUntil ?? 0, pendingUntilAfter(death, inspection));
  if (now < pendingUntil) return { stoppedBy, pendingUntil };
  return isHeard(stopEvidence) && !cleanedUpTwice(stopEvidence) ? BY_NOBODY : UNKNOWN;
}
