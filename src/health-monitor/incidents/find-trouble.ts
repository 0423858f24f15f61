import type { ContainerRecord, Death, Decision, DecisionMeaning, Healing, NewRun } from '../policy/index.js';
import { believedHealth, cutOffInWords, endInWords, isDown, isUp, meaningOf } from '../policy/index.js';
import type { Container } from '../runtime/index.js';
import type { Trouble } from './condition.js';

export const isLeftOnPurpose = (decision: Pick<Decision, 'code'>): boolean =>
  meaningOf(decision).problem === 'no';

/**
 * What is wrong with a container, or `null`: all is well, meant to be so, or not known yet. `cutOffBy`: the new run of a
 * dependency in whose former namespaces it runs.
 */
export function findTrouble(
  container: Container,
  record: ContainerRecord,
  decision: Decision,
  now: number,
  cutOffBy: NewRun | null = null,
): Trouble | null {
  const { problem, untreated } = meaningOf(decision);
  if (problem === 'no') return null;
  if (untreated === 'stuck') return stuck(container, record, now);
  if (record.loop.since !== null)
    return { kind: 'crash-loop', since: record.loop.since, reason: 'It keeps crashing.' };
  if (cutOffBy !== null && isUp(container)) return cutOff(record, cutOffBy);
  if (untreated === 'cut-off') return cutOffForGood(record, now);
  if (isUp(container) && record.health.flappingSince !== null)
    return { kind: 'flapping', since: record.health.flappingSince, reason: 'Its health goes to and fro.' };
  if (untreated === 'not-ready') return notReady(container, now);
  if (problem === 'unknown') return null;
  return isDown(container) ? down(record, untreated) : unhealthy(container, record, now);
}

function stuck({ state }: Container, record: ContainerRecord, now: number): Trouble | null {
  // Whoever has just asked for its end hears of it in the answer to that.
  if (record.intent.wish.value !== 'running') return null;
  return {
    kind: 'down',
    since: record.life.unsettledSince ?? now,
    reason: `It is stuck in the state "${state}".`,
  };
}

function cutOff({ intent: { wish } }: ContainerRecord, by: NewRun): Trouble | null {
  if (wish.value !== 'running') return null;
  return { kind: 'unhealthy', since: by.startedAt, reason: `${cutOffInWords(by)}.` };
}

const notReady = ({ probed }: Container, now: number): Trouble => ({
  kind: 'unhealthy',
  since: probed?.since ?? now,
  reason: probed?.needsPerson ? probed.sentence : 'It does not get ready.',
});

const cutOffForGood = ({ shown: { decision } }: ContainerRecord, now: number): Trouble => ({
  kind: 'unhealthy',
  since: decision?.at ?? now,
  reason: 'It is cut off from what it needs.',
});

function down(record: ContainerRecord, untreated: DecisionMeaning['untreated']): Trouble | null {
  const { death } = record.life;
  if (death === null) return null;
  const { at: since, exitCode, oomKilled } = death;
  const whatWentDown = whatItWentDownWith(death);
  if (whatWentDown === null) return { kind: 'down', since, reason: `It ${endInWords(exitCode, oomKilled)}.` };
  // The first start after that came up is no incident, unless it fails, or is not ours to make.
  if (untreated === 'any') return { kind: 'down', since, reason: `It went down with ${whatWentDown}.` };
  return hasFailedToStart(record.healing)
    ? { kind: 'down', since, reason: `It does not start since ${whatWentDown} came up.` }
    : null;
}

/** `null`: it ended on its own. */
function whatItWentDownWith({ withHost, endedBy }: Death): string | null {
  if (withHost) return 'the host';
  return endedBy === 'engine' ? 'the engine' : null;
}

const hasFailedToStart = ({ attempts, givenUp }: Healing): boolean =>
  givenUp !== null || attempts.some(({ outcome }) => outcome === 'refused' || outcome === 'timed-out');

function unhealthy(
  container: Container,
  { health: { unhealthySince: since } }: ContainerRecord,
  now: number,
): Trouble | null {
  if (!isUp(container) || since === null || believedHealth(container, now) !== 'unhealthy') return null;
  return { kind: 'unhealthy', since, reason: 'Its health check fails.' };
}
