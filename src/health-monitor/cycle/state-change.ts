import type {
  ContainerEventData,
  EventDraft,
  HealthEvent,
  MemoryView,
  Notification,
  NotificationDetails,
} from '../../common/events/index.js';
import { isOfContainer } from '../../common/standing/index.js';
import type { Put, Remove, StateChange } from '../../common/store/index.js';
import { incidentView, isOpen, isShown, type IncidentRecord, type Message } from '../incidents/index.js';
import { appIdOf } from '../policy/index.js';
import { changedValues, removedKeys, type MonitorState, type Step } from '../step/index.js';
import { servedChange } from './served.js';

const TIMELINE_EVENTS = 100;

/** What only the process knows that keeps a step. */
export interface Keeping {
  /** The `seq` that the first event will have. */
  readonly nextSeq: number;
  /** Makes the id of a notification. */
  readonly newId: (appId: string, at: string) => string;
  readonly memoryOf: (name: string) => MemoryView | null;
  /** Other processes serve what this one knows. */
  readonly isServed: boolean;
}

/**
 * Puts a step into the form in which it is kept: what changed, the events in order (what happened, what people hear,
 * how incidents stand after that), and each event in the timeline of the incident it belongs to.
 */
export function toStateChange(
  before: MonitorState,
  { state, events, messages }: Step,
  now: number,
  { nextSeq, newId, memoryOf, isServed }: Keeping,
): { readonly change: StateChange; readonly state: MonitorState } {
  const at = new Date(now).toISOString();
  const open = [...state.incidents.values()].filter(isOpen);
  const notifications = messages.map((message) => toNotification(message, at, newId));
  const drafts: EventDraft[] = [
    ...events.map((draft) => withMemory(withIncident(draft, open), memoryOf)),
    ...notifications.map(({ notification, details }): EventDraft => ({
      type: 'notification.created',
      at,
      ...(details.container === undefined ? {} : { container: details.container }),
      data: { notification, details },
    })),
  ];
  const incidents = withTimelines(state.incidents, drafts, nextSeq);
  const changed = changedValues(before.incidents, incidents);
  const served = isServed ? servedChange(before, state) : null;
  const change: StateChange = {
    put: [
      ...changedValues(before.records, state.records).map((value): Put =>
        put('container', value.name, value),
      ),
      ...changed.map((value): Put => put('incident', value.id, value)),
      ...notifications.map(({ notification }): Put => put('notification', notification.id, notification)),
      ...(state.lastAlive === before.lastAlive || state.lastAlive === null
        ? []
        : [put('host', 'host', state.lastAlive)]),
      ...(served?.put ?? []),
    ],
    remove: [
      ...removedKeys(before.records, state.records).map((key): Remove => ({ collection: 'container', key })),
      ...removedKeys(before.incidents, incidents).map((key): Remove => ({ collection: 'incident', key })),
      ...(served?.remove ?? []),
    ],
    events: [
      ...drafts,
      ...changed.flatMap((incident) => incidentEvent(before.incidents.get(incident.id), incident, at)),
    ],
  };
  return { change, state: incidents === state.incidents ? state : { ...state, incidents } };
}

const put = (collection: string, key: string, value: unknown): Put => ({ collection, key, value }) as Put;

/** How an incident stands now, once people see it. */
function incidentEvent(
  before: IncidentRecord | undefined,
  incident: IncidentRecord,
  at: string,
): EventDraft[] {
  if (!isShown(incident) || (before !== undefined && isOnlyMoved(before, incident))) return [];
  const { container } = incident.cause;
  const wasOpen = before !== undefined && isShown(before) && isOpen(before);
  const type = !isOpen(incident) ? 'incident.resolved' : wasOpen ? 'incident.updated' : 'incident.opened';
  return [
    { type, at, ...(container === null ? {} : { container }), data: { incident: incidentView(incident) } },
  ];
}

/** Nothing but its times is another: the host's clock was set. */
const isOnlyMoved = (
  before: IncidentRecord,
  { since, backAt, attemptAt: _, withheldFrom, ...rest }: IncidentRecord,
): boolean =>
  since !== before.since &&
  (backAt === null) === (before.backAt === null) &&
  (withheldFrom === null) === (before.withheldFrom === null) &&
  Object.entries(rest).every(([key, value]) => value === before[key as keyof IncidentRecord]);

function toNotification(
  { type, level, title, message, container, incidentId, details }: Message,
  at: string,
  newId: Keeping['newId'],
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

function withMemory(draft: EventDraft, memoryOf: Keeping['memoryOf']): EventDraft {
  if (!('view' in draft.data) || draft.data.view === undefined) return draft;
  const { view } = draft.data;
  return { ...draft, data: { ...draft.data, view: { ...view, memory: memoryOf(view.name) } } } as EventDraft;
}

/** Names the incident that an event belongs to: first one about the state of its container, then one of which that is a victim, then any other. */
function withIncident(draft: EventDraft, open: readonly IncidentRecord[]): EventDraft {
  const { container } = draft;
  if (container === undefined || !draft.type.startsWith('container.')) return draft;
  const data = draft.data as ContainerEventData;
  if (data.incidentId !== undefined) return draft;
  const own = open.filter(({ cause }) => cause.container === container);
  const incident =
    own.find(isOfContainer) ??
    open.find(({ victims }) =>
      victims.some((victim) => victim.container === container && victim.to === null),
    ) ??
    own[0];
  return incident ? ({ ...draft, data: { ...data, incidentId: incident.id } } as EventDraft) : draft;
}

/** The incidents, each with the events that belong to it at the end of its timeline. */
function withTimelines(
  incidents: ReadonlyMap<string, IncidentRecord>,
  drafts: readonly EventDraft[],
  nextSeq: number,
): ReadonlyMap<string, IncidentRecord> {
  const timelines = new Map<string, HealthEvent[]>();
  for (const [index, draft] of drafts.entries()) {
    const event = { ...draft, seq: nextSeq + index } as HealthEvent;
    const id = incidentOf(event);
    if (id === undefined || !incidents.has(id)) continue;
    const timeline = timelines.get(id);
    if (timeline) timeline.push(withoutView(event));
    else timelines.set(id, [withoutView(event)]);
  }
  if (timelines.size === 0) return incidents;
  return new Map(
    [...incidents].map(([id, incident]) => {
      const news = timelines.get(id);
      return [
        id,
        news ? { ...incident, timeline: [...incident.timeline, ...news].slice(-TIMELINE_EVENTS) } : incident,
      ];
    }),
  );
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
