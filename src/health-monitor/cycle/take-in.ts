import {
  isUp,
  learn,
  topologyOf,
  type ContainerRecord,
  type Happening,
  type KnownTopology,
  type Topology,
} from '../policy/index.js';
import type { Container } from '../runtime/index.js';
import type { CycleContext } from './cycle-context.js';
import type { Batch, MonitorState } from './monitor-state.js';
import type { Observation } from './observation.js';

const TOGETHER_WITHIN_MS = 2_000;
const ABSENT_FOR_MS = 10 * 60_000;
const REMEMBER_ABSENT_MS = 24 * 60 * 60_000;

/** The state with an observation taken in, and what that was found to mean. */
export interface TakenIn {
  readonly containers: Map<string, Container>;
  readonly records: Map<string, ContainerRecord>;
  readonly batches: readonly Batch[];
  readonly topology: KnownTopology;
  readonly happened: ReadonlyMap<string, readonly Happening[]>;
  /** Who has just been found gone. */
  readonly vanished: readonly string[];
  /** Records of those gone for so long that they are forgotten. */
  readonly forgotten: readonly string[];
}

/** Learns from an observation, container by container. Pure. */
export function takeIn(state: MonitorState, observation: Observation, context: CycleContext): TakenIn {
  const { now } = context;
  const containers = seenContainers(state, observation);
  const records = new Map(state.records);
  if (context.host.isNew) markUnseenSinceBoot(records);
  const vanished = markAbsent(records, observation, now);
  const forgotten = forgetAbsent(containers, records, now);
  const topology = topologyOf(containers, context.options, state.topology);
  const happened = new Map<string, readonly Happening[]>();
  let batches = state.batches.filter(({ latestDeathAt }) => now - latestDeathAt < ABSENT_FOR_MS);

  for (const container of observation.containers) {
    const { name } = container;
    if (context.acting.has(name) || (context.unseen.has(name) && records.has(name))) continue;
    const learnt = learn(records.get(name), {
      container,
      now,
      fullCheck: observation.full,
      tellsWhoStopped: observation.tellsWhoStopped,
      stopEvidence: observation.stopEvidence.get(container.id) ?? null,
      host: context.host,
      byUs: isUp(container)
        ? context.startedByUs(name, container.startedAt ?? now)
        : context.stoppedByUs(name, container.exitedAt ?? now),
      begunByUs: context.startedByUs(name, container.startedAt ?? now),
      rules: topology.topology.rules.get(name)!,
    });
    let { record } = learnt;
    const death = learnt.happened.find((happening) => happening.kind === 'died')?.death;
    if (death || (observation.first && !record.life.up && record.life.death !== null)) {
      const diedAt = death && !observation.first ? death.at : now;
      const batch = batchFor(batches, diedAt, observation.first, now);
      batches = [...batches.filter(({ id }) => id !== batch.id), batch];
      record = { ...record, healing: { ...record.healing, batch: batch.id } };
    }
    records.set(name, record);
    if (learnt.happened.length > 0) happened.set(name, learnt.happened);
  }
  for (const { name } of observation.containers)
    rememberDependencyRuns(name, records, containers, topology.topology);
  return { containers, records, batches, topology, happened, vanished, forgotten };
}

/** In the engine's order when all were listed; those not looked at as they were. */
function seenContainers(state: MonitorState, { containers, full }: Observation): Map<string, Container> {
  const seen = new Map(full ? [] : state.containers);
  for (const container of containers) seen.set(container.name, container);
  if (full) for (const [name, container] of state.containers) if (!seen.has(name)) seen.set(name, container);
  return seen;
}

/** A container that cannot be looked at in the first check of a boot still has it before it, also in a later process. */
function markUnseenSinceBoot(records: Map<string, ContainerRecord>): void {
  for (const [name, record] of records) {
    records.set(name, { ...record, life: { ...record.life, unseenSinceBoot: true } });
  }
}

function markAbsent(records: Map<string, ContainerRecord>, observation: Observation, now: number): string[] {
  const present = new Set([...observation.containers.map(({ name }) => name), ...observation.unreadable]);
  const gone = observation.full ? [...records.keys()].filter((name) => !present.has(name)) : observation.gone;
  return gone.filter((name) => {
    const record = records.get(name);
    if (!record || record.life.absentSince !== null) return false;
    records.set(name, {
      ...record,
      life: { ...record.life, absentSince: now, up: false },
      health: { ...record.health, readySince: null, unhealthySince: null },
    });
    return true;
  });
}

function forgetAbsent(
  containers: Map<string, Container>,
  records: Map<string, ContainerRecord>,
  now: number,
): string[] {
  const forgotten: string[] = [];
  for (const [name, record] of records) {
    const { absentSince } = record.life;
    if (absentSince === null) continue;
    if (now - absentSince >= ABSENT_FOR_MS) containers.delete(name);
    if (now - absentSince >= REMEMBER_ABSENT_MS) {
      records.delete(name);
      forgotten.push(name);
    }
  }
  return forgotten;
}

function batchFor(batches: readonly Batch[], diedAt: number, first: boolean, now: number): Batch {
  const together = batches.find(({ latestDeathAt }) =>
    first ? latestDeathAt === now : Math.abs(diedAt - latestDeathAt) <= TOGETHER_WITHIN_MS,
  );
  if (together) return { ...together, latestDeathAt: Math.max(together.latestDeathAt, diedAt) };
  const id = Math.max(now, ...batches.map((batch) => batch.id + 1));
  return { id, latestDeathAt: diedAt, starts: {} };
}

/** Notes under which runs of its dependencies a container began its own, for those that it is to be restarted with. */
function rememberDependencyRuns(
  name: string,
  records: Map<string, ContainerRecord>,
  containers: ReadonlyMap<string, Container>,
  { graph }: Topology,
): void {
  const record = records.get(name);
  const restarting = (graph.dependencies.get(name) ?? []).filter(({ restart }) => restart);
  if (!record?.life.up || restarting.length === 0) return;
  const startedAt = record.life.run?.startedAt ?? 0;
  const runs = { ...record.healing.dependencyRuns };
  for (const other of restarting.flatMap(({ anyOf }) => anyOf)) {
    const otherStartedAt = containers.get(other)?.startedAt;
    if (otherStartedAt === null || otherStartedAt === undefined) continue;
    if (runs[other] === undefined || otherStartedAt <= startedAt) runs[other] = otherStartedAt;
  }
  const changed = Object.keys(runs).some((other) => runs[other] !== record.healing.dependencyRuns[other]);
  if (changed) records.set(name, { ...record, healing: { ...record.healing, dependencyRuns: runs } });
}
