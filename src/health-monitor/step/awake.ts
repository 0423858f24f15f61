import { isAtRest, type DependencyGraph } from '../policy/index.js';
import { isOpen, type IncidentRecord } from '../incidents/index.js';
import type { Checked } from './fact.js';
import type { LearntCheck } from './learn-check.js';
import { changedValues } from './map-changes.js';
import type { Circumstances, MonitorState } from './monitor-state.js';

type Dependencies = DependencyGraph['dependencies'];

/**
 * Tells whom a check has to decide about. Everybody, when something changed that holds for all. Else those to which
 * something happened, those that were awake, whoever has a part in an open incident, and those that depend on one that
 * changed, be it by a decision made a moment ago. Deciding about the others would come to the same again. Pure.
 */
export function whoNeedsDeciding(
  state: MonitorState,
  { observation, ownActs }: Checked,
  learnt: LearntCheck,
  circumstances: Circumstances,
): (name: string, isChangedNow: (name: string) => boolean) => boolean {
  const isAllAnew =
    observation.first || learnt.topology !== state.topology || circumstances !== state.circumstances;
  if (isAllAnew) return () => true;
  const concerned = new Set([
    ...learnt.changed,
    ...ownActs.underWay.map(({ name }) => name),
    ...ownActs.unseen,
    ...state.awake,
    ...involvedIn(state.incidents),
  ]);
  if (concerned.size === 0) return () => false;
  const { dependencies } = learnt.topology.graph;
  return (name, isChangedNow) =>
    concerned.has(name) ||
    dependsOnSome(dependencies, name, (other) => learnt.changed.has(other) || isChangedNow(other));
}

/** Who is awake after a check: those that are not at rest, and those whose dependency changed after their turn. Pure. */
export function wakeAfterCheck(
  before: MonitorState,
  records: MonitorState['records'],
  { dependencies }: Pick<DependencyGraph, 'dependencies'>,
): ReadonlySet<string> {
  const changed = changedNames(before.records, records);
  if (before.awake.size + changed.size === 0) return before.awake;
  const restless = [...before.awake, ...changed].filter((name) => !isAtRestIn(records, name));
  return new Set([...restless, ...dependentsOf(changed, dependencies)]);
}

/** Who is awake after a fact that is no check: those too whose record it changed, and their dependents. Pure. */
export function wakeAfterOtherFact(before: MonitorState, after: MonitorState): MonitorState {
  const changed = changedNames(before.records, after.records);
  if (changed.size === 0) return after;
  const dependencies: Dependencies = after.topology?.graph.dependencies ?? new Map();
  return { ...after, awake: new Set([...after.awake, ...changed, ...dependentsOf(changed, dependencies)]) };
}

/** A record that is gone needs nothing any more. */
function isAtRestIn(records: MonitorState['records'], name: string): boolean {
  const record = records.get(name);
  return record === undefined || isAtRest(record);
}

const changedNames = (before: MonitorState['records'], after: MonitorState['records']): ReadonlySet<string> =>
  new Set(changedValues(before, after).map(({ name }) => name));

/** Who depends directly on one of these. */
const dependentsOf = (changed: ReadonlySet<string>, dependencies: Dependencies): readonly string[] =>
  changed.size === 0
    ? []
    : [...dependencies.keys()].filter((name) =>
        dependsOnSome(dependencies, name, (other) => changed.has(other)),
      );

const dependsOnSome = (dependencies: Dependencies, name: string, which: (name: string) => boolean): boolean =>
  dependencies.get(name)?.some(({ anyOf }) => anyOf.some(which)) === true;

function involvedIn(incidents: ReadonlyMap<string, IncidentRecord>): readonly string[] {
  const open = [...incidents.values()].filter(isOpen);
  return open.flatMap(({ cause, victims }) => [
    ...(cause.container === null ? [] : [cause.container]),
    ...victims.map(({ container }) => container),
  ]);
}
