import { batch, computed, effect, signal, type Signal } from '@preact/signals';
import {
  connectHealthMonitor,
  type Change,
  type Connection,
  type ContainerView,
  type ExternalView,
  type HealthEvent,
  type HealthMonitorClient,
  type HealthStatus,
  type Incident,
  type MemorySample,
  type Missed,
  type MonitorState,
  type Notification,
  type Role,
  referenceOf,
} from '../client.js';
import { isSilent } from '../model/hosts.js';
import { freezeClock, setClockOffset } from './clock.js';
import { readPageConfig } from './page-config.js';
import { dropToken, token } from './session.js';

/** Older figures of a container's memory are forgotten. */
const KEEP_SAMPLES = 288;
/** A shorter interruption is nobody's business. */
const LOST_AFTER_MS = 2_000;

export const config = readPageConfig();

export const connection = signal<Connection>({ status: 'connecting', since: Date.now(), reason: null });
export const role = signal<Role>('viewer');
export const status = signal<HealthStatus | null>(null);
/** A signal each, so that a change repaints one row. The map itself changes only with its keys. */
export const containers = signal<ReadonlyMap<string, Signal<ContainerView>>>(new Map());
/** What is no container, by id, in the server's order. */
export const externals = signal<ReadonlyMap<string, ExternalView>>(new Map());
export const incidents = signal<ReadonlyMap<string, Incident>>(new Map());
export const notifications = signal<ReadonlyMap<string, Notification>>(new Map());
export const missed = signal<Missed | null>(null);
/** How often a snapshot replaced everything. What was built on events alone has a hole then. */
export const snapshots = signal(0);
/** Whether anything is known yet. */
export const loaded = signal(false);
/** Whether the server runs another build than the one this page came from. */
export const newerBuild = signal(false);
/** Whether the connection has been lost long enough to say so. */
export const lost = signal(false);
/** Figures that came since the page was opened, by container. */
const memory = new Map<string, MemorySample[]>();
export const memoryTick = signal(0);

/** Views by name, as a plain map. Reading it depends on every container. */
export const views = computed<ReadonlyMap<string, ContainerView>>(
  () => new Map([...containers.value].map(([name, view]) => [name, view.value])),
);
export const unread = computed(() => [...notifications.value.values()].filter(({ read }) => !read).length);
/** Whether the engine of this host is silent. */
export const outage = computed(() => status.value !== null && isSilent(status.value.engine));
/** Whether it is on this host while the engine of this host is silent: then nobody knows how it is. */
export const isUnseen = ({ host }: { readonly host?: string }): boolean => outage.value && host === undefined;
/** While this server only shows what there is, why, and what can be started all the same; `null`: it acts. */
export const onlyReads = computed(() => status.value?.onlyReads ?? null);
export const observing = computed(() => status.value?.mode === 'observe');
/** Whether the person may act at all; whether it is possible right now is `whyOff`. */
export const mayAct = computed(() => role.value === 'operator' && config.http !== null);

export function memoryOf(name: string): readonly MemorySample[] {
  return memory.get(name) ?? [];
}

type EventListener = (events: readonly HealthEvent[]) => void;
const listeners = new Set<EventListener>();
/** Calls `listener` with events as they come; returns how to stop it. */
export function onEvents(listener: EventListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

let client: HealthMonitorClient | null = null;

export function startMonitor(): void {
  if (config.namespace === null) return;
  client = connectHealthMonitor(location.origin + config.namespace, { token, path: config.socketPath });
  client.subscribe((state, change) => {
    collect(change);
    schedule(state);
  });
  watchLoss();
}

export function reconnect(): void {
  client?.reconnect();
}

/** The server no longer knows us: what it sent is not ours to show. */
export function signOut(): void {
  dropToken();
  connection.value = { status: 'refused', since: Date.now(), reason: null };
  client?.close();
}

let latest: MonitorState | null = null;
let scheduled = false;
let events: HealthEvent[] = [];
let snapshotCame = false;

function collect(change: Change): void {
  if (change.kind === 'snapshot') snapshotCame = true;
  if (change.kind === 'events') events.push(...change.events);
  if (change.kind === 'memory') {
    for (const { container, usedBytes } of change.tick.samples) {
      const samples = memory.get(container) ?? [];
      memory.set(container, [...samples.slice(1 - KEEP_SAMPLES), { at: change.tick.at, usedBytes }]);
    }
    memoryTick.value++;
  }
}

/** At most one repaint a frame, however much happens. */
function schedule(state: MonitorState): void {
  latest = state;
  if (scheduled) return;
  scheduled = true;
  if (document.visibilityState === 'visible') requestAnimationFrame(flush);
  else setTimeout(flush, 100);
}

function flush(): void {
  scheduled = false;
  const state = latest;
  if (!state) return;
  const happened = events;
  events = [];
  batch(() => {
    mergeStatus(state.status);
    if (snapshotCame) snapshots.value++;
    snapshotCame = false;
    setClockOffset(state.clockOffsetMs);
    show(state.containers);
    externals.value = state.externals;
    incidents.value = state.incidents;
    notifications.value = state.notifications;
    role.value = state.role;
    missed.value = state.missed;
    connection.value = state.connection;
    loaded.value = state.epoch !== '';
    firstBuild ||= state.build;
    newerBuild.value = state.build !== firstBuild;
  });
  if (state.connection.status === 'refused') dropToken();
  if (happened.length > 0) for (const listener of listeners) listener(happened);
}

let firstBuild = '';
let merged: HealthStatus | null = null;

/** Of a status, events change engine, store and counts; what REST answered since about the rest is not undone. */
function mergeStatus(next: HealthStatus | null): void {
  if (next === merged) return;
  merged = next;
  const known = status.peek();
  if (snapshotCame || !known || !next) status.value = next;
  else {
    const { engine, hosts, store, containers, externals, incidents } = next;
    status.value = { ...known, engine, ...(hosts && { hosts }), store, containers, externals, incidents };
  }
}

/** Shows a status that REST answered, as a whole. */
export function showStatus(next: HealthStatus): void {
  status.value = next;
}

function show(next: ReadonlyMap<string, ContainerView>): void {
  const known = containers.peek();
  let sameKeys = known.size === next.size;
  for (const [name, view] of next) {
    const existing = known.get(name);
    if (existing) existing.value = byReference(view);
    else sameKeys = false;
  }
  if (sameKeys) return;
  containers.value = new Map(
    [...next].map(([name, view]) => [name, known.get(name) ?? signal(byReference(view))]),
  );
}

const called = new WeakMap<ContainerView, ContainerView>();

/** Everywhere on the page a container is called by what tells it from all others, those of other hosts too. */
function byReference(view: ContainerView): ContainerView {
  if (view.host === undefined) return view;
  const known = called.get(view) ?? { ...view, name: referenceOf(view) };
  called.set(view, known);
  return known;
}

function watchLoss(): void {
  effect(() => {
    const { status, since } = connection.value;
    if (status !== 'lost') {
      lost.value = false;
      freezeClock(null);
      return;
    }
    const say = () => {
      lost.value = true;
      freezeClock(since);
    };
    if (!navigator.onLine) return say();
    const timer = setTimeout(say, Math.max(0, since + LOST_AFTER_MS - Date.now()));
    return () => clearTimeout(timer);
  });
}

/** What is no container is called by its name. */
export const calledOf = (blocker: string): string =>
  views.value.has(blocker) ? blocker : (externals.value.get(blocker)?.name ?? blocker);
