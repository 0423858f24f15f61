import type { ResolvedOptions } from '../../common/options/index.js';
import { TIERS } from '../../common/events/index.js';
import { PRESETS } from '../presets/index.js';
import type { Container } from '../runtime/index.js';
import { buildDependencyGraph, type DependencyGraph } from './dependencies.js';
import { effectiveRules } from './effective-rules.js';
import type { Rules } from './rules.js';

/** The rules of all containers, who needs whom, and who goes first. */
export interface Topology {
  readonly rules: ReadonlyMap<string, Rules>;
  readonly graph: DependencyGraph;
  /** Lower tiers first; within a tier what others need first; then as the engine lists them. */
  readonly startOrder: readonly string[];
  /** What is wrong with labels, names and dependencies, a sentence each. */
  readonly problems: readonly string[];
}

/** Works the topology out. It stays the same while no container comes, goes or is made anew. Pure. */
export function topologyOf(containers: ReadonlyMap<string, Container>, options: ResolvedOptions): Topology {
  const all = [...containers.values()];
  const names = new Map(all.map(({ id, name }) => [id, name]));
  const preset = PRESETS[options.preset];
  const rules = new Map(
    all.map((container) => [
      container.name,
      effectiveRules(container, options, preset, (id) => names.get(id)),
    ]),
  );
  const graph = buildDependencyGraph(
    all,
    (name) => rules.get(name)!,
    new Set(Object.keys(options.externals)),
  );
  const problems = [...rules].flatMap(([name, rule]) =>
    rule.problems.map((problem) => `${name}: ${problem}`),
  );
  return {
    rules,
    graph,
    startOrder: orderStarts([...names.values()], rules, graph),
    problems: [...problems, ...graph.problems],
  };
}

function orderStarts(
  names: readonly string[],
  rules: ReadonlyMap<string, Rules>,
  graph: DependencyGraph,
): readonly string[] {
  const tier = (name: string) => TIERS.indexOf(rules.get(name)!.tier);
  const depth = (name: string) => graph.depth.get(name) ?? 0;
  return names.toSorted((a, b) => tier(a) - tier(b) || depth(a) - depth(b));
}
