import type { ResolvedOptions } from '../options/index.js';
import { PRESETS } from '../presets/index.js';
import type { Container } from '../runtime/index.js';
import { buildDependencyGraph, type DependencyGraph } from './dependencies.js';
import { effectiveRules } from './effective-rules.js';
import type { Rules } from './rules.js';

/** The rules of all containers, and who needs whom. */
export interface Topology {
  readonly rules: ReadonlyMap<string, Rules>;
  readonly graph: DependencyGraph;
  /** What is wrong with labels, names and dependencies, a sentence each. */
  readonly problems: readonly string[];
}

/** Works the topology out anew only when a container came, went or was made anew: it is asked at every look. */
export function topologyOf(
  containers: ReadonlyMap<string, Container>,
  options: ResolvedOptions,
  previous?: { readonly key: string; readonly topology: Topology },
): { readonly key: string; readonly topology: Topology } {
  const key = [...containers.values()].map(({ id, name }) => `${id} ${name}`).join('\n');
  if (previous?.key === key) return previous;
  const names = new Map([...containers.values()].map(({ id, name }) => [id, name]));
  const preset = PRESETS[options.preset];
  const rules = new Map(
    [...containers].map(([name, container]) => [
      name,
      effectiveRules(container, options, preset, (id) => names.get(id)),
    ]),
  );
  const graph = buildDependencyGraph([...containers.values()], (name) => rules.get(name)!);
  const problems = [...rules].flatMap(([name, rule]) =>
    rule.problems.map((problem) => `${name}: ${problem}`),
  );
  return { key, topology: { rules, graph, problems: [...problems, ...graph.problems] } };
}
