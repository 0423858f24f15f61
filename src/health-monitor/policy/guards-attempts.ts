import { act, wait, type Decision } from './decision.js';
import { isUp } from './readiness.js';
import type { Attempt, GivenUp, Healing } from './record.js';
import { backoffAfter, type Rules } from './rules.js';
import type { Situation } from './situation.js';
import { inWords, timeOfDay } from './words.js';

/** The last attempt, when no other follows; `null`: one may. */
export function finalAttempt({ record: { healing }, rules }: Situation): Attempt | null {
  return healing.attempts.length < rules.maxAttempts ? null : (healing.attempts.at(-1) ?? null);
}

/** When the final attempt is taken to have failed, at the latest. */
export const finalAttemptEnds = ({ at }: Attempt, rules: Rules): number =>
  at + backoffAfter(rules.maxAttempts, rules);

export function wasGivenUp({ record, rules, surroundings, now }: Situation): Decision | null {
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

export function attemptsUsedUp(situation: Situation): Decision | null {
  const { container, record, rules, now } = situation;
  const last = finalAttempt(situation);
  if (last === null) return null;
  const { death } = record.life;
  const dueAt = finalAttemptEnds(last, rules);
  const diedAfter = !isUp(container) && death !== null && death.at >= last.at;
  if (last.outcome === 'refused' || diedAfter || now >= dueAt) return giveUp(situation, 'It may need you.');
  const { length } = record.healing.attempts;
  return wait(
    'awaiting-outcome',
    `Attempt ${length} of ${rules.maxAttempts} was made; waiting to see how it ends.`,
    { dueAt },
  );
}

export function giveUp({ record, rules, now }: Situation, what: string): Decision {
  const dueAt = rearmAt(record.healing, { at: now }, rules);
  return act(
    'give-up',
    'give-up',
    `${attemptsInWords(record.healing, rules)} ${what} Next try at ${timeOfDay(dueAt)}.`,
    { dueAt },
  );
}

export function backingOff({ record, rules, now }: Situation): Decision | null {
  const last = record.healing.attempts.at(-1);
  if (!last) return null;
  const number = record.healing.attempts.length;
  const dueAt = Math.max(record.life.death?.at ?? 0, last.at + backoffAfter(number, rules));
  if (now >= dueAt) return null;
  return wait(
    'backing-off',
    `Attempt ${number} ${HOW_IT_FAILED[last.outcome]}; attempt ${number + 1} follows at ${timeOfDay(dueAt, true)}.`,
    { dueAt },
  );
}

/** When a container that was given up gets new attempts: counted from the last attempt. */
export function rearmAt(
  { attempts }: Pick<Healing, 'attempts'>,
  givenUp: Pick<GivenUp, 'at'>,
  rules: Pick<Rules, 'rearmAfterMs'>,
): number {
  return (attempts.at(-1)?.at ?? givenUp.at) + rules.rearmAfterMs;
}

// ------------------------------------------------------------------------------------------------------- words

export const attemptInWords = ({ attempts }: Healing, rules: Rules): string =>
  `attempt ${attempts.length + 1} of ${rules.maxAttempts}`;

const HOW_IT_FAILED: Readonly<Record<Attempt['outcome'], string>> = {
  refused: 'was refused',
  'timed-out': 'was not answered in time',
  done: 'did not last',
  pending: 'did not last',
};

const attemptsInWords = ({ attempts }: Healing, rules: Rules): string =>
  attempts.length === 0 ? 'Given up.' : `${attempts.length} of ${rules.maxAttempts} attempts failed.`;
