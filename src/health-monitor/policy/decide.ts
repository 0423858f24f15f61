import { isUp } from './readiness.js';
import type { Decision } from './decision.js';
import { actUnderWay, notOurs, onHold, runsOnce, stateOfNoConcern } from './guards-any.js';
import { attemptsUsedUp, backingOff, wasGivenUp } from './guards-attempts.js';
import { exitLeftAlone, hostGoesDown, start, wishedStopped } from './guards-down.js';
import { engineFirst } from './guards-engine.js';
import { dependencyMissing, inOrder, passive, refusedWithOthers } from './guards-surroundings.js';
import {
  comingUp,
  dependencyCameBackAnew,
  failingItsCheck,
  fine,
  keepsCrashing,
  leaking,
  stillUnready,
} from './guards-up.js';
import { firstOf, type Guard, type Situation } from './situation.js';

const BEFORE_ALL: readonly Guard[] = [notOurs, actUnderWay, onHold, runsOnce, stateOfNoConcern];
const WHEN_UP: readonly Guard[] = [
  ...BEFORE_ALL,
  stillUnready,
  dependencyCameBackAnew,
  leaking,
  failingItsCheck,
  comingUp,
  keepsCrashing,
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
  refusedWithOthers,
  backingOff,
  inOrder,
];

/**
 * Decides what to do with one container, and says why in one sentence. Pure: the same situation gives the same
 * decision. The guards are asked in order and the first that applies wins.
 */
export function decide(situation: Situation): Decision {
  return isUp(situation.container)
    ? (firstOf(WHEN_UP, situation) ?? fine(situation))
    : (firstOf(WHEN_DOWN, situation) ?? start(situation));
}
