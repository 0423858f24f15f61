import type { ResolvedOptions } from '../../common/options/index.js';
import {
  isUp,
  learn,
  topologyOf,
  type ContainerRecord,
  type Happening,
  type HostBoot,
  type Topology,
} from '../policy/index.js';
import type { Container } from '../runtime/index.js';
import { asAbsent, findForgotten, findVanished } from './absence.js';
import { batchOf, recentBatches, withBatch } from './batches.js';
import { dependencyRuns } from './dependency-runs.js';
import type { Checked } from './fact.js';
import { MapDraft, withChanges } from './map-changes.js';
import type { Batch, MonitorState } from './monitor-state.js';
import type { Observation } from './observation.js';
import { underWayOn, wasBegunByUs, wasStoppedByUs } from './own-acts.js';

/** What a check taught: the parts of the state that it changes, and what was found to have happened. */
export interface LearntCheck {
  readonly containers: ReadonlyMap<string, Container>;
  readonly records: ReadonlyMap<string, ContainerRecord>;
  readonly batches: readonly Batch[];
  readonly topology: Topology;
  /** Who was inspected, or of whom something else is remembered than before. */
  readonly changed: ReadonlySet<string>;
  readonly happened: ReadonlyMap<string, readonly Happening[]>;
  /** Who has just been found gone. */
  readonly vanished: readonly string[];
  /** Who was shown as it is now, and may be acted on. */
  readonly hasFreshPicture: (name: string) => boolean;
  /** Of whom the engine was asked, whatever it answered. */
  readonly wasAskedAbout: (name: string) => boolean;
}

/** Learns from a check, container by container. Those to which nothing happened are passed over. Pure. */
export function learnCheck(
  state: MonitorState,
  { observation, ownActs, at: now }: Checked,
  boot: HostBoot,
  options: ResolvedOptions,
): LearntCheck {
  const known = boot.isNew ? unseenSinceBoot(state.records) : state.records;
  const vanished = findVanished(known, observation);
  const marked = withChanges(
    known,
    vanished.map((name) => [name, asAbsent(known.get(name)!, now)]),
  );
  const forgotten = findForgotten(marked, state.awake, observation, now);
  const containers = withChanges(seenContainers(state.containers, observation), [], forgotten.containers);
  const topology =
    state.topology !== undefined && areTheSame(state.containers, containers, observation)
      ? state.topology
      : topologyOf(containers, options);
  const { rules, graph } = topology;

  const inspected = new Map(observation.inspected.map((one) => [one.container.name, one]));
  const unreadable = new Set(observation.unreadable);
  const unanswered = new Set([...observation.unreadable, ...observation.gone]);
  const records = new MapDraft(withChanges(marked, [], forgotten.records));
  const happened = new Map<string, readonly Happening[]>();
  let batches = recentBatches(state.batches, now);

  const seen = whoIsLearntOf(containers, records, state.awake, observation);
  for (const container of seen) {
    const { name } = container;
    const before = records.get(name);
    if (underWayOn(ownActs, name) !== null) continue;
    if (before !== undefined && ownActs.unseen.includes(name)) continue;
    const learnt = learn(before, {
      container,
      now,
      fullCheck: observation.full,
      tellsWhoStopped: observation.engine.tellsWhoStopped,
      stopEvidence: inspected.get(name)?.stopEvidence ?? null,
      host: boot,
      byUs: isUp(container)
        ? wasBegunByUs(ownActs, name, container.startedAt ?? now)
        : wasStoppedByUs(ownActs, name, container.exitedAt ?? now),
      begunByUs: wasBegunByUs(ownActs, name, container.startedAt ?? now),
      rules: rules.get(name)!,
    });
    let { record } = learnt;
    const death = learnt.happened.find((happening) => happening.kind === 'died')?.death;
    if (death || (observation.first && !record.life.up && record.life.death !== null)) {
      const batch = batchOf(batches, death?.at ?? now, observation.first, now);
      batches = withBatch(batches, batch);
      record = { ...record, healing: { ...record.healing, batch: batch.id } };
    }
    records.set(name, record);
    if (learnt.happened.length > 0) happened.set(name, learnt.happened);
  }
  for (const { name } of seen) {
    const record = records.get(name);
    if (record) records.set(name, dependencyRuns(record, graph.dependencies.get(name) ?? [], containers));
  }
  return {
    containers,
    records: records.result(),
    batches,
    topology,
    changed: new Set([...inspected.keys(), ...vanished, ...records.changed]),
    happened,
    vanished,
    hasFreshPicture: (name) => (observation.full ? !unreadable.has(name) : inspected.has(name)),
    wasAskedAbout: (name) => observation.full || inspected.has(name) || unanswered.has(name),
  };
}

/** Nobody came, went or was made anew. */
const areTheSame = (
  before: ReadonlyMap<string, Container>,
  after: ReadonlyMap<string, Container>,
  { inspected, listed }: Observation,
): boolean =>
  listed === null &&
  before.size === after.size &&
  inspected.every(({ container: { name, id } }) => before.get(name)?.id === id);

/** Those that were inspected; of a full check also those that were awake, and can be told about. */
function whoIsLearntOf(
  containers: ReadonlyMap<string, Container>,
  records: MapDraft<string, ContainerRecord>,
  awake: ReadonlySet<string>,
  { full, inspected, unreadable }: Observation,
): readonly Container[] {
  const shown = new Map(inspected.map(({ container }) => [container.name, container]));
  if (!full) return [...shown.values()];
  const others = [...awake].flatMap((name) => {
    const isPresent = records.get(name)?.life.absentSince === null;
    const isTold = isPresent && !shown.has(name) && !unreadable.includes(name);
    return isTold ? (containers.get(name) ?? []) : [];
  });
  return [...shown.values(), ...others];
}

/** In the engine's order when that is another than before; those not inspected as they were. */
function seenContainers(
  known: ReadonlyMap<string, Container>,
  { inspected, listed }: Observation,
): ReadonlyMap<string, Container> {
  const shown = inspected.map(({ container }) => [container.name, container] as const);
  const latest = withChanges(known, shown);
  if (listed === null) return latest;
  const there = listed.flatMap((name) => {
    const container = latest.get(name);
    return container ? [[name, container] as const] : [];
  });
  // Those that are gone for the moment stand behind: setting a key again leaves it where it is.
  return new Map([...there, ...latest]);
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
