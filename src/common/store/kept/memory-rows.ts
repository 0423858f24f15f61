import { sql, type RawBuilder } from 'kysely';
import type { MemoryTick } from '../../events/index.js';
import { referenceTo } from '../../reference/index.js';
import type { KeptTables } from './rows.js';

type MemoryRow = KeptTables['memory_sample'];

/** A reading of memory as it is kept: a row a container, in whole bytes. */
export function memoryRowsOf({ at, samples }: MemoryTick): MemoryRow[] {
  return samples.map(({ container, usedBytes, limitBytes }) => ({
    at: Date.parse(at),
    container,
    used_bytes: Math.round(usedBytes),
    limit_bytes: limitBytes === null ? null : Math.round(limitBytes),
  }));
}

/** Whether a row is of a container on this host; `null`: the local one. */
export function isOnHost(host: string | null): RawBuilder<boolean> {
  if (host === null) return sql`container not like '%/%'`;
  const prefix = referenceTo(host, '');
  return sql`substr(container, 1, ${prefix.length}) = ${prefix}`;
}

/** The readings of {@link memoryRowsOf}, from rows in the order of their time. */
export function ticksOf(rows: readonly MemoryRow[]): MemoryTick[] {
  const ticks = new Map<number, { at: string; samples: MemoryTick['samples'][number][] }>();
  for (const { at, container, used_bytes: usedBytes, limit_bytes: limitBytes } of rows) {
    const tick = ticks.get(at) ?? { at: new Date(at).toISOString(), samples: [] };
    tick.samples.push({ container, usedBytes, limitBytes });
    ticks.set(at, tick);
  }
  return [...ticks.values()];
}
