import { describe, expect, it } from 'vitest';
import type {
  ContainerView,
  ExternalView,
  HealthEvent,
  HealthStatus,
  Incident,
  MemoryTrend,
  Notification,
} from '../common/events/index.js';
import { applyEvent, applyEvents, applyMemory } from './apply-event.js';
import { EMPTY_DATA, fromSnapshot, type MonitorData } from './monitor-state.js';

const view = (name: string, status = 'healthy') => ({ name, status, spans: [] }) as unknown as ContainerView;
const incident = (id: string, status = 'open') =>
  ({ id, status, kind: 'down', cause: { container: 'lnd' } }) as Incident;
const notification = (id: string, read = false) => ({ id, read }) as Notification;
const status = {
  engine: { reachable: true },
  store: { durable: true },
  containers: { total: 2, healthy: 2, down: 0 },
} as unknown as HealthStatus;

const data: MonitorData = fromSnapshot(
  { containers: [view('lnd'), view('bitcoin')], incidents: [], notifications: [notification('n-1')], status },
  'epoch',
  7,
);
const event = (seq: number, type: string, rest: object, container?: string) =>
  ({ seq, type, at: '2026-01-01T00:00:00.000Z', ...(container && { container }), data: rest }) as HealthEvent;

describe('applyEvent', () => {
  it('takes a status that only a newer server knows for down', () => {
    const spans = [
      { from: '', status: 'healthy' },
      { from: '', status: 'melting' },
      { from: '', status: 'not-watched' },
    ];
    const newer = { ...view('lnd', 'melting'), spans } as ContainerView;
    const next = applyEvent(data, event(8, 'container.changed', { reason: '', view: newer }, 'lnd'));
    const known = {
      status: 'down',
      spans: [{ status: 'healthy' }, { status: 'down' }, { status: 'not-watched' }],
    };
    expect(next.containers.get('lnd')).toMatchObject(known);
    const snapshot = { containers: [newer], incidents: [], notifications: [], status };
    expect(fromSnapshot(snapshot, 'epoch', 7).containers.get('lnd')).toMatchObject(known);
  });

  it('takes the view that rides along, and moves the head', () => {
    const next = applyEvent(
      data,
      event(8, 'container.exited', { reason: '', view: view('lnd', 'down') }, 'lnd'),
    );
    expect(next.containers.get('lnd')?.status).toBe('down');
    expect(next.head).toBe(8);
  });

  it('takes the external that rides along, and counts those that are down', () => {
    const nas = (status: string) => ({ id: 'nas', name: 'The NAS', status }) as ExternalView;
    const changed = (seq: number, view: ExternalView) =>
      event(seq, 'external.changed', { reason: '', external: view });
    const down = applyEvent(data, changed(8, nas('down')));
    expect(down.externals.get('nas')?.status).toBe('down');
    expect(down.status?.externals).toEqual({ total: 1, down: 1 });
    expect(down.containers).toBe(data.containers);
    const newer = applyEvent(down, changed(9, nas('melting')));
    expect(newer.externals.get('nas')?.status).toBe('unknown');
    expect(newer.status?.externals).toEqual({ total: 1, down: 0 });
    const snapshot = { containers: [], externals: [nas('up')], incidents: [], notifications: [], status };
    expect([...fromSnapshot(snapshot, 'epoch', 7).externals]).toEqual([['nas', nas('up')]]);
  });

  it('leaves the data it was given alone', () => {
    applyEvent(data, event(8, 'container.exited', { reason: '', view: view('lnd', 'down') }, 'lnd'));
    expect(data.containers.get('lnd')?.status).toBe('healthy');
    expect(data.head).toBe(7);
  });

  it('keeps the maps that an event does not touch', () => {
    const next = applyEvent(data, event(8, 'incident.opened', { incident: incident('i-1') }));
    expect(next.containers).toBe(data.containers);
    expect(next.notifications).toBe(data.notifications);
    expect(next.incidents.get('i-1')?.status).toBe('open');
  });

  it('forgets a removed container, even when its last view rides along', () => {
    const next = applyEvent(data, event(8, 'container.removed', { reason: '', view: view('lnd') }, 'lnd'));
    expect([...next.containers.keys()]).toEqual(['bitcoin']);
  });

  it('counts the open incidents, and where they stand', () => {
    const opened = event(8, 'incident.opened', { incident: incident('i-1') });
    const died = event(9, 'container.exited', { reason: '', view: view('lnd', 'down') }, 'lnd');
    const over = event(10, 'incident.resolved', { incident: incident('i-1', 'resolved') });
    const after = (...events: HealthEvent[]) => applyEvents(data, events).status?.incidents;
    expect(after(opened)).toEqual({ open: 1, wrong: 0, upAgain: 1, soon: 0 });
    expect(after(opened, died)).toEqual({ open: 1, wrong: 1, upAgain: 0, soon: 0 });
    expect(after(opened, died, over)).toEqual({ open: 0, wrong: 0, upAgain: 0, soon: 0 });
  });

  it('counts the containers of each status', () => {
    const died = event(8, 'container.exited', { reason: '', view: view('lnd', 'down') }, 'lnd');
    const came = event(9, 'container.changed', { reason: '', view: view('nextcloud') }, 'nextcloud');
    const went = event(10, 'container.removed', { reason: '' }, 'bitcoin');
    expect(applyEvent(data, died).status?.containers).toEqual({ total: 2, healthy: 1, down: 1 });
    expect(applyEvents(data, [died, came]).status?.containers).toEqual({ total: 3, healthy: 2, down: 1 });
    expect(applyEvents(data, [died, came, went]).status?.containers).toEqual({
      total: 2,
      healthy: 1,
      down: 1,
    });
    const nothingNew = event(8, 'container.changed', { reason: '', view: view('lnd') }, 'lnd');
    expect(applyEvent(data, nothingNew).status).toBe(data.status);
  });

  it('updates and removes notifications', () => {
    const read = event(8, 'notification.updated', { notification: notification('n-1', true) });
    expect(applyEvent(data, read).notifications.get('n-1')?.read).toBe(true);
    expect(applyEvent(data, event(8, 'notification.removed', { id: 'n-1' })).notifications.size).toBe(0);
  });

  it('follows the engine and the store in the status', () => {
    const next = applyEvents(data, [
      event(8, 'engine.unreachable', { reason: 'gone' }),
      event(9, 'store.degraded', { reason: 'disk full' }),
    ]);
    expect(next.status?.engine).toMatchObject({
      reachable: false,
      problem: 'gone',
      since: '2026-01-01T00:00:00.000Z',
    });
    expect(next.status?.store).toMatchObject({ durable: false, problem: 'disk full' });
    const back = applyEvents(next, [
      event(10, 'engine.reachable', { reason: '' }),
      event(11, 'store.recovered', { reason: '' }),
    ]);
    expect(back.status?.engine.reachable).toBe(true);
    expect(back.status?.store).toMatchObject({ durable: true, problem: null });
  });

  it('moves only the head for a type it does not know', () => {
    expect(applyEvent(data, event(8, 'container.invented_later', { reason: '' }))).toEqual({
      ...data,
      head: 8,
    });
  });

  it('keeps the latest memory of the containers it knows', () => {
    const trend = { kind: 'leaking', hoursToLimit: 33 } as unknown as MemoryTrend;
    const next = applyMemory(data, {
      at: '2026-01-01T00:00:00.000Z',
      samples: [
        { container: 'lnd', usedBytes: 7, limitBytes: 9, trend },
        { container: 'bitcoin', usedBytes: 5, limitBytes: null },
        { container: 'stranger', usedBytes: 1, limitBytes: null },
      ],
    });
    expect(next.containers.get('lnd')?.memory).toEqual({ usedBytes: 7, limitBytes: 9, trend });
    expect(next.containers.get('bitcoin')?.memory).toEqual({ usedBytes: 5, limitBytes: null, trend: null });
    expect([...next.containers.keys()]).toEqual(['lnd', 'bitcoin']);
    expect(next.incidents).toBe(data.incidents);
  });

  it('does nothing to empty data but move its head', () => {
    expect(applyEvent(EMPTY_DATA, event(1, 'engine.unreachable', { reason: '' })).status).toBeNull();
  });
});
