import type { ResolvedOptions } from '../../common/options/index.js';
import type { Surroundings } from './surroundings.js';
import type { Topology } from './topology.js';
import { appIdOf } from './words.js';

type Part = NonNullable<Surroundings['bringsStoreBack']>;

/**
 * The container in which the store runs, as the options name it, and all that it needs, directly or not. Nobody where
 * none is named, or there is none of that name or app id. Pure.
 */
export function neededByStore(
  { rules, graph }: Topology,
  storage: ResolvedOptions['storage'],
): ReadonlyMap<string, Part> {
  const written = storage.kind === 'postgres' ? storage.container : null;
  if (!written) return NOBODY;
  const holders = rules.has(written)
    ? [written]
    : [...rules.keys()].filter((name) => appIdOf(name) === appIdOf(written));
  const needs = holders.flatMap((name) => [...(graph.below.get(name) ?? [])]);
  return new Map<string, Part>([
    ...needs.map((name) => [name, 'is-needed'] as const),
    ...holders.map((name) => [name, 'holds-it'] as const),
  ]);
}

const NOBODY: ReadonlyMap<string, Part> = new Map();
