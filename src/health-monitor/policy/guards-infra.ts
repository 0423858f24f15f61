import { leave, wait, type Decision } from './decision.js';
import { applyExitRule } from './exit-rule.js';
import { firstOf, type Guard, type Situation } from './situation.js';

/** What ends of an infra container mean: it has no work of its own, and so none that can be done. */
export const infraEndLeftAlone: Guard = (situation) =>
  firstOf([judged, podAtRest, mayBeStoppedWithPod], situation);

function judged({ record: { life }, rules }: Situation): Decision | null {
  if (life.death === null) return null;
  const answer = applyExitRule(life.death, { ...rules, on: 'any-exit' });
  return answer.heal === 'later'
    ? wait(answer.code, answer.reason, { dueAt: answer.dueAt ?? undefined })
    : null;
}

/** The engine itself ends it after the last container of its pod (`--exit-policy=stop`), and starts it with the first. */
const podAtRest = ({ surroundings: { leftInPod } }: Situation): Decision | null =>
  leftInPod === null
    ? leave(
        'pod-at-rest',
        'Nothing that should run was left in it; the engine starts it with the first that does.',
      )
    : null;

/** `podman pod stop` ends it first; its containers may take long, and a look at one does not show all of them. */
const mayBeStoppedWithPod = ({ record: { life } }: Situation): Decision | null =>
  life.death?.stoppedBy === 'unknown' && !life.death.confirmed
    ? wait(
        'awaiting-full-check',
        'It ended, and the engine cannot tell whether a person did it. If its pod still runs at the next full check, it counts as crashed.',
      )
    : null;
