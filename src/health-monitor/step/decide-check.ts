import { neededByStore, type ContainerRecord, type Decision, type HostBoot } from '../policy/index.js';
import type { Act } from './act.js';
import { whoNeedsDeciding } from './awake.js';
import { decideContainer } from './decide-container.js';
import type { Checked } from './fact.js';
import { GuardedPolicy } from './guarded-policy.js';
import type { LearntCheck } from './learn-check.js';
import { MapDraft } from './map-changes.js';
import { underWayOn } from './own-acts.js';
import type { Batch, Circumstances, MonitorState } from './monitor-state.js';
import { refusedTurns } from './refused-turns.js';
import type { Setting } from './setting.js';
import { spaceTurns } from './space-turns.js';
import { StartQueue } from './start-queue.js';
import type { Around } from './surroundings.js';
import { unjudgedDeaths } from './unjudged-deaths.js';

/** What was decided in one check, of those that had to be decided about. */
export interface DecidedCheck {
  /** In the order in which they would be started. */
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly records: ReadonlyMap<string, ContainerRecord>;
  readonly batches: readonly Batch[];
  /** Who stands in line for a start, first come first. */
  readonly line: readonly string[];
  readonly acts: readonly Act[];
  /** Who was re-armed, with the reason. */
  readonly rearmed: ReadonlyMap<string, string>;
  /** To be acted on, but not shown by this check: nothing is done on an old picture. */
  readonly checkNext: readonly string[];
  /** For whom the policy failed, with what it threw. */
  readonly policyFailures: ReadonlyMap<string, unknown>;
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
  const queue = startQueue(learnt.batches, state.line, check, setting);
  const policy = new GuardedPolicy(setting.policy);
  const around: Around = {
    setting: { ...setting, policy },
    check,
    boot,
    circumstances,
    incidents: state.incidents,
    containers: learnt.containers,
    dependencies: graph.dependencies,
    externalNeeds: graph.externals,
    externals: state.externals,
    elsewhereNeeds: graph.elsewhere,
    elsewhere: state.elsewhere,
    neededByStore: neededByStore(learnt.topology, setting.options.storage),
    queue,
    unjudged: unjudgedDeaths(learnt, check.at),
    refusedTurns: refusedTurns(state.incidents, learnt.records),
    machine: state.machine,
    spaceTurns: spaceTurns(state.incidents, learnt.records),
    recordOf: (name) => records.get(name),
  };
  const decisions = new Map<string, Decision>();
  const acts: Act[] = [];
  const rearmed = new Map<string, string>();
  const checkNext: string[] = [];
  const needsDeciding = whoNeedsDeciding(state, check, learnt, circumstances);

  for (const name of startOrder) {
    const record = records.get(name);
    if (!record || !needsDeciding(name, (other) => records.isChanged(other))) continue;
    const decided = decideContainer(record, learnt, around);
    if (decided === null) continue;
    const { tier } = rules.get(name)!;
    const { batch } = record.healing;
    decisions.set(name, decided.decision);
    records.set(name, decided.record);
    queue.decided(name, decided.order, batch, tier, underWayOn(check.ownActs, name)?.since);
    if (decided.rearmed !== null) rearmed.set(name, decided.rearmed);
    if (decided.checkFirst) checkNext.push(name);
    if (decided.act === null) continue;
    acts.push(decided.act);
    queue.started(batch, tier, name);
  }
  return {
    decisions,
    records: records.result(),
    batches: queue.batches,
    line: queue.line,
    acts,
    rearmed,
    checkNext,
    policyFailures: policy.failures,
  };
}

function startQueue(
  batches: readonly Batch[],
  line: readonly string[],
  { ownActs, at }: Checked,
  { options }: Setting,
): StartQueue {
  const starts = ownActs.underWay.filter(({ by, kind }) => by === 'monitor' && kind !== 'stop');
  return new StartQueue(batches, { askedAt: starts.map(({ since }) => since), line }, options.restart, at);
}
