import type { HealthEvent } from '../../events/index.js';
import { parsed } from './parsed.js';
import type { KeptTables } from './rows.js';

type EventRow = KeptTables['event'];

/**
 * An event as it is kept: what is large in it, and wanted only by a page that just lost its connection, apart from the
 * rest, so that it can be dropped sooner.
 */
export function rowsOf(event: HealthEvent): { event: EventRow; detail: string | null } {
  const { rest, detail } = split(event.data as EventData);
  // Field by field: rows are written by one statement, so each has the same columns in the same order.
  const row: EventRow = {
    seq: event.seq,
    at: event.at,
    type: event.type,
    container: event.container ?? null,
    host: event.host ?? null,
    data: JSON.stringify(rest),
  };
  return { event: row, detail: detail === null ? null : JSON.stringify(detail) };
}

/** The event of {@link rowsOf}; without its detail when that was dropped, or cannot be read. */
export function eventOf({ data, container, host, ...row }: EventRow, detail: string | null): HealthEvent {
  const of = { ...row, ...(container !== null && { container }), ...(host !== null && { host }) };
  const rest = fieldsIn(data);
  if (rest === null) return { ...of, type: 'container.changed', data: { reason: UNREADABLE } };
  return { ...of, data: join(rest, detail === null ? null : fieldsIn(detail)) } as HealthEvent;
}

/** Stands in place of what happened, so that nobody misses a `seq`. */
const UNREADABLE = 'What happened cannot be read from the database.';

/** `null`: it is damaged, which costs nothing else. */
function fieldsIn(text: string): Readonly<Record<string, unknown>> | null {
  const value = parsed(text);
  return typeof value === 'object' ? (value as Readonly<Record<string, unknown>> | null) : null;
}

interface EventData {
  readonly view?: unknown;
  readonly incident?: { readonly timeline: readonly unknown[] };
}
type EventDetail = { readonly view: unknown } | { readonly timeline: readonly unknown[] };

function split(data: EventData): { rest: EventData; detail: EventDetail | null } {
  if (data.view !== undefined) {
    const { view, ...rest } = data;
    return { rest, detail: { view } };
  }
  if (data.incident !== undefined) {
    const { timeline } = data.incident;
    return { rest: { ...data, incident: { ...data.incident, timeline: [] } }, detail: { timeline } };
  }
  return { rest: data, detail: null };
}

function join(rest: EventData, detail: Readonly<Record<string, unknown>> | null): EventData {
  if (detail === null) return rest;
  if ('view' in detail) return { ...rest, view: detail['view'] };
  const { timeline } = detail;
  return rest.incident && Array.isArray(timeline)
    ? { ...rest, incident: { ...rest.incident, timeline } }
    : rest;
}
