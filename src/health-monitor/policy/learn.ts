import type { Container, EngineInfo, HealthCheck } from '../runtime/index.js';
import { isAskedForSince } from './asked-for.js';
import { rearm } from './attempts.js';
import { believedHealth, isDown, isReady, isUnsettled, isUp, stableAt } from './readiness.js';
import type { ContainerRecord, Death, Life, WishRecord } from './record.js';
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
export interface StopEvidence {
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
  readonly evidence: StopEvidence | null;
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
    intent: {
      wish: { value: offOnPurpose(look) ? 'stopped' : 'running', by: 'first-sight', who: null, at: now },
      hold: null,
    },
    life: {
      firstSeenAt: now,
      absentSince: null,
      unseenSinceBoot: false,
      run: null,
      up: false,
      unsettledSince: null,
      death: null,
      flaggedWhileUp: false,
    },
    health: { readySince: null, lastReadyAt: null, unhealthySince: null },
    healing: {
      attempts: [],
      givenUp: null,
      rearmedByDependency: false,
      restartingSince: null,
      batch: null,
      dependencyRuns: {},
    },
    loop: { healedDeaths: [], engineDeaths: [], engineRestarts: container.engineRestarts, since: null },
    shown: { decision: null, spans: [], muted: null },
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
  if (!host.isNew && !record.life.unseenSinceBoot) return record;
  const shutdown = host.downAt - SHUTDOWN_WINDOW_MS;
  const wish: WishRecord =
    record.intent.wish.by === 'engine' &&
    record.intent.wish.at >= shutdown &&
    record.intent.wish.at < host.bootedAt
      ? { ...record.intent.wish, value: 'running' }
      : record.intent.wish;
  const { death } = record.life;
  const withHost = death !== null && death.at >= shutdown && wentDownWithHost(container, host);
  return {
    ...record,
    intent: { ...record.intent, wish },
    life: {
      ...record.life,
      unseenSinceBoot: false,
      death: death !== null && withHost ? { ...death, withHost: true } : death,
      unsettledSince: null,
    },
    health: { ...record.health, readySince: null, unhealthySince: null },
    healing: { ...rearm(record.healing), rearmedByDependency: false },
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
    ...record,
    id: container.id,
    life: {
      ...record.life,
      firstSeenAt: now,
      run: null,
      up: false,
      unsettledSince: null,
      death: null,
      flaggedWhileUp: false,
    },
    health: { ...record.health, readySince: null, unhealthySince: null },
    healing: { ...rearm(record.healing), rearmedByDependency: false, dependencyRuns: {} },
    loop: { healedDeaths: [], engineDeaths: [], engineRestarts: container.engineRestarts, since: null },
  };
}

const present = (record: ContainerRecord): ContainerRecord =>
  record.life.absentSince === null ? record : { ...record, life: { ...record.life, absentSince: null } };

/** A hold ends by itself at its time. */
function holding(record: ContainerRecord, { now }: Look, happened: Happening[]): ContainerRecord {
  if (record.intent.hold === null || record.intent.hold.until === null || now < record.intent.hold.until)
    return record;
  happened.push({ kind: 'hold-over' });
  return { ...record, intent: { ...record.intent, hold: null } };
}

/** Up. Seen running by another hand: it is wished running. */
function running(record: ContainerRecord, look: Look, happened: Happening[]): ContainerRecord {
  const { container, now, byUs } = look;
  if (!isUp(container)) return record;
  const flaggedNow = container.stoppedByUser === true && !record.life.flaggedWhileUp;
  if (record.life.run?.startedAt === container.startedAt) {
    if (record.life.up && !flaggedNow) return record;
    // It may have been paused, or out of sight, which ended its readiness.
    return {
      ...record,
      life: { ...record.life, up: true, flaggedWhileUp: record.life.flaggedWhileUp || flaggedNow },
    };
  }

  if (record.life.run !== null || record.life.death !== null) happened.push({ kind: 'began-run', byUs });
  const wished: WishRecord =
    record.intent.wish.value === 'stopped' && record.intent.hold === null && !byUs
      ? { value: 'running', by: 'engine', who: null, at: now }
      : record.intent.wish;
  const since =
    record.life.run === null && container.startedAt !== null ? Math.min(container.startedAt, now) : now;
  return {
    ...record,
    intent: { ...record.intent, wish: wished },
    life: {
      ...record.life,
      up: true,
      run: { startedAt: container.startedAt, since, begunByUs: look.begunByUs },
      flaggedWhileUp: container.stoppedByUser === true,
    },
    health: { ...record.health, readySince: null, unhealthySince: null },
    healing: { ...record.healing, restartingSince: null },
  };
}

function dying(record: ContainerRecord, look: Look, happened: Happening[]): ContainerRecord {
  const { container, now, host } = look;
  if (isUp(container)) return record;
  if (!isDown(container)) return record.life.up ? notUp(record) : record;
  const key = `${container.startedAt ?? 0}-${container.processVanished ? 'vanished' : (container.exitedAt ?? 0)}`;
  if (record.life.death?.key === key) return record.life.up ? notUp(record) : record;

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
    intent: { ...record.intent, wish: startedByHand(record, container, endedBy === 'us') },
    life: {
      ...record.life,
      up: false,
      run: record.life.run ?? { startedAt, since: startedAt ?? at, begunByUs: look.begunByUs },
      death,
    },
    health: { ...record.health, readySince: null, unhealthySince: null },
    healing: { ...record.healing, batch: null },
  };
}

const notUp = (record: ContainerRecord): ContainerRecord => ({
  ...record,
  life: { ...record.life, up: false },
  health: { ...record.health, readySince: null },
});

/** The wish, when a run ended that began after it and was never seen: somebody started it, and so wished it running. */
function startedByHand(
  { intent: { wish, hold } }: ContainerRecord,
  { startedAt }: Container,
  byUs: boolean,
): WishRecord {
  if (wish.value === 'running' || hold !== null || byUs || startedAt === null || startedAt <= wish.at)
    return wish;
  return { value: 'running', by: 'engine', who: null, at: startedAt };
}

/** On its way to another state, where it may get stuck. */
function settling(record: ContainerRecord, { container, now }: Look): ContainerRecord {
  const unsettledSince = isUnsettled(container) ? (record.life.unsettledSince ?? now) : null;
  return unsettledSince === record.life.unsettledSince
    ? record
    : { ...record, life: { ...record.life, unsettledSince } };
}

function whatEndedIt(record: ContainerRecord, look: Look, diedAt: number): Death['endedBy'] {
  const { container, host, evidence } = look;
  if (isEndedByUs(record, look, diedAt)) return 'us';
  if (container.processVanished || wentDownWithHost(container, host)) return null;
  const onFailure = onFailedCheck(container);
  if (evidence?.restarted || onFailure === 'restart') return 'restart';
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

const BY_NOBODY = { stoppedBy: 'nobody', pendingUntil: null } as const;

/** Whether a person did it, as far as this engine can tell. See `docs/how-it-decides.md`. */
function whoStoppedIt(
  record: ContainerRecord,
  { container, now, tells, evidence, host, rules }: Look,
  diedAt: number,
  afterOurStart: boolean,
): Pick<Death, 'stoppedBy' | 'pendingUntil'> {
  const person = { stoppedBy: 'person', pendingUntil: null } as const;
  const adopted = rules.adoptStopped && record.life.run === null && record.life.death === null;
  if (adopted || container.processVanished) return BY_NOBODY;
  if (wentDownWithHost(container, host)) return BY_NOBODY;
  if (evidence?.restartedByPolicy) return BY_NOBODY;
  if (tellOfStop(evidence, tells, afterOurStart)) return person;
  if (tells === 'flag' && container.stoppedByUser !== true) return BY_NOBODY;
  if (tells === 'flag' && !record.life.flaggedWhileUp) return person;
  if (CRASH_SIGNALS.has(container.exitCode)) return BY_NOBODY;
  const pendingUntil = diedAt + JUDGED_AFTER_MS;
  // A list may show a death some moments before the engine's events tell of it.
  const mayStillTell = isHeard(evidence) || now < pendingUntil;
  return tells === 'events' && mayStillTell
    ? { stoppedBy: 'pending', pendingUntil }
    : { stoppedBy: 'unknown', pendingUntil: null };
}

const isHeard = (evidence: StopEvidence | null): boolean => (evidence?.diedAt ?? null) !== null;

/** The engine's events say that a person stopped it. */
const tellOfStop = (evidence: StopEvidence | null, tells: Look['tells'], afterOurStart: boolean): boolean =>
  evidence?.stopped === true || (tells === 'events' && cleanedUpTwice(evidence) && !afterOurStart);

const cleanedUpTwice = (evidence: StopEvidence | null): boolean => (evidence?.cleanups ?? 0) >= 2;

const isSeenRun = ({ life: { run } }: ContainerRecord, { container }: Look): boolean =>
  run?.startedAt === container.startedAt;

const isBegunByUs = (record: ContainerRecord, look: Look): boolean =>
  isSeenRun(record, look) ? record.life.run?.begunByUs === true : look.begunByUs;

/** It was found ready at least once in its latest run. */
const wasReady = (record: ContainerRecord, look: Look): boolean =>
  isSeenRun(record, look) && (record.health.lastReadyAt ?? 0) >= (record.life.run?.since ?? Infinity);

/**
 * An act of ours ended that run: one under way when it died, or a restart that timed out, or in which our process ended,
 * and whose stop came later. Not so when a new run began in between, as that of a short job.
 */
function isEndedByUs(record: ContainerRecord, { container, byUs, rules }: Look, diedAt: number): boolean {
  if (byUs && (record.life.run === null || record.life.run.startedAt === container.startedAt)) return true;
  const since = record.healing.restartingSince;
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
const isOpenQuestion = ({ stoppedBy, at }: Death, { healing: { attempts } }: ContainerRecord): boolean =>
  stoppedBy === 'pending' || (stoppedBy === 'unknown' && attempts.every((attempt) => attempt.at < at));

/** A death seen before: the engine may tell more of it by now. */
function judging(record: ContainerRecord, look: Look, happened: Happening[]): ContainerRecord {
  const { death } = record.life;
  if (death === null || record.life.up || !isDown(look.container)) return record;
  const fresh = happened.some(({ kind }) => kind === 'died');
  let judged = death;
  if (isOpenQuestion(death, record) && !fresh) {
    const { evidence, tells, now } = look;
    if (evidence?.restartedByPolicy) judged = { ...judged, ...BY_NOBODY };
    else if (tellOfStop(evidence, tells, death.afterOurStart))
      judged = { ...judged, stoppedBy: 'person', pendingUntil: null };
    else if (death.stoppedBy === 'pending' && now >= (death.pendingUntil ?? 0)) {
      judged = {
        ...judged,
        stoppedBy: isHeard(evidence) && !cleanedUpTwice(evidence) ? 'nobody' : 'unknown',
        pendingUntil: null,
      };
    }
  }
  // Somebody ran a stop on it while it was down: that, too, says that it shall be off.
  const stoppedWhileDown =
    !fresh && !look.byUs && death.flagged === false && look.container.stoppedByUser === true;
  if (stoppedWhileDown) judged = { ...judged, flagged: true, stoppedBy: 'person', pendingUntil: null };
  if (look.fullCheck && !fresh && !death.confirmed) judged = { ...judged, confirmed: true };
  const byPerson = judged.stoppedBy === 'person' && (fresh || death.stoppedBy !== 'person');
  // What is told late of a death does not overrule what a person asked for after it.
  const isLatestWord = stoppedWhileDown || !isAskedForSince(record.intent, judged);
  if (byPerson && isLatestWord && record.intent.hold === null && record.intent.wish.value === 'running') {
    happened.push({ kind: 'stopped-by-person' });
    return {
      ...record,
      intent: { ...record.intent, wish: { value: 'stopped', by: 'engine', who: null, at: judged.at } },
      life: { ...record.life, death: judged },
    };
  }
  return judged === death ? record : { ...record, life: { ...record.life, death: judged } };
}

function health(record: ContainerRecord, { container, now }: Look): ContainerRecord {
  const unhealthy = believedHealth(container, now) === 'unhealthy';
  const ready = isReady(container, record.life, now);
  const unhealthySince = unhealthy ? (record.health.unhealthySince ?? now) : null;
  const readySince = ready ? (record.health.readySince ?? now) : null;
  if (unhealthySince === record.health.unhealthySince && readySince === record.health.readySince)
    return record;
  return {
    ...record,
    health: { unhealthySince, readySince, lastReadyAt: ready ? now : record.health.lastReadyAt },
  };
}

/** Up and not unhealthy for long enough: all is forgotten. */
function stability(record: ContainerRecord, { rules, now }: Look, happened: Happening[]): ContainerRecord {
  if (
    record.healing.attempts.length === 0 &&
    record.healing.givenUp === null &&
    !record.healing.rearmedByDependency
  )
    return record;
  if (!record.life.up || record.health.unhealthySince !== null || now < stableAt(record, rules))
    return record;
  happened.push({ kind: 'stable' });
  return { ...record, healing: { ...rearm(record.healing), rearmedByDependency: false } };
}

/** A loop under the engine's own policy, which goes on without us: told, never touched. */
function engineLoop(
  record: ContainerRecord,
  known: ContainerRecord | undefined,
  { container, rules, now }: Look,
  happened: Happening[],
): ContainerRecord {
  const more = container.engineRestarts - record.loop.engineRestarts;
  const recent = record.loop.engineDeaths.filter((at) => now - at < ENGINE_LOOP_WINDOW_MS);
  if (more === 0 && recent.length === record.loop.engineDeaths.length) return record;
  // The engine counts also the restarts that fail, after which nothing dies.
  const began = known !== undefined && !isKnownRun(known.life, container);
  const added = began ? Math.min(Math.max(more, 0), rules.maxAttempts + 1) : 0;
  const engineDeaths = [...recent, ...Array.from({ length: added }, () => now)].slice(-50);
  const next = {
    ...record,
    loop: { ...record.loop, engineDeaths, engineRestarts: container.engineRestarts },
  };
  return loopState(next, engineDeaths.length, ENGINE_LOOP_WINDOW_MS, rules.maxAttempts, now, happened);
}

const isKnownRun = ({ run, death }: Life, { startedAt }: Container): boolean =>
  run?.startedAt === startedAt || death?.key.startsWith(`${startedAt ?? 0}-`) === true;

function ownLoop(record: ContainerRecord, { rules, now }: Look, happened: Happening[]): ContainerRecord {
  const healedDeaths = record.loop.healedDeaths.filter((at) => now - at < DAY);
  if (healedDeaths.length === 0 && record.loop.healedDeaths.length === 0) return record;
  const next =
    healedDeaths.length === record.loop.healedDeaths.length
      ? record
      : { ...record, loop: { ...record.loop, healedDeaths } };
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
  if (deaths > allowed && record.loop.since === null) {
    happened.push({ kind: 'crash-loop', deaths, windowMs });
    return { ...record, loop: { ...record.loop, since: now } };
  }
  const quiet = record.loop.engineDeaths.length === 0 && record.loop.healedDeaths.length === 0;
  if (record.loop.since !== null && quiet) {
    happened.push({ kind: 'crash-loop-over' });
    return { ...record, loop: { ...record.loop, since: null } };
  }
  return record;
}
