import type { ContainerRecord, Decision, HostBoot } from '../policy/index.js';
import type { Act } from './act.js';
import { whoNeedsDeciding } from './awake.js';
import { decideContainer } from './decide-container.js';
import type { Checked } from './fact.js';
import type { LearntCheck } from './learn-check.js';
import { MapDraft } from './map-changes.js';
import type { Batch, Circumstances, MonitorState } from './monitor-state.js';
import type { Setting } from './setting.js';
import { StartQueue } from './start-queue.js';
import type { Around } from './surroundings.js';

/** What was decided in one check, of those that had to be decided about. */
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
  const queue = startQueue(learnt.batches, check, setting);
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
    queue.holdBack(decided.holdsBack, batch, tier, name);
    if (decided.rearmed !== null) rearmed.set(name, decided.rearmed);
    if (decided.checkFirst) checkNext.push(name);
    if (decided.act === null) continue;
    acts.push(decided.act);
    queue.started(batch, tier, name);
  }
  return { decisions, records: records.result(), batches: queue.batches, acts, rearmed, checkNext };
}

function startQueue(batches: readonly Batch[], { ownActs, at }: Checked, { options }: Setting): StartQueue {
  const starts = ownActs.underWay.filter(({ by, kind }) => by === 'monitor' && kind !== 'stop');
  return new StartQueue(batches, starts.length, options.restart, at);
}
