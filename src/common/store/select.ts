import type { HealthEvent, MemoryTick } from '../events/index.js';
import { parseReference } from '../reference/index.js';
import type { EventQuery, MemoryQuery } from './health-store.js';

/** The events of `log` that the query asks for. */
export function selectEvents(
  log: readonly HealthEvent[],
  { after, container, limit }: EventQuery,
): readonly HealthEvent[] {
  if (limit <= 0) return [];
  const matching = log.filter(
    (event) => event.seq > (after ?? 0) && (container === undefined || event.container === container),
  );
  return after === undefined ? matching.slice(-limit) : matching.slice(0, limit);
}

/** The ticks that the query asks for, each with the samples only of its container and its host, when it names them. */
export function selectTicks(
  ticks: readonly MemoryTick[],
  { since, container, host }: MemoryQuery,
): MemoryTick[] {
  const from = Date.parse(since);
  const isWanted = (sample: MemoryTick['samples'][number]): boolean =>
    (container === undefined || sample.container === container) &&
    (host === undefined || parseReference(sample.container).host === host);
  return ticks
    .filter((tick) => Date.parse(tick.at) >= from)
    .map((tick) => ({ ...tick, samples: tick.samples.filter(isWanted) }))
    .filter((tick) => tick.samples.length > 0);
}
