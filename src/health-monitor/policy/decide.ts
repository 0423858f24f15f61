import { isUp } from './readiness.js';
import type { Decision } from './decision.js';
import { assumptionInWords } from './elsewhere.js';
import { actUnderWay, notOurs, onHold, runsOnce, stateOfNoConcern } from './guards-any.js';
import { attemptsUsedUp, backingOff, wasGivenUp } from './guards-attempts.js';
import { exitLeftAlone, hostGoesDown, start, wishedStopped } from './guards-down.js';
import { engineFirst } from './guards-engine.js';
import { infraEndLeftAlone } from './guards-infra.js';
import {
  dependencyMissing,
  inOrder,
  lacksSpace,
  othersUnjudged,
  passive,
  refusedWithOthers,
  requirementGone,
} from './guards-surroundings.js';
import {
  comingUp,
  cutOffForGood,
  cutOffForNow,
  dependencyCameBackAnew,
  failingItsCheck,
  fine,
  flaps,
  keepsCrashing,
  leaking,
  notReadyYet,
  revivedByEngine,
  stillUnready,
} from './guards-up.js';
import { firstOf, type Guard, type Situation } from './situation.js';

const BEFORE_ALL: readonly Guard[] = [notOurs, actUnderWay, onHold, runsOnce, stateOfNoConcern];
const WHEN_UP: readonly Guard[] = [
  ...BEFORE_ALL,
  stillUnready,
  cutOffForGood,
  cutOffForNow,
  dependencyCameBackAnew,
  leaking,
  failingItsCheck,
  keepsCrashing,
  notReadyYet,
  comingUp,
  flaps,
  revivedByEngine,
];
const WHEN_DOWN: readonly Guard[] = [
  ...BEFORE_ALL,
  wishedStopped,
  hostGoesDown,
  engineFirst,
  exitLeftAlone,
  othersUnjudged,
  requirementGone,
  wasGivenUp,
  dependencyMissing,
  lacksSpace,
  attemptsUsedUp,
  passive,
  refusedWithOthers,
  backingOff,
  inOrder,
];

const WHEN_INFRA_DOWN: readonly Guard[] = WHEN_DOWN.map((guard) =>
  guard === exitLeftAlone ? infraEndLeftAlone : guard,
);

/**
 * Decides what to do with one container, and says why in one sentence. Pure: the same situation gives the same
 * decision. The guards are asked in order and the first that applies wins.
 */
export const decide = (situation: Situation): Decision =>
  withAssumptions(bestOf(situation), situation.surroundings);

function bestOf(situation: Situation): Decision {
  const { container } = situation;
  if (isUp(container)) return firstOf(WHEN_UP, situation) ?? fine(situation);
  const whenDown = container.isInfra ? WHEN_INFRA_DOWN : WHEN_DOWN;
  return firstOf(whenDown, situation) ?? start(situation);
}

/** What is done upon what was last seen says so. */
function withAssumptions(decision: Decision, { takenToBeReady }: Situation['surroundings']): Decision {
  const isAct = decision.action === 'start' || decision.action === 'restart';
  if (!isAct || takenToBeReady.length === 0) return decision;
  return { ...decision, reason: [decision.reason, ...takenToBeReady.map(assumptionInWords)].join(' ') };
}
