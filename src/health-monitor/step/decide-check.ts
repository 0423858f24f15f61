import {
  meaningOf,
  rearm,
  type ContainerRecord,
  type Decision,
  type HostBoot,
  type Rules,
  type Situation,
} from '../policy/index.js';
import type { Container } from '../runtime/index.js';
import type { Act } from './act.js';
import { whoNeedsDeciding } from './awake.js';
import type { Checked } from './fact.js';
import type { LearntCheck } from './learn-check.js';
import { MapDraft } from './map-changes.js';
import type { Batch, Circumstances, MonitorState } from './monitor-state.js';
import { underWayOn } from './own-acts.js';
import type { Setting } from './setting.js';
import { StartQueue } from './start-queue.js';
import { surroundingsOf, type Around } from './surroundings.js';
import { writeDownDecision } from './write-down-decision.js';

/** What was decided in one step, of those that had to be decided about. */
export interface DecidedCheck {
  /** In the order in which they would be started. */
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly records: ReadonlyMap<string, ContainerRecord>;
  readonly batches: readonly Batch[];
  readonly acts: readonly Act[];
  /** Who was re-armed, with the reason. */
  readonly rearmed: ReadonlyMap<string, string>;
  /** To be acted on, but not shown by this check: nothing is done on an old picture. */
  readonly checkNext: readonly string[];
}

/** Decides, in the order of starts, about every container that is awake or to which something happened. Pure. */
export function decideCheck(
  state: MonitorState,
  check: Checked,
  learnt: LearntCheck,
  boot: HostBoot,
  circumstances: Circumstances,
  setting: Setting,
): DecidedCheck {
  const { rules, graph, startOrder } = learnt.topology;
  const records = new MapDraft(learnt.records);
  const queue = new StartQueue(
    learnt.batches,
    check.ownActs.underWay.filter(({ by, kind }) => by === 'monitor' && kind !== 'stop').length,
    setting.options.restart,
    check.at,
  );
  const around: Around = {
    setting,
    check,
    boot,
    circumstances,
    incidents: state.incidents,
    containers: learnt.containers,
    dependencies: graph.dependencies,
    queue,
    recordOf: (name) => records.get(name),
  };
  const decisions = new Map<string, Decision>();
  const acts: Act[] = [];
  const rearmed = new Map<string, string>();
  const checkNext: string[] = [];
  const isChangedNow = (name: string): boolean => records.isChanged(name);
  const needsDeciding = whoNeedsDeciding(state, check, learnt, circumstances);

  for (const name of startOrder) {
    const record = records.get(name);
    if (!record || !needsDeciding(name, isChangedNow)) continue;
    if (!canBeDecided(record, check)) {
      if (record.shown.decision) decisions.set(name, record.shown.decision);
      continue;
    }
    const { tier } = rules.get(name)!;
    const { batch } = record.healing;
    const consulted = consult(learnt.containers.get(name)!, record, rules.get(name)!, around);
    if (!isPassive(consulted.decision) && !canBeActedOn(name, learnt)) {
      if (!recheckIsPointless(name, learnt)) checkNext.push(name);
      queue.holdBack('higher-tiers', batch, tier, name);
      decisions.set(name, record.shown.decision ?? consulted.decision);
      continue;
    }
    if (consulted.decision.action === 'rearm') rearmed.set(name, consulted.decision.reason);
    const { situation, decision } = afterRearming(consulted, setting);
    decisions.set(name, decision);
    queue.holdBack(meaningOf(decision).holdsBack, batch, tier, name);
    const written = writeDownDecision(situation, decision, learnt.containers);
    records.set(name, written.record);
    if (written.act === null) continue;
    acts.push(written.act);
    queue.started(batch, tier, name);
  }
  return { decisions, records: records.result(), batches: queue.batches, acts, rearmed, checkNext };
}

/** Not those that are gone, nor those that were acted on and not seen since: what was decided of them stands. */
const canBeDecided = ({ name, life }: ContainerRecord, { ownActs }: Checked): boolean =>
  life.absentSince === null && (!ownActs.unseen.includes(name) || underWayOn(ownActs, name) !== null);

/** Nothing is done on an old picture of a container, or of what it needs. */
const canBeActedOn = (name: string, { hasFreshPicture, wasAskedAbout, topology }: LearntCheck): boolean =>
  hasFreshPicture(name) && [...(topology.graph.below.get(name) ?? [])].every(wasAskedAbout);

/** The engine was asked about it and about all that it needs: to ask again at once would bring the same. */
const recheckIsPointless = (name: string, { wasAskedAbout, topology }: LearntCheck): boolean =>
  wasAskedAbout(name) && [...(topology.graph.below.get(name) ?? [])].every(wasAskedAbout);

const isPassive = ({ action }: Decision): boolean => action === 'leave' || action === 'wait';

interface Consulted {
  readonly situation: Situation;
  readonly decision: Decision;
}

function consult(container: Container, record: ContainerRecord, rules: Rules, around: Around): Consulted {
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
