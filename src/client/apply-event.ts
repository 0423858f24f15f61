import type {
  ContainerView,
  ExternalView,
  HealthEvent,
  HealthStatus,
  Incident,
  MemoryTick,
  Notification,
} from '../common/events/index.js';
import { referenceOf } from '../common/reference/index.js';
import { countOpen } from '../common/standing/index.js';
import type { MonitorData } from './monitor-state.js';
import { readExternal, readView } from './read-view.js';

/** The data after one event. Pure; types of event it does not know move only `head`. */
export function applyEvent(data: MonitorData, event: HealthEvent): MonitorData {
  const next = { ...data, head: event.seq };
  const { external, incident, notification, view: sent, id, reason } = event.data as Partial<Carried>;
  const view = sent && readView(sent);
  const name = view ? referenceOf(view) : (event.container ?? '');

  if (event.type === 'container.removed' && event.container !== undefined) {
    next.containers = without(data.containers, event.container);
  } else if (view) {
    next.containers = withEntry(data.containers, name, view);
  }
  if (external) next.externals = withEntry(data.externals, external.id, readExternal(external));
  if (incident) next.incidents = withEntry(data.incidents, incident.id, incident);
  if (notification) next.notifications = withEntry(data.notifications, notification.id, notification);
  if (event.type === 'notification.removed' && id !== undefined) {
    next.notifications = without(data.notifications, id);
  }
  if (data.status) {
    const status = statusAfter(data.status, event, reason ?? null);
    const containers = recounted(status.containers, data.containers.get(name), next.containers.get(name));
    next.status = containers === status.containers ? status : { ...status, containers };
    if (external) next.status = { ...next.status, externals: counted(next.externals) };
    if (incident || next.status !== status) next.status = { ...next.status, incidents: openIn(next) };
  }
  return next;
}

/** The data after a memory tick. Pure. */
export function applyMemory(data: MonitorData, { samples }: MemoryTick): MonitorData {
  const containers = new Map(data.containers);
  for (const { container, usedBytes, limitBytes, trend = null } of samples) {
    const view = containers.get(container);
    if (view) containers.set(container, { ...view, memory: { usedBytes, limitBytes, trend } });
  }
  return { ...data, containers };
}

export function applyEvents(data: MonitorData, events: readonly HealthEvent[]): MonitorData {
  return events.reduce(applyEvent, data);
}

/** Whatever an event may carry; which of it is there depends on its type. */
interface Carried {
  readonly external: ExternalView;
  readonly incident: Incident;
  readonly notification: Notification;
  readonly view: ContainerView;
  readonly id: string;
  readonly reason: string;
}

function statusAfter(
  status: HealthStatus,
  { type, at, host }: HealthEvent,
  problem: string | null,
): HealthStatus {
  switch (type) {
    case 'engine.unreachable':
      return { ...status, engine: { ...status.engine, ...SILENT, since: at, problem } };
    case 'engine.reachable':
      return { ...status, engine: { ...status.engine, ...ANSWERS, since: at } };
    case 'host.unreachable':
      return withHost(status, host, { ...SILENT, since: at, problem });
    case 'host.reachable':
      return withHost(status, host, { ...ANSWERS, since: at });
    case 'store.degraded':
      return { ...status, store: { ...status.store, durable: false, problem } };
    case 'store.recovered':
      return { ...status, store: { ...status.store, durable: true, problem: null } };
    default:
      return status;
  }
}

const SILENT = { reachable: false } as const;
const ANSWERS = { reachable: true, problem: null } as const;

function withHost(
  status: HealthStatus,
  host: string | undefined,
  engine: Partial<HealthStatus['engine']>,
): HealthStatus {
  const hosts = status.hosts?.map((one) =>
    one.host === host ? { ...one, engine: { ...one.engine, ...engine } } : one,
  );
  return hosts ? { ...status, hosts } : status;
}

const openIn = ({ incidents, containers, externals }: MonitorData): HealthStatus['incidents'] =>
  countOpen(incidents.values(), {
    statusOf: (name) => containers.get(name)?.status,
    isUp: (id) => externals.get(id)?.status === 'up',
  });

const counted = (externals: MonitorData['externals']): HealthStatus['externals'] => ({
  total: externals.size,
  down: [...externals.values()].filter(({ status }) => status === 'down').length,
});

function recounted(
  counts: HealthStatus['containers'],
  before: ContainerView | undefined,
  after: ContainerView | undefined,
): HealthStatus['containers'] {
  if (before?.status === after?.status) return counts;
  const next = { ...counts };
  if (before) next[before.status]--;
  if (after) next[after.status]++;
  next.total += Number(after !== undefined) - Number(before !== undefined);
  return next;
}

function withEntry<V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> {
  return new Map(map).set(key, value);
}

function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
