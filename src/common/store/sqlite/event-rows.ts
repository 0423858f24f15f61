import type { HealthEvent } from '../../events/index.js';
import type { Tables } from './schema.js';

type EventRow = Tables['event'];

/**
 * An event as it is kept: what is large in it, and wanted only by a page that just lost its connection, apart from the
 * rest, so that it can be dropped sooner.
 */
export function rowsOf({ seq, at, type, container, data }: HealthEvent): {
  event: EventRow;
  detail: string | null;
} {
  const { rest, detail } = split(data as EventData);
  const event = { seq, at, type, container: container ?? null, data: JSON.stringify(rest) };
  return { event, detail: detail === null ? null : JSON.stringify(detail) };
}

/** The event of {@link rowsOf}; without its detail when that was dropped. */
export function eventOf({ seq, at, type, container, data }: EventRow, detail: string | null): HealthEvent {
  const rest = JSON.parse(data) as EventData;
  const whole = detail === null ? rest : join(rest, JSON.parse(detail) as EventDetail);
  return { seq, at, type, ...(container !== null && { container }), data: whole } as HealthEvent;
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

function join(rest: EventData, detail: EventDetail): EventData {
  if ('view' in detail) return { ...rest, view: detail.view };
  return { ...rest, incident: { ...rest.incident, timeline: detail.timeline } };
}
