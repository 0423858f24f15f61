import type { ContainerEventData, HealthEvent, Incident } from '../common/events/index.js';

/**
 * The same events, lighter: the view of a container and the timeline of an incident stay in the last event that carries
 * them. Whoever applies all of them ends up with the same; an hour of a flapping database is otherwise megabytes.
 */
export function withLatestOnly(events: readonly HealthEvent[]): readonly HealthEvent[] {
  const carriedLater = new Set<string>();
  const isLatest = (key: string): boolean => !carriedLater.has(key) && !!carriedLater.add(key);
  return events
    .toReversed()
    .map((event) => lighter(event, isLatest))
    .reverse();
}

function lighter(event: HealthEvent, isLatest: (key: string) => boolean): HealthEvent {
  const { incident, view } = event.data as { incident?: Incident } & Partial<ContainerEventData>;
  if (incident && !isLatest(`incident ${incident.id}`)) {
    return { ...event, data: { incident: { ...incident, timeline: [] } } } as HealthEvent;
  }
  if (view && !isLatest(`container ${view.name}`)) {
    return { ...event, data: { ...event.data, view: undefined } } as HealthEvent;
  }
  return event;
}
