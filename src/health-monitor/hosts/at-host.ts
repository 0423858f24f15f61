import type {
  ContainerView,
  EventDraft,
  HealthEventType,
  Incident,
  MemoryTick,
  Notification,
  NotificationDetails,
  NotificationType,
} from '../../common/events/index.js';
import { referenceFrom, referenceTo } from '../../common/reference/index.js';
import { keyAtHost } from './document-key.js';
import type { Put, Remove, StateChange } from '../../common/store/index.js';

/** Another host than the local one: by what its containers are called, and what people call it. */
export interface HostName {
  readonly key: string;
  readonly title: string;
}

/** Of an engine on another host nobody knows whether it or the way to it is what fails. */
const TYPE_AT_HOST: Readonly<Record<string, NotificationType & HealthEventType>> = {
  'engine.unreachable': 'host.unreachable',
  'engine.reachable': 'host.reachable',
};

/** As what a monitor keeps and says of its own containers stands among those of all hosts. Pure. */
export const changeAtHost = (host: HostName, { put, remove, events, memory }: StateChange): StateChange => ({
  ...(put && { put: put.map((one) => putAtHost(host, one)) }),
  ...(remove && { remove: remove.map((one) => removeAtHost(host, one)) }),
  ...(events && { events: events.map((one) => eventAtHost(host, one)) }),
  ...(memory && { memory: tickAtHost(host, memory) }),
});

export const viewAtHost = ({ key }: HostName, view: ContainerView): ContainerView => ({
  ...view,
  host: key,
  dependsOn: view.dependsOn.map((name) => referenceFrom(key, name)),
  blockedBy: view.blockedBy.map((name) => referenceFrom(key, name)),
});

export const incidentAtHost = (host: HostName, incident: Incident): Incident => ({
  ...incident,
  host: host.key,
  id: referenceTo(host.key, incident.id),
  cause: {
    ...incident.cause,
    ...(incident.kind === 'engine' && { name: host.title }),
    container: incident.cause.container && referenceTo(host.key, incident.cause.container),
  },
  victims: incident.victims.map((victim) => ({
    ...victim,
    container: referenceTo(host.key, victim.container),
  })),
  timeline: incident.timeline.map((event) => ({ ...eventAtHost(host, event), seq: event.seq })),
});

export const tickAtHost = ({ key }: HostName, { at, samples }: MemoryTick): MemoryTick => ({
  at,
  samples: samples.map((sample) => ({ ...sample, container: referenceTo(key, sample.container) })),
});

/** Documents of its own, which a monitor reads back under the same key; notifications are of all hosts. */
function putAtHost(host: HostName, put: Put): Put {
  return put.collection === 'notification'
    ? { ...put, value: notificationAtHost(host, put.value) }
    : { ...put, key: keyAtHost(host.key, put.key) };
}

const removeAtHost = ({ key }: HostName, { collection, key: document }: Remove): Remove => ({
  collection,
  key: collection === 'notification' ? document : keyAtHost(key, document),
});

function eventAtHost(host: HostName, event: EventDraft): EventDraft {
  const { container, data } = event;
  return {
    ...event,
    type: TYPE_AT_HOST[event.type] ?? event.type,
    host: host.key,
    ...(container !== undefined && { container: referenceTo(host.key, container) }),
    data: dataAtHost(host, data as Placed),
  } as EventDraft;
}

/** Whatever the data of an event may hold that is about this host. */
interface Placed {
  readonly view?: ContainerView;
  readonly incident?: Incident;
  readonly incidentId?: string;
  readonly blockedBy?: readonly string[];
  readonly notification?: Notification;
  readonly details?: NotificationDetails;
}

function dataAtHost(host: HostName, data: Placed): Placed {
  const { view, incident, incidentId, blockedBy, notification, details } = data;
  return {
    ...data,
    ...(view && { view: viewAtHost(host, view) }),
    ...(incident && { incident: incidentAtHost(host, incident) }),
    ...(incidentId !== undefined && { incidentId: referenceTo(host.key, incidentId) }),
    ...(blockedBy && { blockedBy: blockedBy.map((name) => referenceFrom(host.key, name)) }),
    ...(notification && { notification: notificationAtHost(host, notification) }),
    ...(details && { details: detailsAtHost(host, details) }),
  };
}

const notificationAtHost = (host: HostName, notification: Notification): Notification => ({
  ...notification,
  type: TYPE_AT_HOST[notification.type] ?? notification.type,
  host: host.key,
  title: `${host.title}: ${notification.title}`,
  ...(notification.incidentId !== undefined && {
    incidentId: referenceTo(host.key, notification.incidentId),
  }),
});

const detailsAtHost = ({ key }: HostName, details: NotificationDetails): NotificationDetails => ({
  ...details,
  host: key,
  ...(details.container !== undefined && { container: referenceTo(key, details.container) }),
  ...(details.incident_id !== undefined && { incident_id: referenceTo(key, details.incident_id) }),
});
