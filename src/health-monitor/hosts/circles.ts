/** That one container needs another, each by reference. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** A step by which containers would depend on each other in a circle. */
export interface ClosingEdge extends Edge {
  /** All the way round: it begins and ends with `to`. */
  readonly circle: readonly string[];
}

/** Who needs whom on all hosts, without circles. */
export interface NeedsGraph {
  readonly edges: readonly Edge[];
  /** What would close a circle, and is left out. */
  readonly closing: readonly ClosingEdge[];
}

/**
 * Puts together who needs whom.
 *
 * @param within one host, where there are no circles
 * @param across hosts; of these the ones that would close a circle are left out, the later ones first
 */
export function withoutCircles(within: readonly Edge[], across: readonly Edge[]): NeedsGraph {
  const edges = [...within];
  const closing: ClosingEdge[] = [];
  for (const edge of across) {
    const way = wayBetween(edges, edge.to, edge.from);
    if (way === null) edges.push(edge);
    else closing.push({ ...edge, circle: [...way, edge.to] });
  }
  return { edges, closing };
}

function wayBetween(edges: readonly Edge[], from: string, to: string): readonly string[] | null {
  const cameFrom = new Map<string, string | null>([[from, null]]);
  for (const at of cameFrom.keys()) {
    if (at === to) return wayTo(at, cameFrom);
    for (const edge of edges) if (edge.from === at && !cameFrom.has(edge.to)) cameFrom.set(edge.to, at);
  }
  return null;
}

function wayTo(end: string, cameFrom: ReadonlyMap<string, string | null>): readonly string[] {
  const way: string[] = [];
  for (let at: string | null = end; at !== null; at = cameFrom.get(at) ?? null) way.unshift(at);
  return way;
}

/** All that need a container, directly or not, the nearest first. Pure. */
export function dependentsIn(edges: readonly Edge[], reference: string): readonly string[] {
  const found = new Set([reference]);
  for (const at of found) for (const { from, to } of edges) if (to === at) found.add(from);
  found.delete(reference);
  return [...found];
}
