import { act, leave, leaveUntilChanged, wait, type Decision } from './decision.js';
import { meaningOf } from './decision-catalogue.js';
import { exitLeftAlone } from './guards-down.js';
import { personActedSince } from './person-acted-since.js';
import type { Healing } from './record.js';
import type { Situation } from './situation.js';
import { timeOfDay } from './words.js';

/** A restart policy of the engine's own goes first, and what it leaves down it mostly leaves down on purpose. */
export function engineFirst(situation: Situation): Decision | null {
  if (!isForEngine(situation)) return null;
  const first = doneForEngine(situation) ?? engineGoesFirst(situation);
  if (first !== null || situation.surroundings.notStartedSinceBoot || isBeyondItsPolicy(situation))
    return first;
  return situation.container.restartPolicy === 'on-failure'
    ? engineUsedUpItsTries(situation)
    : engineLeftIt(situation);
}

function isForEngine({ container, record: { intent, life } }: Situation): boolean {
  const hasPolicy = container.restartPolicy !== 'none';
  const { death } = life;
  if (death === null) return hasPolicy;
  // Stopped by a person, and still wished running: that was during a hold.
  if (death.stoppedBy === 'person' || personActedSince(intent, death)) return false;
  return death.endedBy === 'restart' || (hasPolicy && death.endedBy !== 'us');
}

function doneForEngine({ container, record: { life } }: Situation): Decision | null {
  const { death } = life;
  if (container.restartPolicy !== 'on-failure' || death?.exitCode !== 0) return null;
  if (death.withHost || death.endedBy !== null) return null;
  return leaveUntilChanged(
    'finished',
    'Ended by itself with code 0, which its restart policy takes for done; left off.',
  );
}

function engineGoesFirst({ record: { life }, rules, now }: Situation): Decision | null {
  const { death, firstSeenAt } = life;
  const dueAt = (death?.at ?? firstSeenAt) + rules.engineGraceMs;
  if (now >= dueAt) return null;
  const why = death?.endedBy === 'restart' ? 'restarts it' : 'has a restart policy for it';
  return wait('engine-goes-first', `The engine ${why} and goes first, until ${timeOfDay(dueAt, true)}.`, {
    dueAt,
  });
}

/** The engine takes it to be stopped on purpose or to be running, or it is to be healed whatever ended it. */
function isBeyondItsPolicy({ container, record, rules }: Situation): boolean {
  const { death, firstSeenAt, flaggedWhileUp } = record.life;
  if (death === null) return false;
  const adopted = rules.adoptStopped && death.at < firstSeenAt;
  return death.endedBy !== null || container.processVanished || flaggedWhileUp || adopted;
}

const engineUsedUpItsTries = (situation: Situation): Decision =>
  exitLeftAlone(situation) ??
  engineGaveUp(
    situation.record.healing,
    'The engine used up the tries of its restart policy. It may need you.',
  );

function engineLeftIt({ container, record, surroundings }: Situation): Decision | null {
  const { healing, life, shown } = record;
  const { restartPolicy } = container;
  const taken =
    healing.attempts.length > 0 || (shown.decision !== null && meaningOf(shown.decision).takesOver);
  if (taken || surroundings.blockers.length > 0) return null;
  if (life.death?.stoppedBy === 'nobody') {
    return engineGaveUp(
      healing,
      `Its restart policy (${restartPolicy}) does not bring it back. It may need you.`,
    );
  }
  return leave(
    'engine-left-it',
    `Its restart policy (${restartPolicy}) leaves it down, as after a stop by hand; left off.`,
  );
}

const engineGaveUp = ({ givenUp }: Healing, reason: string): Decision =>
  givenUp === null ? act('give-up', 'engine-gave-up', reason) : leave('engine-gave-up', reason);
