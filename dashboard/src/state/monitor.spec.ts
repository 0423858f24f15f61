import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Change, HealthStatus, Listener, MonitorState } from '../client.js';
import { whyOff } from './actions.js';
import { showStatus, snapshots, startMonitor, status } from './monitor.js';

const client = vi.hoisted(() => {
  // As much of a browser as these modules ask for.
  vi.stubGlobal('location', { href: 'https://box/dashboard/', origin: 'https://box', hash: '' });
  vi.stubGlobal('document', {
    visibilityState: 'visible',
    querySelector: () => ({ getAttribute: () => 'health-monitor' }),
  });
  vi.stubGlobal('navigator', { onLine: false });
  vi.stubGlobal('requestAnimationFrame', (paint: () => void) => paint());
  return { publish: null as unknown as Listener };
});
vi.mock('../client.js', () => ({
  connectHealthMonitor: () => ({ subscribe: (listener: Listener) => (client.publish = listener) }),
}));

const engine = { kind: 'podman', version: '5.4.2', reachable: true, since: null, problem: null };
const STATUS = {
  nodeId: 'node-1',
  engine,
  store: { kind: 'sqlite', durable: true, problem: null },
  lastCheckAt: '13:26',
} as unknown as HealthStatus;
const SILENT: HealthStatus = { ...STATUS, engine: { ...engine, reachable: false, since: '13:20' } };

beforeAll(() => {
  startMonitor();
  return () => vi.unstubAllGlobals();
});

const SNAPSHOT: Change = { kind: 'snapshot' };
const EVENTS: Change = { kind: 'events', events: [], missed: false };

function publish(next: HealthStatus, change: Change, connection: 'live' | 'lost' = 'live'): void {
  client.publish(
    {
      epoch: 'a',
      head: 1,
      containers: new Map(),
      externals: new Map(),
      incidents: new Map(),
      notifications: new Map(),
      status: next,
      connection: { status: connection, since: Date.now(), reason: null },
      role: 'operator',
      build: '1.0.0',
      clockOffsetMs: 0,
      missed: null,
    } satisfies MonitorState,
    change,
  );
}

beforeEach(() => publish({ ...STATUS }, SNAPSHOT));

describe('status', () => {
  it('keeps what REST answered since, when an event is about the engine', () => {
    showStatus({ ...STATUS, lastCheckAt: '14:03' });
    publish(SILENT, EVENTS);
    expect(status.value).toEqual({ ...SILENT, lastCheckAt: '14:03' });
  });

  it('is a snapshot’s as a whole', () => {
    showStatus({ ...STATUS, lastCheckAt: '14:03' });
    publish({ ...SILENT, lastCheckAt: '14:05' }, SNAPSHOT);
    expect(status.value).toEqual({ ...SILENT, lastCheckAt: '14:05' });
  });

  it('counts the snapshots', () => {
    const before = snapshots.value;
    publish(SILENT, EVENTS);
    expect(snapshots.value).toBe(before);
    publish(STATUS, SNAPSHOT);
    expect(snapshots.value).toBe(before + 1);
  });
});

describe('acting', () => {
  const off = () => [true, false].map((needsEngine) => whyOff({ needsEngine }) !== null);

  it('is possible while all is well', () => expect(off()).toEqual([false, false]));

  it('is off in an engine outage for what needs the engine, and for nothing else', () => {
    publish(SILENT, EVENTS);
    expect(off()).toEqual([true, false]);
  });

  it('is off on a server that only reads, with its words, but for what that does all the same', () => {
    const reason = 'The database cannot be reached.';
    publish({ ...STATUS, onlyReads: { reason, startable: [] } }, SNAPSHOT);
    expect(off()).toEqual([true, true]);
    expect(whyOff({ needsEngine: false })).toBe(reason);
    expect(whyOff({ needsEngine: true, worksReadOnly: true })).toBeNull();
  });

  it('is off for everything once the connection is lost', () => {
    publish(STATUS, { kind: 'connection' }, 'lost');
    expect(off()).toEqual([true, true]);
  });
});
