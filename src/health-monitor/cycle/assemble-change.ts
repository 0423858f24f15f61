import type {
  ContainerEventData,
  EventDraft,
  HealthEvent,
  Notification,
  NotificationDetails,
} from '../../common/events/index.js';
import { incidentView, type IncidentRecord, type Notice } from '../incidents/index.js';
import { appIdOf, type ContainerRecord } from '../policy/index.js';
import type { Put, Remove, StateChange } from '../../common/store/index.js';

const TIMELINE_EVENTS = 100;

/** Everything one step changed. */
export interface StepChange {
  readonly at: string;
  readonly events?: readonly EventDraft[];
  readonly notices?: readonly Notice[];
  readonly records?: readonly ContainerRecord[];
  readonly forgotten?: readonly string[];
  /** All incidents as they are after the step. */
  readonly incidents: ReadonlyMap<string, IncidentRecord>;
  readonly incidentsBefore: ReadonlyMap<string, IncidentRecord>;
  readonly put?: readonly Put[];
}

/**
 * Puts a step into the form in which it is kept: what changed, the events in order (what happened, what people are
 * told, how incidents stand after that), and each event in the timeline of the incident it belongs to. Pure.
 *
 * @param nextSeq the `seq` the first event will have
 * @param newId makes the id of a notification
 */
export function assembleChange(
  step: StepChange,
  nextSeq: number,
  newId: (appId: string, at: string) => string,
): { readonly change: StateChange; readonly incidents: ReadonlyMap<string, IncidentRecord> } {
  const notifications = (step.notices ?? []).map((notice) => toNotification(notice, step.at, newId));
  const drafts: EventDraft[] = [
    ...(step.events ?? []).map((draft) => withIncident(draft, step.incidents)),
    ...notifications.map(({ notification, details }): EventDraft => ({
      type: 'notification.created',
      at: step.at,
      ...(details.container === undefined ? {} : { container: details.container }),
      data: { notification, details },
    })),
  ];
  const timelines = groupBy(
    drafts.map((draft, index): HealthEvent => ({ ...draft, seq: nextSeq + index })),
    incidentOf,
  );

  const incidents = new Map(step.incidents);
  const put: Put[] = [...(step.put ?? [])];
  const remove: Remove[] = (step.forgotten ?? []).map((key) => ({ collection: 'container', key }));
  for (const [id, incident] of step.incidents) {
    const news = timelines.get(id);
    const before = step.incidentsBefore.get(id);
    if (news === undefined && before === incident) continue;
    const next: IncidentRecord = news
      ? { ...incident, timeline: [...incident.timeline, ...news.map(withoutView)].slice(-TIMELINE_EVENTS) }
      : incident;
    incidents.set(id, next);
    put.push({ collection: 'incident', key: id, value: next });
    const type =
      next.status === 'resolved'
        ? 'incident.resolved'
        : before?.announced && before.status === 'open'
          ? 'incident.updated'
          : 'incident.opened';
    if (next.announced) {
      drafts.push({
        type,
        at: step.at,
        ...(next.cause.container === null ? {} : { container: next.cause.container }),
        data: { incident: incidentView(next) },
      });
    }
  }
  for (const id of step.incidentsBefore.keys()) {
    if (!step.incidents.has(id)) remove.push({ collection: 'incident', key: id });
  }
  put.push(
    ...(step.records ?? []).map((value): Put => ({ collection: 'container', key: value.name, value })),
    ...notifications.map(({ notification }): Put => ({
      collection: 'notification',
      key: notification.id,
      value: notification,
    })),
  );
  return { change: { put, remove, events: drafts }, incidents };
}

function toNotification(
  { type, level, title, message, container, incidentId, details }: Notice,
  at: string,
  newId: (appId: string, at: string) => string,
): { readonly notification: Notification; readonly details: NotificationDetails } {
  const appId = container === null ? undefined : appIdOf(container);
  const about = type.slice(0, type.indexOf('.'));
  const notification: Notification = {
    id: newId(appId ?? about, at),
    level,
    title,
    message,
    timestamp: at,
    ...(appId === undefined ? {} : { appId }),
    type,
    read: false,
    ...(incidentId === null ? {} : { incidentId }),
  };
  return { notification, details };
}

/** Names the incident that an event belongs to: its cause's, or that of which it is a victim. */
function withIncident(draft: EventDraft, incidents: ReadonlyMap<string, IncidentRecord>): EventDraft {
  const { container } = draft;
  if (container === undefined || !draft.type.startsWith('container.')) return draft;
  const data = draft.data as ContainerEventData;
  if (data.incidentId !== undefined) return draft;
  const open = [...incidents.values()].filter(({ status }) => status === 'open');
  const incident =
    open.find(({ cause }) => cause.container === container) ??
    open.find(({ victims }) =>
      victims.some((victim) => victim.container === container && victim.to === null),
    );
  return incident ? ({ ...draft, data: { ...data, incidentId: incident.id } } as EventDraft) : draft;
}

function incidentOf(event: HealthEvent): string | undefined {
  if (event.type === 'notification.created') return event.data.notification.incidentId;
  return 'incidentId' in event.data ? event.data.incidentId : undefined;
}

function withoutView(event: HealthEvent): HealthEvent {
  if (!('view' in event.data)) return event;
  const { view: _view, ...data } = event.data;
  return { ...event, data } as HealthEvent;
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
