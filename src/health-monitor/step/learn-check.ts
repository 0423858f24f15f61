import type { ResolvedOptions } from '../../common/options/index.js';
import {
  knownNeeds,
  topologyOf,
  type ContainerRecord,
  type Happening,
  type HostBoot,
  type Topology,
} from '../policy/index.js';
import type { Container } from '../runtime/index.js';
import { recentBatches } from './batches.js';
import { dependencyRuns, followedRuns, presentRuns } from './dependency-runs.js';
import type { Checked } from './fact.js';
import { canBeLearnt, joinBatch, learnContainer } from './learn-container.js';
import { MapDraft } from './map-changes.js';
import type { Batch, MonitorState } from './monitor-state.js';
import type { Observation } from './observation.js';
import { whoIsThere, type Presence } from './presence.js';

/** What a check taught: the parts of the state that it changes, and what was found to have happened. */
export interface LearntCheck extends Presence, Reach {
  readonly batches: readonly Batch[];
  readonly topology: Topology;
  /** Who was shown, or of whom something else is remembered than before. */
  readonly changed: ReadonlySet<string>;
  readonly happened: ReadonlyMap<string, readonly Happening[]>;
}

/** How much a check can tell of each container. */
interface Reach {
  /** It is known as it is now, and may be acted on. */
  readonly hasFreshPicture: (name: string) => boolean;
  /** The engine was asked about it, whatever it answered. */
  readonly wasAskedAbout: (name: string) => boolean;
}

/** Learns from a check, container by container. Those at rest to which nothing happened are passed over. Pure. */
export function learnCheck(
  state: MonitorState,
  check: Checked,
  boot: HostBoot,
  options: ResolvedOptions,
): LearntCheck {
  const { observation } = check;
  const there = whoIsThere(state, boot.isNew ? unseenSinceBoot(state.records) : state.records, check);
  const topology = topologyAfter(state, there, observation, options);
  const stopEvidence = new Map(observation.inspected.map((one) => [one.container.name, one.stopEvidence]));
  const unreadable = new Map(observation.unreadable.map(({ listed, words }) => [listed.name, words]));
  const records = new MapDraft(there.records);
  const happened = new Map<string, readonly Happening[]>();
  let batches = recentBatches(state.batches, check.at);

  const learntOf = whoIsLearntOf(there, state.awake, observation);
  for (const container of learntOf) {
    const { name } = container;
    const before = records.get(name);
    if (!canBeLearnt(name, before !== undefined, check.ownActs)) continue;
    const shown = {
      container,
      rules: topology.rules.get(name)!,
      stopEvidence: stopEvidence.get(name) ?? null,
      unreadable: unreadable.get(name) ?? null,
    };
    const learnt = learnContainer(before, shown, check, boot);
    const joined = joinBatch(learnt, batches, check);
    batches = joined.batches;
    records.set(name, joined.record);
    if (learnt.happened.length > 0) happened.set(name, learnt.happened);
  }
  noteDependencyRuns(records, learntOf, topology, there.containers, state.elsewhere);
  return {
    ...there,
    ...reachOf(observation, there),
    records: records.result(),
    batches,
    topology,
    changed: new Set([...there.shown, ...there.vanished, ...records.changed]),
    happened,
  };
}

/** One that cannot be inspected by the first check of a boot still has it before it, also in a later process. */
const unseenSinceBoot = (
  records: ReadonlyMap<string, ContainerRecord>,
): ReadonlyMap<string, ContainerRecord> =>
  new Map(
    [...records].map(([name, record]) => [
      name,
      { ...record, life: { ...record.life, unseenSinceBoot: true } },
    ]),
  );

/** The same while nobody comes, goes or is made anew. */
function topologyAfter(
  { topology, containers: before }: MonitorState,
  { containers: after, shown }: Presence,
  { listed }: Observation,
  options: ResolvedOptions,
): Topology {
  const isSameFleet =
    listed === null &&
    before.size === after.size &&
    [...shown].every((name) => before.get(name)?.id === after.get(name)?.id);
  return topology !== undefined && isSameFleet ? topology : topologyOf(after, options);
}

/** Those that were shown; of a full check also those that were awake and are there. */
function whoIsLearntOf(
  { containers, records, shown }: Presence,
  awake: ReadonlySet<string>,
  { full }: Observation,
): readonly Container[] {
  const isThere = (name: string): boolean => records.get(name)?.life.absentSince === null;
  const others = full ? [...awake].filter((name) => isThere(name) && !shown.has(name)) : [];
  return [...shown, ...others].flatMap((name) => containers.get(name) ?? []);
}

function noteDependencyRuns(
  records: MapDraft<string, ContainerRecord>,
  learntOf: readonly Container[],
  { graph }: Topology,
  containers: ReadonlyMap<string, Container>,
  elsewhere: MonitorState['elsewhere'],
): void {
  const runs = presentRuns(containers, elsewhere);
  for (const { name } of learntOf) {
    const record = records.get(name);
    const needs = knownNeeds(name, graph.elsewhere.get(name) ?? [], elsewhere);
    const followed = followedRuns(graph.dependencies.get(name) ?? [], needs);
    if (record) records.set(name, dependencyRuns(record, followed, runs));
  }
}

const reachOf = ({ full, gone }: Observation, { shown }: Presence): Reach => ({
  hasFreshPicture: (name) => full || shown.has(name),
  wasAskedAbout: (name) => full || shown.has(name) || gone.includes(name),
});
