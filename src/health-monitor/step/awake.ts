import { isSettled, type ContainerRecord, type DependencyGraph } from '../policy/index.js';
import { isOpen, type IncidentRecord } from '../incidents/index.js';
import type { Checked } from './fact.js';
import type { LearntCheck } from './learn-check.js';
import type { Circumstances, MonitorState } from './monitor-state.js';

type RecordOf = (name: string) => ContainerRecord | undefined;

/**
 * Tells who has to be decided about in a step. Everybody, when something changed that holds for all. Else those that
 * changed, those that are not settled, those that depend on one that changed, and whoever has a part in an open
 * incident. Deciding about the others would come to the same again. Pure.
 */
export function awakeIn(
  state: MonitorState,
  { observation, ownActs, at }: Checked,
  learnt: LearntCheck,
  circumstances: Circumstances,
): (name: string, record: ContainerRecord, recordOf: RecordOf) => boolean {
  const allAnew =
    observation.first || learnt.topology !== state.topology || circumstances !== state.circumstances;
  if (allAnew) return () => true;
  const { dependencies } = learnt.topology.topology.graph;
  const concerned = new Set([
    ...observation.inspected.map(({ container }) => container.name),
    ...ownActs.underWay.map(({ name }) => name),
    ...ownActs.unseen,
  ]);
  const involved = involvedIn(state.incidents);
  const changed = (name: string, recordOf: RecordOf): boolean =>
    recordOf(name) !== state.records.get(name) || learnt.containers.get(name) !== state.containers.get(name);
  return (name, record, recordOf) =>
    changed(name, recordOf) ||
    state.awakened.has(name) ||
    !isSettled(record, learnt.containers.get(name)!, at) ||
    concerned.has(name) ||
    involved.has(name) ||
    dependsOnSome(dependencies, name, (other) => changed(other, recordOf));
}

/** Who is to be decided about in the next check, since its record was changed by something else than a check. Pure. */
export function awakenedByChange(before: MonitorState, after: MonitorState): MonitorState {
  if (before.records === after.records) return after;
  const changed = [...after.records.keys()].filter(
    (name) => before.records.get(name) !== after.records.get(name),
  );
  const graph = after.topology?.topology.graph ?? { dependencies: new Map() };
  const dependents = awakenedBy(before.records, after.records, graph);
  return { ...after, awakened: new Set([...after.awakened, ...changed, ...dependents]) };
}

/** Who depends directly on one of those whose record is another now: what it needs may have changed after its turn. Pure. */
export function awakenedBy(
  before: MonitorState['records'],
  after: MonitorState['records'],
  { dependencies }: Pick<DependencyGraph, 'dependencies'>,
): ReadonlySet<string> {
  if (before === after) return NOBODY;
  const isChanged = (name: string): boolean => before.get(name) !== after.get(name);
  const awakened = [...dependencies.keys()].filter((name) => dependsOnSome(dependencies, name, isChanged));
  return awakened.length === 0 ? NOBODY : new Set(awakened);
}

const NOBODY: ReadonlySet<string> = new Set();

const dependsOnSome = (
  dependencies: DependencyGraph['dependencies'],
  name: string,
  which: (name: string) => boolean,
): boolean => dependencies.get(name)?.some(({ anyOf }) => anyOf.some(which)) === true;

function involvedIn(incidents: ReadonlyMap<string, IncidentRecord>): ReadonlySet<string> {
  const open = [...incidents.values()].filter(isOpen);
  return new Set(
    open.flatMap(({ cause, victims }) => [
      ...(cause.container === null ? [] : [cause.container]),
      ...victims.map(({ container }) => container),
    ]),
  );
}
