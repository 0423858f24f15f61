import type { Container, EngineInfo, HealthCheck } from '../runtime/index.js';
import { isAskedForSince } from './asked-for.js';
import { rearm } from './attempts.js';
import { believedHealth, isDown, isReady, isUnsettled, isUp, stableAt } from './readiness.js';
import type { ContainerRecord, Death, WishRecord } from './record.js';
import type { Rules } from './rules.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Down longer than that when first seen, it is taken to be off on purpose. */
const OFF_ON_PURPOSE_AFTER_MS = 10 * MINUTE;
/** The host's own shutdown service stops containers as a person does. */
const SHUTDOWN_WINDOW_MS = 3 * MINUTE;
/** After `died`, Podman up to 4.5 tells a person's stop by a second `cleanup` within this time. */
export const JUDGED_AFTER_MS = 1_000;
/** A stop ends at the latest that long after its timeout, when the engine kills. */
const STOP_SLACK_MS = MINUTE;
const ENGINE_LOOP_WINDOW_MS = 10 * MINUTE;

/** What the engine's events told of a container since its latest start. */
export interface Signs {
  readonly stopped: boolean;
  /** A restart began before it died, and so ended it. */
  readonly restarted: boolean;
  /** A restart began after it had died: that of the engine's own policy. */
  readonly restartedByPolicy: boolean;
  /** When it died, in milliseconds since 1970; `null`: not heard. */
  readonly diedAt: number | null;
  /** Only those within `JUDGED_AFTER_MS` of its death: a start that fails ends with one, too. */
  readonly cleanups: number;
}

/** The host's latest start, and what we know of its end before that. Milliseconds since 1970. */
export interface HostBoot {
  readonly bootedAt: number;
  /** The latest sign of life before that: ours, or a container's exit; `bootedAt` where none tells of its end. */
  readonly downAt: number;
  /** The first look in this boot, with records of an earlier one. */
  readonly isNew: boolean;
}

/** One look at one container, with all that bears on what it means. */
export interface Look {
  readonly container: Container;
  readonly now: number;
  readonly fullCheck: boolean;
  readonly tells: EngineInfo['tellsWhoStopped'];
  readonly signs: Signs | null;
  readonly host: HostBoot;
  /** An act of ours, or a person's through us, is under way or was when it died. */
  readonly byUs: boolean;
  /** A start or restart through us began its current or latest run. */
  readonly begunByUs: boolean;
  readonly rules: Rules;
}

/** What a look found to have happened since the last one. */
export type Happening =
  | { readonly kind: 'died'; readonly death: Death }
  | { readonly kind: 'began-run'; readonly byUs: boolean }
  | { readonly kind: 'stopped-by-person' }
  | { readonly kind: 'recreated' }
  | { readonly kind: 'hold-over' }
  | { readonly kind: 'stable' }
  | { readonly kind: 'crash-loop'; readonly deaths: number; readonly windowMs: number }
  | { readonly kind: 'crash-loop-over' };

export interface Learnt {
  readonly record: ContainerRecord;
  readonly happened: readonly Happening[];
}

/**
 * Folds one look at a container into what we remember of it. Pure. Returns the same record when it learnt nothing, so
 * that an idle container costs nothing downstream.
 */
export function learn(known: ContainerRecord | undefined, look: Look): Learnt {
  const happened: Happening[] = [];
  let record = known ?? firstSight(look);
  record = newBoot(record, look);
  record = recreation(record, look, happened);
  record = present(record);
  record = holding(record, look, happened);
  record = running(record, look, happened);
  record = dying(record, look, happened);
  record = settling(record, look);
  record = judging(record, look, happened);
  record = health(record, look);
  record = stability(record, look, happened);
  record = engineLoop(record, known, look, happened);
  record = ownLoop(record, look, happened);
  return { record, happened };
}

function firstSight(look: Look): ContainerRecord {
  const { container, now } = look;
  return {
    name: container.name,
    id: container.id,
    firstSeenAt: now,
    absentSince: null,
    unseenSinceBoot: false,
    wish: { value: offOnPurpose(look) ? 'stopped' : 'running', by: 'first-sight', who: null, at: now },
    hold: null,
    run: null,
    up: false,
    unsettledSince: null,
    readySince: null,
    lastReadyAt: null,
    unhealthySince: null,
    death: null,
    attempts: [],
    restartingSince: null,
    verdict: null,
    rearmedByDependency: false,
    healedDeaths: [],
    engineDeaths: [],
    engineRestarts: container.engineRestarts,
    crashLoopSince: null,
    flaggedWhileUp: false,
    batch: null,
    dependencyRuns: {},
    muted: null,
    decision: null,
    spans: [],
  };
}

function offOnPurpose({ container, rules, host, now }: Look): boolean {
  if (!isDown(container) || rules.adoptStopped) return false;
  if (wentDownWithHost(container, host)) return false;
  return container.exitedAt === null || now - container.exitedAt > OFF_ON_PURPOSE_AFTER_MS;
}

/** It ran until the host went down: killed with it, or stopped by the host's own shutdown service. */
function wentDownWithHost(container: Container, host: HostBoot): boolean {
  const { startedAt, exitedAt } = container;
  if (startedAt === null || startedAt >= host.bootedAt) return false;
  if (container.state === 'created' || exitedAt === null || exitedAt < startedAt) return true;
  return exitedAt < host.bootedAt && exitedAt >= host.downAt - SHUTDOWN_WINDOW_MS;
}

/** Fresh attempts, and what looked like a person's stop while the host was going down was none. */
function newBoot(record: ContainerRecord, { host, container }: Look): ContainerRecord {
  if (!host.isNew && !record.unseenSinceBoot) return record;
  const shutdown = host.downAt - SHUTDOWN_WINDOW_MS;
  const wish: WishRecord =
    record.wish.by === 'engine' && record.wish.at >= shutdown && record.wish.at < host.bootedAt
      ? { ...record.wish, value: 'running' }
      : record.wish;
  const { death } = record;
  const withHost = death !== null && death.at >= shutdown && wentDownWithHost(container, host);
  return {
    ...rearm(record),
    unseenSinceBoot: false,
    wish,
    death: death !== null && withHost ? { ...death, withHost: true } : death,
    unsettledSince: null,
    readySince: null,
    unhealthySince: null,
    rearmedByDependency: false,
  };
}

/** A new id under a known name: fresh attempts; wish and hold stay. */
function recreation(
  record: ContainerRecord,
  { container, now }: Look,
  happened: Happening[],
): ContainerRecord {
  if (record.id === container.id) return record;
  happened.push({ kind: 'recreated' });
  return {
    ...rearm(record),
    id: container.id,
    firstSeenAt: now,
    run: null,
    up: false,
    unsettledSince: null,
    readySince: null,
    unhealthySince: null,
    death: null,
    rearmedByDependency: false,
    healedDeaths: [],
    engineDeaths: [],
    engineRestarts: container.engineRestarts,
    crashLoopSince: null,
    flaggedWhileUp: false,
    dependencyRuns: {},
  };
}

const present = (record: ContainerRecord): ContainerRecord =>
  record.absentSince === null ? record : { ...record, absentSince: null };

/** A hold ends by itself at its time. */
function holding(record: ContainerRecord, { now }: Look, happened: Happening[]): ContainerRecord {
  if (record.hold === null || record.hold.until === null || now < record.hold.until) return record;
  happened.push({ kind: 'hold-over' });
  return { ...record, hold: null };
}

/** Up. Seen running by another hand: it is wished running. */
function running(record: ContainerRecord, look: Look, happened: Happening[]): ContainerRecord {
  const { container, now, byUs } = look;
  if (!isUp(container)) return record;
  const flaggedNow = container.stoppedByUser === true && !record.flaggedWhileUp;
  if (record.run?.startedAt === container.startedAt) {
    if (record.up && !flaggedNow) return record;
    // It may have been paused, or out of sight, which ended its readiness.
    return { ...record, up: true, flaggedWhileUp: record.flaggedWhileUp || flaggedNow };
  }

  if (record.run !== null || record.death !== null) happened.push({ kind: 'began-run', byUs });
  const wished: WishRecord =
    record.wish.value === 'stopped' && record.hold === null && !byUs
      ? { value: 'running', by: 'engine', who: null, at: now }
      : record.wish;
  const since =
    record.run === null && container.startedAt !== null ? Math.min(container.startedAt, now) : now;
  return {
    ...record,
    up: true,
    run: { startedAt: container.startedAt, since, begunByUs: look.begunByUs },
    restartingSince: null,
    wish: wished,
    readySince: null,
    unhealthySince: null,
    flaggedWhileUp: container.stoppedByUser === true,
  };
}

function dying(record: ContainerRecord, look: Look, happened: Happening[]): ContainerRecord {
  const { container, now, host } = look;
  if (isUp(container)) return record;
  if (!isDown(container)) return record.up ? { ...record, up: false, readySince: null } : record;
  const key = `${container.startedAt ?? 0}-${container.processVanished ? 'vanished' : (container.exitedAt ?? 0)}`;
  if (record.death?.key === key) return record.up ? { ...record, up: false, readySince: null } : record;

  const { exitedAt, startedAt } = container;
  const believed = exitedAt !== null && (startedAt === null || exitedAt >= startedAt) && exitedAt <= now;
  const at = believed ? exitedAt : now;
  const endedBy = whatEndedIt(record, look, at);
  const afterOurStart = isBegunByUs(record, look) && !wasReady(record, look);
  const death: Death = {
    key,
    at,
    endedBy,
    exitCode: container.processVanished ? 137 : container.exitCode,
    oomKilled: container.oomKilled && container.exitCode === 137,
    withHost: wentDownWithHost(container, host),
    confirmed: false,
    ranForMs: startedAt === null || !believed ? null : at - startedAt,
    flagged: container.stoppedByUser === true,
    afterOurStart,
    ...(endedBy === null ? whoStoppedIt(record, look, at, afterOurStart) : BY_NOBODY),
  };
  happened.push({ kind: 'died', death });
  return {
    ...record,
    up: false,
    run: record.run ?? { startedAt, since: startedAt ?? at, begunByUs: look.begunByUs },
    wish: startedByHand(record, container, endedBy === 'us'),
    death,
    readySince: null,
    unhealthySince: null,
    batch: null,
  };
}

/** The wish, when a run ended that began after it and was never seen: somebody started it, and so wished it running. */
function startedByHand({ wish, hold }: ContainerRecord, { startedAt }: Container, byUs: boolean): WishRecord {
  if (wish.value === 'running' || hold !== null || byUs || startedAt === null || startedAt <= wish.at)
    return wish;
  return { value: 'running', by: 'engine', who: null, at: startedAt };
}

/** On its way to another state, where it may get stuck. */
function settling(record: ContainerRecord, { container, now }: Look): ContainerRecord {
  const unsettledSince = isUnsettled(container) ? (record.unsettledSince ?? now) : null;
  return unsettledSince === record.unsettledSince ? record : { ...record, unsettledSince };
}

function whatEndedIt(record: ContainerRecord, look: Look, diedAt: number): Death['endedBy'] {
  const { container, host, signs } = look;
  if (isEndedByUs(record, look, diedAt)) return 'us';
  if (container.processVanished || wentDownWithHost(container, host)) return null;
  const onFailure = onFailedCheck(container);
  if (signs?.restarted || onFailure === 'restart') return 'restart';
  return onFailure === 'none' ? null : 'health-action';
}

/**
 * What the engine itself does to a container whose checks fail, where the latest of that run did. It does so at once:
 * hardly anybody can have come before it.
 */
function onFailedCheck({ healthCheck, startedAt }: Container): HealthCheck['onFailure'] {
  const failed =
    healthCheck?.lastStatus === 'unhealthy' && (healthCheck.lastRunAt ?? 0) >= (startedAt ?? Infinity);
  return failed ? healthCheck.onFailure : 'none';
}

const BY_NOBODY = { stoppedBy: 'nobody', judgeAt: null } as const;

/** Whether a person did it, as far as this engine can tell. See `docs/how-it-decides.md`. */
function whoStoppedIt(
  record: ContainerRecord,
  { container, now, tells, signs, host, rules }: Look,
  diedAt: number,
  afterOurStart: boolean,
): Pick<Death, 'stoppedBy' | 'judgeAt'> {
  const person = { stoppedBy: 'person', judgeAt: null } as const;
  const adopted = rules.adoptStopped && record.run === null && record.death === null;
  if (adopted || container.processVanished) return BY_NOBODY;
  if (wentDownWithHost(container, host)) return BY_NOBODY;
  if (signs?.restartedByPolicy) return BY_NOBODY;
  if (tellOfStop(signs, tells, afterOurStart)) return person;
  if (tells === 'flag' && container.stoppedByUser !== true) return BY_NOBODY;
  if (tells === 'flag' && !record.flaggedWhileUp) return person;
  if (CRASH_SIGNALS.has(container.exitCode)) return BY_NOBODY;
  const judgeAt = diedAt + JUDGED_AFTER_MS;
  // A list may show a death some moments before the engine's events tell of it.
  const mayStillTell = isHeard(signs) || now < judgeAt;
  return tells === 'events' && mayStillTell
    ? { stoppedBy: 'judging', judgeAt }
    : { stoppedBy: 'unknown', judgeAt: null };
}

const isHeard = (signs: Signs | null): boolean => (signs?.diedAt ?? null) !== null;

/** The engine's events say that a person stopped it. */
const tellOfStop = (signs: Signs | null, tells: Look['tells'], afterOurStart: boolean): boolean =>
  signs?.stopped === true || (tells === 'events' && cleanedUpTwice(signs) && !afterOurStart);

const cleanedUpTwice = (signs: Signs | null): boolean => (signs?.cleanups ?? 0) >= 2;

const isSeenRun = ({ run }: ContainerRecord, { container }: Look): boolean =>
  run?.startedAt === container.startedAt;

const isBegunByUs = (record: ContainerRecord, look: Look): boolean =>
  isSeenRun(record, look) ? record.run?.begunByUs === true : look.begunByUs;

/** It was found ready at least once in its latest run. */
const wasReady = (record: ContainerRecord, look: Look): boolean =>
  isSeenRun(record, look) && (record.lastReadyAt ?? 0) >= (record.run?.since ?? Infinity);

/**
 * An act of ours ended that run: one under way when it died, or a restart that timed out, or in which our process ended,
 * and whose stop came later. Not so when a new run began in between, as that of a short job.
 */
function isEndedByUs(record: ContainerRecord, { container, byUs, rules }: Look, diedAt: number): boolean {
  if (byUs && (record.run === null || record.run.startedAt === container.startedAt)) return true;
  const since = record.restartingSince;
  return (
    since !== null &&
    diedAt >= since &&
    diedAt <= since + rules.stopTimeoutMs + STOP_SLACK_MS &&
    (container.startedAt ?? 0) < since
  );
}

/** No stop ends so: SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV. */
export const CRASH_SIGNALS: ReadonlySet<number> = new Set([132, 134, 135, 136, 139]);

/** An engine may tell late who stopped it. What it tells after an attempt of ours may be of our own doing. */
const isOpenQuestion = ({ stoppedBy, at }: Death, { attempts }: ContainerRecord): boolean =>
  stoppedBy === 'judging' || (stoppedBy === 'unknown' && attempts.every((attempt) => attempt.at < at));

/** A death seen before: the engine may tell more of it by now. */
function judging(record: ContainerRecord, look: Look, happened: Happening[]): ContainerRecord {
  const { death } = record;
  if (death === null || record.up || !isDown(look.container)) return record;
  const fresh = happened.some(({ kind }) => kind === 'died');
  let judged = death;
  if (isOpenQuestion(death, record) && !fresh) {
    const { signs, tells, now } = look;
    if (signs?.restartedByPolicy) judged = { ...judged, ...BY_NOBODY };
    else if (tellOfStop(signs, tells, death.afterOurStart))
      judged = { ...judged, stoppedBy: 'person', judgeAt: null };
    else if (death.stoppedBy === 'judging' && now >= (death.judgeAt ?? 0)) {
      judged = {
        ...judged,
        stoppedBy: isHeard(signs) && !cleanedUpTwice(signs) ? 'nobody' : 'unknown',
        judgeAt: null,
      };
    }
  }
  // Somebody ran a stop on it while it was down: that, too, says that it shall be off.
  const stoppedWhileDown =
    !fresh && !look.byUs && death.flagged === false && look.container.stoppedByUser === true;
  if (stoppedWhileDown) judged = { ...judged, flagged: true, stoppedBy: 'person', judgeAt: null };
  if (look.fullCheck && !fresh && !death.confirmed) judged = { ...judged, confirmed: true };
  const byPerson = judged.stoppedBy === 'person' && (fresh || death.stoppedBy !== 'person');
  // What is told late of a death does not overrule what a person asked for after it.
  const isLatestWord = stoppedWhileDown || !isAskedForSince(record, judged);
  if (byPerson && isLatestWord && record.hold === null && record.wish.value === 'running') {
    happened.push({ kind: 'stopped-by-person' });
    return { ...record, death: judged, wish: { value: 'stopped', by: 'engine', who: null, at: judged.at } };
  }
  return judged === death ? record : { ...record, death: judged };
}

function health(record: ContainerRecord, { container, now }: Look): ContainerRecord {
  const unhealthy = believedHealth(container, now) === 'unhealthy';
  const ready = isReady(container, record, now);
  const unhealthySince = unhealthy ? (record.unhealthySince ?? now) : null;
  const readySince = ready ? (record.readySince ?? now) : null;
  if (unhealthySince === record.unhealthySince && readySince === record.readySince) return record;
  return { ...record, unhealthySince, readySince, lastReadyAt: ready ? now : record.lastReadyAt };
}

/** Up and not unhealthy for long enough: all is forgotten. */
function stability(record: ContainerRecord, { rules, now }: Look, happened: Happening[]): ContainerRecord {
  if (record.attempts.length === 0 && record.verdict === null && !record.rearmedByDependency) return record;
  if (!record.up || record.unhealthySince !== null || now < stableAt(record, rules)) return record;
  happened.push({ kind: 'stable' });
  return { ...rearm(record), rearmedByDependency: false };
}

/** A loop under the engine's own policy, which goes on without us: told, never touched. */
function engineLoop(
  record: ContainerRecord,
  known: ContainerRecord | undefined,
  { container, rules, now }: Look,
  happened: Happening[],
): ContainerRecord {
  const more = container.engineRestarts - record.engineRestarts;
  const recent = record.engineDeaths.filter((at) => now - at < ENGINE_LOOP_WINDOW_MS);
  if (more === 0 && recent.length === record.engineDeaths.length) return record;
  // The engine counts also the restarts that fail, after which nothing dies.
  const began = known !== undefined && !isKnownRun(known, container);
  const added = began ? Math.min(Math.max(more, 0), rules.maxAttempts + 1) : 0;
  const engineDeaths = [...recent, ...Array.from({ length: added }, () => now)].slice(-50);
  const next = { ...record, engineDeaths, engineRestarts: container.engineRestarts };
  return loopState(next, engineDeaths.length, ENGINE_LOOP_WINDOW_MS, rules.maxAttempts, now, happened);
}

const isKnownRun = ({ run, death }: ContainerRecord, { startedAt }: Container): boolean =>
  run?.startedAt === startedAt || death?.key.startsWith(`${startedAt ?? 0}-`) === true;

function ownLoop(record: ContainerRecord, { rules, now }: Look, happened: Happening[]): ContainerRecord {
  const healedDeaths = record.healedDeaths.filter((at) => now - at < DAY);
  if (healedDeaths.length === 0 && record.healedDeaths.length === 0) return record;
  const next = healedDeaths.length === record.healedDeaths.length ? record : { ...record, healedDeaths };
  return loopState(next, healedDeaths.length, DAY, rules.maxAttempts, now, happened);
}

function loopState(
  record: ContainerRecord,
  deaths: number,
  windowMs: number,
  allowed: number,
  now: number,
  happened: Happening[],
): ContainerRecord {
  if (deaths > allowed && record.crashLoopSince === null) {
    happened.push({ kind: 'crash-loop', deaths, windowMs });
    return { ...record, crashLoopSince: now };
  }
  const quiet = record.engineDeaths.length === 0 && record.healedDeaths.length === 0;
  if (record.crashLoopSince !== null && quiet) {
    happened.push({ kind: 'crash-loop-over' });
    return { ...record, crashLoopSince: null };
  }
  return record;
}
