import type { Kysely } from 'kysely';
import type { HealthEvent, MemoryTick } from '../../events/index.js';
import type { EventQuery, MemoryQuery } from '../health-store.js';
import { eventOf } from './event-rows.js';
import { isOnHost, ticksOf } from './memory-rows.js';
import type { KeptTables } from './rows.js';

/** Events up to and with `until`, in order. */
export async function eventsIn(
  queries: Kysely<KeptTables>,
  { after, container, limit }: EventQuery,
  until: number,
): Promise<HealthEvent[]> {
  let query = queries
    .selectFrom('event')
    .leftJoin('event_detail', 'event_detail.seq', 'event.seq')
    .selectAll('event')
    .select('event_detail.detail')
    .where('event.seq', '<=', until)
    .limit(limit);
  if (after !== undefined) query = query.where('event.seq', '>', after);
  if (container !== undefined) query = query.where('event.container', '=', container);
  const rows = await query.orderBy('event.seq', after === undefined ? 'desc' : 'asc').execute();
  if (after === undefined) rows.reverse();
  return rows.map(({ detail, ...event }) => eventOf(event, detail));
}

/** Memory figures, oldest first. */
export async function memoryIn(
  queries: Kysely<KeptTables>,
  { since, container, host }: MemoryQuery,
): Promise<MemoryTick[]> {
  let query = queries.selectFrom('memory_sample').selectAll().where('at', '>=', Date.parse(since));
  if (container !== undefined) query = query.where('container', '=', container);
  if (host !== undefined) query = query.where(isOnHost(host));
  return ticksOf(await query.orderBy('at').execute());
}
