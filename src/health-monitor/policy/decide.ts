import type { Container } from '../runtime/index.js';
import { personActedSince } from './person-acted-since.js';
import { act, leave, wait, type Decision } from './decision.js';
import { meaningOf } from './decision-catalogue.js';
import { judgeExit } from './judge-exit.js';
import { believedHealth, isDown, isUp, stableAt } from './readiness.js';
import type { ContainerRecord, Death, GivenUp, Healing } from './record.js';
import { backoffAfter, type Rules } from './rules.js';
import type { Surroundings } from './surroundings.js';
import { exitInWords, inWords, listed, timeOfDay } from './words.js';

/** Everything one decision is made from. */
export interface Situation {
  readonly container: Container;
  readonly record: ContainerRecord;
  readonly surroundings: Surroundings;
  readonly rules: Rules;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** One reason to decide in a certain way, or `null` when it does not apply. */
type Guard = (situation: Situation) => Decision | null;

const BEFORE_ALL: readonly Guard[] = [notOurs, actUnderWay, onHold, stateOfNoConcern];
const WHEN_UP: readonly Guard[] = [
  ...BEFORE_ALL,
  stillUnready,
  dependencyCameBackAnew,
  leaking,
  failingItsCheck,
  comingUp,
  fine,
];
const WHEN_DOWN: readonly Guard[] = [
  ...BEFORE_ALL,
  wishedStopped,
  hostGoesDown,
  engineFirst,
  exitLeftAlone,
  wasGivenUp,
  dependencyMissing,
  attemptsUsedUp,
  passive,
  backingOff,
  inOrder,
];

/** A passing state that outlives the stop timeout by so much does not pass by itself. */
const STUCK_AFTER_MS = 5 * 60_000;

/**
 * Decides what to do with one container, and says why in one sentence. Pure: the same situation gives the same
 * decision. The guards are asked in order and the first that applies wins.
 */
export function decide(situation: Situation): Decision {
  for (const guard of isUp(situation.container) ? WHEN_UP : WHEN_DOWN) {
    const decision = guard(situation);
    if (decision !== null) return decision;
  }
  return start(situation);
}

function notOurs({ container, rules, surroundings }: Situation): Decision | null {
  if (rules.ignore)
    return leave(
      'ignored',
      `Ignored by ${rules.origin['ignore'] === 'label' ? 'its label' : 'the configuration'}.`,
    );
  if (surroundings.ourselves)
    return leave('ourselves', 'The monitor itself runs in it; left to its own engine.');
  if (container.labels['PODMAN_SYSTEMD_UNIT'] !== undefined)
    return leave('systemd-restarts-it', 'systemd restarts this one.');
  if (rules.backend)
    return leave('backend-not-watched', 'Only apps are watched, and this one serves another app.');
  if (container.autoRemove)
    return leave('vanishes-by-design', 'The engine removes it when it ends; never healed.');
  return null;
}

function actUnderWay({ surroundings: { acting }, rules }: Situation): Decision | null {
  if (acting === null) return null;
  const verb = { start: 'Starting', stop: 'Stopping', restart: 'Restarting' }[acting.kind];
  return wait(
    'acting',
    acting.attempt === null
      ? `${verb} it now.`
      : `${verb} it now, attempt ${acting.attempt} of ${rules.maxAttempts}.`,
  );
}

function onHold({
  record: {
    intent: { hold },
  },
  now,
}: Situation): Decision | null {
  if (hold === null || (hold.until !== null && hold.until <= now)) return null;
  return hold.until === null
    ? leave('held', `On hold until released: ${hold.reason}`)
    : wait('held', `On hold until ${timeOfDay(hold.until)}: ${hold.reason}`, { dueAt: hold.until });
}

function stateOfNoConcern(situation: Situation): Decision | null {
  const { container } = situation;
  if (isUp(container) || isDown(container)) return null;
  const dueAt = stuckAt(situation);
  switch (container.state) {
    case 'created':
    case 'configured':
    case 'initialized':
      return leave('never-started', 'It was never started; left alone.');
    case 'paused':
      return leave('paused', 'Paused by hand; left alone.');
    case 'restarting':
    case 'stopping':
    case 'removing':
      return (
        stuck(situation) ??
        wait('in-transition', `The engine is ${container.state} it; left alone meanwhile.`, { dueAt })
      );
    case 'running':
    case 'exited':
    case 'stopped':
    case 'unknown':
      return (
        stuck(situation) ??
        wait('unknown-state', `Its state "${container.state}" is not known here; left alone.`, { dueAt })
      );
  }
}

/** It should have passed to another state long ago: nothing that we could do helps, but a person must know. */
function stuck(situation: Situation): Decision | null {
  const { container, record, surroundings, now } = situation;
  if (surroundings.shuttingDown || now < stuckAt(situation)) return null;
  const { name, state } = container;
  const since = timeOfDay(record.life.unsettledSince ?? now);
  const reason =
    state === 'unknown'
      ? `It has been in a state that is not known here since ${since}. Look at it with "podman inspect ${name}".`
      : `The engine has been ${state} it since ${since}, and does not get it done. It needs you. ` +
        (state === 'removing'
          ? `Try "podman rm --force ${name}".`
          : `Try "podman kill ${name}"; if that does not help, create it anew or restart the host.`);
  return leave('stuck', reason);
}

/** The longest stop that it is allowed, and then some: milliseconds since 1970. */
function stuckAt({ container, record, rules, now }: Situation): number {
  const stopTimeoutMs = Math.max(rules.stopTimeoutMs, container.stopTimeoutMs);
  return (record.life.unsettledSince ?? now) + stopTimeoutMs + STUCK_AFTER_MS;
}

// ---------------------------------------------------------------------------------------------------------- up

/** After the last attempt: not ready by the time the next one would have followed. */
function stillUnready(situation: Situation): Decision | null {
  const { container, record, rules, now } = situation;
  const last = record.healing.attempts.at(-1);
  if (!last || record.healing.givenUp || record.healing.attempts.length < rules.maxAttempts) return null;
  if (rules.unhealthy === 'ignore' || believedHealth(container, now) === 'none') return null;
  if ((record.health.lastReadyAt ?? 0) >= last.at) return null;
  const startPeriod = container.healthCheck?.startPeriodMs ?? 0;
  const dueAt = last.at + Math.max(backoffAfter(rules.maxAttempts, rules), startPeriod);
  if (now < dueAt) return null;
  return giveUp(situation, 'It runs, but is not healthy. It may need you.');
}

function dependencyCameBackAnew(situation: Situation): Decision | null {
  const { surroundings } = situation;
  if (surroundings.restartedDependency === null) return null;
  return (
    passive(situation) ??
    inOrder(situation) ??
    act(
      'restart',
      'restart-after-dependency',
      `${surroundings.restartedDependency} came back; restarting it, as its rules ask.`,
    )
  );
}

function leaking(situation: Situation): Decision | null {
  if (!situation.surroundings.leakRestartDue) return null;
  return (
    dependencyMissing(situation) ??
    passive(situation) ??
    inOrder(situation) ??
    act(
      'restart',
      'restart-leaking',
      'It leaks memory, and this is its time for a restart. Restarting it now.',
    )
  );
}

function failingItsCheck(situation: Situation): Decision | null {
  const { container, record, rules, now } = situation;
  if (believedHealth(container, now) !== 'unhealthy') return null;
  const since = record.health.unhealthySince ?? now;
  const lasted = inWords(now - since);
  if (rules.unhealthy === 'ignore') return leave('unhealthy-ignored', 'Unhealthy; set to be left alone.');
  const dueAt = since + rules.unhealthyForMs;
  if (now < dueAt) {
    return wait(
      'unhealthy-watching',
      `Unhealthy. If that lasts until ${timeOfDay(dueAt, true)}, it is dealt with.`,
      { dueAt },
    );
  }
  if (rules.unhealthy === 'notify') {
    const why =
      rules.origin['unhealthy'] === 'preset'
        ? 'a restart could harm its data'
        : 'it is set to tell, not to restart';
    return (
      dependencyMissing(situation) ??
      leave('unhealthy-told', `Its health check fails since ${timeOfDay(since)}. Left alone because ${why}.`)
    );
  }
  return (
    wasGivenUp(situation) ??
    dependencyMissing(situation) ??
    attemptsUsedUp(situation) ??
    passive(situation) ??
    backingOff(situation) ??
    inOrder(situation) ??
    act(
      'restart',
      'restart-unhealthy',
      `Failed its health check for ${lasted}. Restarting it now, ${attemptInWords(record.healing, rules)}.`,
    )
  );
}

function comingUp({ container, now }: Situation): Decision | null {
  return believedHealth(container, now) === 'starting'
    ? leave('starting', 'Starting: its health check has not passed yet.')
    : null;
}

function fine({ container, record, rules, now }: Situation): Decision {
  if (record.healing.attempts.length > 0) {
    const dueAt = stableAt(record, rules);
    return wait(
      'settling-in',
      `Up again after ${attemptsMade(record.healing)}. Once up until ${timeOfDay(dueAt)}, it counts as stable.`,
      { dueAt },
    );
  }
  if (believedHealth(container, now) === 'healthy') return leave('healthy', 'Healthy. Nothing to do.');
  return container.healthCheck !== null && container.health !== 'none'
    ? leave('healthy', 'Up. Its health check does not run on this host, so nothing more is known.')
    : leave('healthy', 'Up. Nothing to do.');
}

// -------------------------------------------------------------------------------------------------------- down

function wishedStopped({
  record: {
    intent: { wish },
  },
}: Situation): Decision | null {
  if (wish.value === 'running') return null;
  switch (wish.by) {
    case 'first-sight':
      return leave('stopped-at-first-sight', 'It was off when the monitor first saw it; left off.');
    case 'engine':
      return leave('stopped-by-person', `Stopped by hand at ${timeOfDay(wish.at)}; left off.`);
    case 'person':
      return leave(
        'stopped-by-person',
        `Stopped by ${wish.who ?? 'you'} at ${timeOfDay(wish.at)}; left off.`,
      );
  }
}

function hostGoesDown({ surroundings: { shuttingDown } }: Situation): Decision | null {
  return shuttingDown
    ? leave('shutting-down', 'The server is shutting down; nothing is started, and nothing judged.')
    : null;
}

function exitLeftAlone(situation: Situation): Decision | null {
  const { container, record, rules } = situation;
  const { death } = record.life;
  if (death === null || personActedSince(record.intent, death)) return null;
  if (restartsAlways(container) && !record.life.flaggedWhileUp) return null;
  const judgement = judgeExit(death, rules);
  switch (judgement.heal) {
    case true:
      return null;
    case false:
      return leave(judgement.code, judgement.reason);
    case 'later':
      return wait(judgement.code, judgement.reason, { dueAt: judgement.dueAt ?? undefined });
  }
}

/** A restart policy of the engine's own goes first, and what it leaves down it mostly leaves down on purpose. */
function engineFirst(situation: Situation): Decision | null {
  const { container, record, rules, surroundings, now } = situation;
  const { restartPolicy } = container;
  const { death } = record.life;
  const endedBy = death?.endedBy ?? null;
  if (endedBy === 'us' || (restartPolicy === 'none' && endedBy !== 'restart')) return null;
  // Stopped by a person, and still wished running: that was during a hold.
  if (death !== null && (death.stoppedBy === 'person' || personActedSince(record.intent, death))) return null;
  if (restartPolicy === 'on-failure' && death?.exitCode === 0 && !death.withHost && endedBy === null) {
    return leave(
      'finished',
      'Ended by itself with code 0, which its restart policy takes for done; left off.',
    );
  }
  const dueAt = (death?.at ?? record.life.firstSeenAt) + rules.engineGraceMs;
  if (now < dueAt) {
    return wait(
      'engine-goes-first',
      `Podman ${endedBy === 'restart' ? 'restarts it' : 'has its own restart policy'} and goes first, until ${timeOfDay(dueAt, true)}.`,
      { dueAt },
    );
  }
  if (surroundings.notStartedSinceBoot || isBeyondItsPolicy(situation)) return null;
  if (restartPolicy === 'on-failure') {
    return (
      exitLeftAlone(situation) ??
      engineGaveUp(record.healing, 'Podman used up the tries of its own restart policy. It may need you.')
    );
  }
  const taken =
    record.healing.attempts.length > 0 ||
    (record.shown.decision !== null && meaningOf(record.shown.decision).takesOver);
  if (taken || surroundings.blockers.length > 0) return null;
  if (death?.stoppedBy === 'nobody') {
    return engineGaveUp(
      record.healing,
      `Podman's restart policy (${restartPolicy}) does not bring it back. It may need you.`,
    );
  }
  return leave(
    'engine-left-it',
    `Podman's restart policy (${restartPolicy}) leaves it down, as after a stop by hand; left off.`,
  );
}

/** The engine takes it to be stopped on purpose or to be running, or it is to be healed whatever ended it. */
function isBeyondItsPolicy({ container, record, rules }: Situation): boolean {
  const { death, firstSeenAt, flaggedWhileUp } = record.life;
  if (death === null) return false;
  const adopted = rules.adoptStopped && death.at < firstSeenAt;
  return death.endedBy !== null || container.processVanished || flaggedWhileUp || adopted;
}

const engineGaveUp = ({ givenUp }: Healing, reason: string): Decision =>
  givenUp === null ? act('give-up', 'engine-gave-up', reason) : leave('engine-gave-up', reason);

function wasGivenUp({ record, rules, surroundings, now }: Situation): Decision | null {
  const { givenUp } = record.healing;
  if (givenUp === null) return null;
  const { dependencyBack, dependencyBackAt } = surroundings;
  if (dependencyBackAt !== null && dependencyBackAt > givenUp.at && !record.healing.rearmedByDependency) {
    return act('rearm', 'rearm', `${dependencyBack} is back; trying again.`);
  }
  const dueAt = rearmAt(record.healing, givenUp, rules);
  if (now >= dueAt) {
    return act('rearm', 'rearm', `Trying again, ${inWords(rules.rearmAfterMs)} after the last attempt.`);
  }
  return wait(
    'given-up',
    `${attemptsInWords(record.healing, rules)} It may need you. Next try at ${timeOfDay(dueAt)}.`,
    { dueAt },
  );
}

function attemptsUsedUp(situation: Situation): Decision | null {
  const { container, record, rules, now } = situation;
  const last = record.healing.attempts.at(-1);
  if (!last || record.healing.attempts.length < rules.maxAttempts) return null;
  const refused = last.outcome === 'refused';
  const diedAfter = !isUp(container) && record.life.death !== null && record.life.death.at >= last.at;
  const outOfTime = now >= last.at + backoffAfter(rules.maxAttempts, rules);
  if (!refused && !diedAfter && !outOfTime) {
    return wait(
      'awaiting-outcome',
      `Attempt ${record.healing.attempts.length} of ${rules.maxAttempts} was made; waiting to see how it ends.`,
      {
        dueAt: last.at + backoffAfter(rules.maxAttempts, rules),
      },
    );
  }
  return giveUp(situation, 'It may need you.');
}

function giveUp({ record, rules, now }: Situation, what: string): Decision {
  const dueAt = rearmAt(record.healing, { at: now }, rules);
  return act(
    'give-up',
    'give-up',
    `${attemptsInWords(record.healing, rules)} ${what} Next try at ${timeOfDay(dueAt)}.`,
    { dueAt },
  );
}

function dependencyMissing({ surroundings: { blockers } }: Situation): Decision | null {
  if (blockers.length === 0) return null;
  return wait(
    'waiting-for-dependency',
    `Waits: ${listed(blockers.map(({ name, what }) => `${name} ${what}`))}.`,
    {
      blockedBy: blockers.map(({ name }) => name),
    },
  );
}

/** All that keeps us from acting, whatever there is to do. */
function passive({ container, surroundings, now }: Situation): Decision | null {
  const { shuttingDown } = surroundings;
  if (shuttingDown) return leave('shutting-down', 'The server is shutting down; nothing is started.');
  if (now < surroundings.healingFrom) {
    return wait(
      'start-up-delay',
      `Just started watching; healing begins at ${timeOfDay(surroundings.healingFrom, true)}.`,
      {
        dueAt: surroundings.healingFrom,
      },
    );
  }
  if (surroundings.mode === 'stand-by')
    return leave('standing-by', 'Another process heals; this one only watches.');
  if (surroundings.mode === 'observe') {
    return leave('observing', `Would ${isUp(container) ? 'restart' : 'start'} it now; observing only.`);
  }
  return null;
}

function backingOff({ record, rules, now }: Situation): Decision | null {
  const last = record.healing.attempts.at(-1);
  if (!last) return null;
  const number = record.healing.attempts.length;
  const dueAt = Math.max(record.life.death?.at ?? 0, last.at + backoffAfter(number, rules));
  if (now >= dueAt) return null;
  const failed =
    last.outcome === 'refused'
      ? 'was refused'
      : last.outcome === 'timed-out'
        ? 'was not answered in time'
        : 'did not last';
  return wait(
    'backing-off',
    `Attempt ${number} ${failed}; attempt ${number + 1} follows at ${timeOfDay(dueAt, true)}.`,
    { dueAt },
  );
}

function inOrder({ surroundings: { tierPause, ahead }, now }: Situation): Decision | null {
  if (tierPause !== null && now < tierPause.until) {
    const dueAt = Number.isFinite(tierPause.until) ? tierPause.until : undefined;
    return wait('tier-pause', `${tierPause.after} goes first; this one follows.`, { dueAt });
  }
  if (ahead > 0)
    return wait(
      'in-line',
      `${ahead === 1 ? 'Another one is' : `${ahead} others are`} being started; this one is next.`,
    );
  return null;
}

function start({ container, record, rules }: Situation): Decision {
  const { death } = record.life;
  const ended = death === null ? 'It is down.' : howItEnded(death);
  // An engine that still takes it to be running starts it only after a stop.
  const action = container.processVanished ? 'restart' : 'start';
  return act(action, 'start', `${ended} Starting it now, ${attemptInWords(record.healing, rules)}.`);
}

/** The engine's policy has it always running: no exit of it is an end. */
const restartsAlways = ({ restartPolicy }: Container): boolean =>
  restartPolicy === 'always' || restartPolicy === 'unless-stopped';

// ------------------------------------------------------------------------------------------------------- words

function howItEnded({ withHost, endedBy, exitCode, oomKilled }: Death): string {
  if (withHost) return 'It went down with the host.';
  switch (endedBy) {
    case 'us':
    case 'restart':
      return 'A restart stopped it, and it is not up again.';
    case 'health-action':
      return 'Its health check failed, and Podman ended it.';
    case null:
      return `Stopped with ${exitInWords(exitCode, oomKilled)}.`;
  }
}

const attemptInWords = ({ attempts }: Healing, rules: Rules): string =>
  `attempt ${attempts.length + 1} of ${rules.maxAttempts}`;

const attemptsMade = ({ attempts }: Healing): string =>
  attempts.length === 1 ? '1 attempt' : `${attempts.length} attempts`;

const attemptsInWords = ({ attempts }: Healing, rules: Rules): string =>
  attempts.length === 0 ? 'Given up.' : `${attempts.length} of ${rules.maxAttempts} attempts failed.`;

/** When a container that was given up gets new attempts: counted from the last attempt. */
export function rearmAt(
  { attempts }: Pick<Healing, 'attempts'>,
  givenUp: Pick<GivenUp, 'at'>,
  rules: Pick<Rules, 'rearmAfterMs'>,
): number {
  return (attempts.at(-1)?.at ?? givenUp.at) + rules.rearmAfterMs;
}
