import {
  meaningOf,
  rearm,
  type ContainerRecord,
  type Decision,
  type DecisionMeaning,
  type Situation,
} from '../policy/index.js';
import type { Act } from './act.js';
import { presentRuns } from './dependency-runs.js';
import type { Checked } from './fact.js';
import type { LearntCheck } from './learn-check.js';
import { underWayOn } from './own-acts.js';
import type { Setting } from './setting.js';
import { surroundingsOf, type Around } from './surroundings.js';
import { writeDownDecision } from './write-down-decision.js';

/** What was decided about one container, and what comes of it. */
export interface DecidedContainer {
  readonly decision: Decision;
  /** With the decision written down. */
  readonly record: ContainerRecord;
  readonly act: Act | null;
  /** Who else waits for it, and whether it stands in line. */
  readonly order: Pick<DecisionMeaning, 'holdsBack' | 'inLine'>;
  /** Why it got new attempts; `null`: it did not. */
  readonly rearmed: string | null;
  /** It is to be acted on, but must be checked before that. */
  readonly checkFirst: boolean;
}

/** Decides about one container; `null`: nothing can be decided, and nothing was before. Pure. */
export function decideContainer(
  record: ContainerRecord,
  learnt: LearntCheck,
  around: Around,
): DecidedContainer | null {
  const { decision: before } = record.shown;
  if (!canBeDecided(record, around.check)) return before && standing(record, before);
  const consulted = consult(record, learnt, around);
  if (!isPassive(consulted.decision) && !canBeActedOn(record.name, learnt)) {
    const checkFirst = !recheckIsPointless(record.name, learnt);
    return {
      ...standing(record, before ?? consulted.decision),
      // It keeps its place until it was checked: else those in line would take turns in it for ever.
      order: { holdsBack: true, inLine: checkFirst },
      checkFirst,
    };
  }
  const { situation, decision } = afterRearming(consulted, around.setting);
  return {
    decision,
    ...writeDownDecision(
      situation,
      decision,
      presentRuns(learnt.containers, around.elsewhere),
      around.check.term,
    ),
    order: meaningOf(decision),
    rearmed: consulted.decision.action === 'rearm' ? consulted.decision.reason : null,
    checkFirst: false,
  };
}

/** Nothing new comes of it. */
const standing = (record: ContainerRecord, decision: Decision): DecidedContainer => ({
  decision,
  record,
  act: null,
  order: { holdsBack: false, inLine: false },
  rearmed: null,
  checkFirst: false,
});

/** Not those that are gone, nor those that were acted on and not seen since: what was decided of them stands. */
const canBeDecided = ({ name, life }: ContainerRecord, { ownActs }: Checked): boolean =>
  life.absentSince === null && (!ownActs.unseen.includes(name) || underWayOn(ownActs, name) !== null);

/** Nothing is done on an old picture of a container, or of what it needs. */
const canBeActedOn = (name: string, learnt: LearntCheck): boolean =>
  learnt.hasFreshPicture(name) && wereNeedsAskedAbout(name, learnt);

/** The engine was asked about it and about all that it needs: to ask again at once would bring the same. */
const recheckIsPointless = (name: string, learnt: LearntCheck): boolean =>
  learnt.wasAskedAbout(name) && wereNeedsAskedAbout(name, learnt);

const wereNeedsAskedAbout = (name: string, { wasAskedAbout, topology }: LearntCheck): boolean =>
  [...(topology.graph.below.get(name) ?? [])].every(wasAskedAbout);

const isPassive = ({ action }: Decision): boolean => action === 'leave' || action === 'wait';

interface Consulted {
  readonly situation: Situation;
  readonly decision: Decision;
}

function consult(record: ContainerRecord, { containers, topology }: LearntCheck, around: Around): Consulted {
  const container = containers.get(record.name)!;
  const rules = topology.rules.get(record.name)!;
  const surroundings = surroundingsOf(container, record, rules, around);
  const situation: Situation = { container, record, rules, surroundings, now: around.check.at };
  return { situation, decision: around.setting.policy.decide(situation) };
}

/** One that gets new attempts is decided about at once, as the one that it is then. */
function afterRearming({ situation, decision }: Consulted, { policy }: Setting): Consulted {
  if (decision.action !== 'rearm') return { situation, decision };
  const { record } = situation;
  const byDependency = situation.surroundings.dependencyBackAt !== null;
  const fresh = { ...situation, record: { ...record, healing: rearm(record.healing, byDependency) } };
  return { situation: fresh, decision: policy.decide(fresh) };
}
