import { asSentence, readable } from '../../common/text/index.js';
import { act, leave, leaveUntilChanged, wait, type Decision } from './decision.js';
import {
  attemptInWords,
  attemptsUsedUp,
  backingOff,
  finalAttempt,
  finalAttemptEnds,
  giveUp,
  wasGivenUp,
} from './guards-attempts.js';
import {
  dependencyMissing,
  inOrder,
  passive,
  requirementGone,
  restartLacksSpace,
} from './guards-surroundings.js';
import { CALM_AFTER_MS } from './learn/flapping.js';
import { loopIsOverAt } from './learn/loop.js';
import { believedHealth, isOutlived, stableAt, wordsOfFailure } from './readiness.js';
import { shortId, type ProbedHealth } from '../runtime/index.js';
import type { Healing, HealthRecord, LoopRecord } from './record.js';
import { firstOf, type Guard, type Situation } from './situation.js';
import { cutOffInWords, inWords, progressInWords, roughlyInWords, timeAndDay, timeOfDay } from './words.js';

const BEFORE_LEAK_RESTART: readonly Guard[] = [
  requirementGone,
  dependencyMissing,
  restartLacksSpace,
  passive,
  inOrder,
];
const BEFORE_HEALTH_RESTART: readonly Guard[] = [
  requirementGone,
  wasGivenUp,
  dependencyMissing,
  restartLacksSpace,
  attemptsUsedUp,
  passive,
  backingOff,
  inOrder,
];

/** After the last attempt: not ready by the time the next one would have followed. */
export function stillUnready(situation: Situation): Decision | null {
  const { container, record, rules, now } = situation;
  const last = finalAttempt(situation);
  if (last === null || record.healing.givenUp !== null) return null;
  if (rules.unhealthy === 'ignore' || believedHealth(container, now) === 'none') return null;
  if (wasReadySince(last.at, record.health) || container.probed?.health === 'not-yet') return null;
  const dueAt = Math.max(
    finalAttemptEnds(last, rules),
    last.at + (container.healthCheck?.startPeriodMs ?? 0),
  );
  return now < dueAt ? null : giveUp(situation, 'It runs, but is not healthy. It may need you.');
}

const wasReadySince = (at: number, { lastReadyAt }: HealthRecord): boolean =>
  lastReadyAt !== null && lastReadyAt >= at;

export function dependencyCameBackAnew(situation: Situation): Decision | null {
  const { restartedDependency } = situation.surroundings;
  if (restartedDependency === null || situation.record.intent.wish.value === 'stopped') return null;
  const { name, shares } = restartedDependency;
  return (
    restartLacksSpace(situation) ??
    passive(situation) ??
    inOrder(situation) ??
    act(
      'restart',
      'restart-after-dependency',
      shares.length === 0
        ? `${name} came back; restarting it, as its rules ask.`
        : `${cutOffInWords(restartedDependency)}; restarting it.`,
    )
  );
}

/** Its own process lives on in a network that leads nowhere. */
export function cutOffForGood({ record, surroundings: { goneRequirement } }: Situation): Decision | null {
  const shares = goneRequirement?.shares.filter(isOutlived) ?? [];
  if (shares.length === 0 || record.intent.wish.value === 'stopped') return null;
  const gone = `the ${shares.join(' and ')} of the container ${shortId(goneRequirement!.id)}, which is gone`;
  return leave('cut-off', `A restart would end it for good: it runs in ${gone}. It must be made anew.`);
}

/** All looks well in it, and nothing reaches it. */
export function cutOffForNow({ record, surroundings: { cutOffFrom } }: Situation): Decision | null {
  if (cutOffFrom === null || record.intent.wish.value === 'stopped') return null;
  const { name, shares } = cutOffFrom;
  return wait(
    'waiting-for-dependency',
    `Waits: it runs in the ${shares.join(' and ')} of ${name}, which is down.`,
    {
      blockedBy: [name],
    },
  );
}

export function leaking(situation: Situation): Decision | null {
  if (!situation.surroundings.leakRestartDue) return null;
  return (
    firstOf(BEFORE_LEAK_RESTART, situation) ??
    act(
      'restart',
      'restart-leaking',
      'It leaks memory, and this is its time for a restart. Restarting it now.',
    )
  );
}

export function failingItsCheck(situation: Situation): Decision | null {
  const { container, record, rules, now } = situation;
  if (believedHealth(container, now) !== 'unhealthy') return null;
  const since = record.health.unhealthySince ?? now;
  if (rules.unhealthy === 'ignore')
    return leaveUntilChanged('unhealthy-ignored', 'Unhealthy; set to be left alone.');
  const dueAt = since + rules.unhealthyForMs;
  if (now < dueAt) {
    return wait(
      'unhealthy-watching',
      `Unhealthy${whyInWords(container)} If that lasts until ${timeOfDay(dueAt, true)}, ${rules.unhealthy === 'notify' ? 'you are told' : 'it is restarted'}.`,
      { dueAt },
    );
  }
  return rules.unhealthy === 'notify'
    ? unhealthyLeftAlone(situation, since)
    : restartUnhealthy(situation, since);
}

const CHECK_CHARACTERS = 200;

function whyInWords(container: Situation['container']): string {
  const words = readable(wordsOfFailure(container) ?? '', CHECK_CHARACTERS).replace(/\s+/g, ' ');
  return words === '' ? '.' : `: ${asSentence(words)}`;
}

function unhealthyLeftAlone(situation: Situation, since: number): Decision {
  const why =
    situation.rules.origin['unhealthy'] === 'preset'
      ? 'a restart could harm its data'
      : 'it is set to tell, not to restart';
  return (
    dependencyMissing(situation) ??
    leave(
      'unhealthy-told',
      `Its health check has failed since ${timeOfDay(since)}. Left alone because ${why}.`,
    )
  );
}

function restartUnhealthy(situation: Situation, since: number): Decision {
  const { container, record, rules, now } = situation;
  const attempt = attemptInWords(record.healing, rules);
  return (
    firstOf(BEFORE_HEALTH_RESTART, situation) ??
    act(
      'restart',
      'restart-unhealthy',
      `Failed its health check for ${inWords(now - since)}.${answerInWords(container)} Restarting it now, ${attempt}.`,
    )
  );
}

/** It asks for patience itself, and a restart would only make it begin anew. */
export function notReadyYet({ container: { probed }, now }: Situation): Decision | null {
  if (probed?.health !== 'not-yet') return null;
  const dueAt = probed.patienceUntil ?? now;
  const words = progressInWords(probed);
  if (now < dueAt) return leave('not-yet', `Not ready yet: ${words}`, { dueAt });
  return leave(
    'not-yet-for-long',
    probed.needsPerson ? `It needs you: ${words}` : `It gets no further: ${words}`,
  );
}

/** A node that has everything says 0.99999 for ever. */
const ALL_BUT_DONE = 0.9995;

/** It works while it synchronises, say. */
const isOnItsWay = (probed: ProbedHealth | undefined): probed is ProbedHealth =>
  probed?.health === 'ok' && probed.share !== null && probed.share < ALL_BUT_DONE;

/** What its probe said, as a further sentence; of the engine's check, the evidence tells. */
const answerInWords = ({ probed }: Pick<Situation['container'], 'probed'>): string =>
  probed?.health === 'failed' ? ` ${probed.sentence}` : '';

export function comingUp({ container, now }: Situation): Decision | null {
  return believedHealth(container, now) === 'starting'
    ? leave('starting', 'Starting: its health check has not passed yet.')
    : null;
}

/** It keeps crashing: that it is up says little until it has been so for long. */
export function keepsCrashing({ record, rules, now }: Situation): Decision | null {
  const { loop, life } = record;
  if (loop.since === null) return null;
  const upSince = life.run?.since ?? now;
  const dueAt = stableAt(record, rules);
  if (now < dueAt) {
    return wait(
      'crash-looping',
      `Crashed ${crashesInWords(loop, now)}. Up since ${timeOfDay(upSince, true)}; once up until ${timeOfDay(dueAt)}, it counts as stable.`,
      { dueAt },
    );
  }
  const overAt = loopIsOverAt(loop);
  return leave(
    'crashed-often',
    `Up for ${roughlyInWords(now - upSince)}; crashed ${crashesInWords(loop, now)}; counts as over at ${timeAndDay(overAt, now)} if it crashes no more.`,
    { dueAt: overAt },
  );
}

function crashesInWords({ engineDeaths, healedDeaths }: LoopRecord, now: number): string {
  const deaths = engineDeaths.length > 0 ? engineDeaths : healedDeaths;
  return `${deaths.length === 1 ? 'once' : `${deaths.length} times`} since ${timeAndDay(deaths[0]!, now)}`;
}

/** Its health check passes for the moment: that says little until it has done so for long. */
export function flaps({ record: { health }, now }: Situation): Decision | null {
  const { flappingSince, readySince } = health;
  if (flappingSince === null) return null;
  const dueAt = (readySince ?? now) + CALM_AFTER_MS;
  return wait(
    'flapping',
    `Its health check fails again and again since ${timeAndDay(flappingSince, now)}. Once healthy without a break until ${timeOfDay(dueAt)}, that counts as over.`,
    { dueAt },
  );
}

/** Docker starts at its own start what has the policy `always`, whoever stopped it. */
export function revivedByEngine({ container, record: { intent, life } }: Situation): Decision | null {
  if (intent.wish.value === 'running' || !life.run?.revived) return null;
  return leaveUntilChanged(
    'revived-by-engine',
    `It had been stopped, and the engine started it when it came up itself, as its restart policy says ` +
      `(${container.restartPolicy}). With \`unless-stopped\` it would have stayed off.`,
  );
}

export function fine({ container, record, rules, now }: Situation): Decision {
  if (record.healing.attempts.length > 0) {
    const dueAt = stableAt(record, rules);
    return wait(
      'settling-in',
      `Up again after ${attemptsMade(record.healing)}. Once up until ${timeOfDay(dueAt)}, it counts as stable.`,
      { dueAt },
    );
  }
  // Its time of day for a restart comes without any change.
  const well = rules.onLeak === 'restart' ? leave : leaveUntilChanged;
  if (isOnItsWay(container.probed))
    return well('healthy', `Works, and goes on: ${progressInWords(container.probed)}`);
  if (believedHealth(container, now) === 'healthy') return well('healthy', 'Healthy. Nothing to do.');
  return container.healthCheck !== null && container.health !== 'none'
    ? well('healthy', 'Up. Its health check does not run on this host, so nothing more is known.')
    : well('healthy', 'Up. Nothing to do.');
}

const attemptsMade = ({ attempts }: Healing): string =>
  attempts.length === 1 ? '1 attempt' : `${attempts.length} attempts`;
