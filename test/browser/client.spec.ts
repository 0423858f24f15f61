import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectHealthMonitor, type Change, type HealthMonitorClient } from '../../src/client/index.js';
import type { HealthEvent, Notification } from '../../src/common/events/index.js';
import { MockServer, OPERATOR, VIEWER } from './mock-server.js';
import { fine } from './scenarios.js';

describe('the client against a server', () => {
  let server: MockServer;
  let client: HealthMonitorClient;
  let applied: HealthEvent[];
  let changes: Change[];

  function connect(token: string, timeoutMs = 2_000): HealthMonitorClient {
    client = connectHealthMonitor(server.origin, { token, timeoutMs });
    applied = [];
    changes = [];
    client.subscribe((_, change) => {
      changes.push(change);
      if (change.kind === 'events') applied.push(...change.events);
    });
    return client;
  }
  const until = (status: string) =>
    vi.waitFor(() => expect(client.state.connection.status).toBe(status), 30_000);
  const tell = (id: string) =>
    server.emit({
      type: 'notification.created',
      at: new Date().toISOString(),
      data: { notification: { id, read: false } as Notification, details: {} },
    });

  beforeEach(async () => {
    server = await new MockServer(fine()).start();
  });
  afterEach(async () => {
    client.close();
    await server.stop();
  });

  it('comes to life with a snapshot, the role, and the time of the server', async () => {
    connect(OPERATOR);
    expect(client.state.connection.status).toBe('connecting');
    await until('live');
    expect(client.state.containers.get('bitcoin')?.status).toBe('healthy');
    expect(client.state.role).toBe('operator');
    expect(Math.abs(client.state.clockOffsetMs)).toBeLessThan(5_000);
  });

  it('follows events in order', async () => {
    connect(VIEWER);
    await until('live');
    server.change('bitcoin', { status: 'down' }, 'container.exited');
    server.change('bitcoin', { status: 'restarting' });
    await vi.waitFor(() => expect(client.state.containers.get('bitcoin')?.status).toBe('restarting'), 30_000);
    expect(applied.map(({ type }) => type)).toEqual(['container.exited', 'container.changed']);
  });

  it('notices a hole and fills it', async () => {
    connect(OPERATOR);
    await until('live');
    server.lose(() => tell('lost-on-the-way'));
    tell('after-it');
    await vi.waitFor(() => expect(client.state.notifications.has('after-it')).toBe(true), 30_000);
    expect(client.state.notifications.has('lost-on-the-way')).toBe(true);
    expect(applied.map(({ seq }) => seq)).toEqual([101, 102]);
  });

  it('loses nothing over a restart of the server, and tells what was missed', async () => {
    connect(OPERATOR);
    await until('live');
    await server.stop();
    await until('lost');
    expect(client.state.connection.reason).not.toBeNull();
    tell('while-away-1');
    tell('while-away-2');
    await server.start();
    await until('live');
    expect([...client.state.notifications.keys()]).toEqual(['while-away-1', 'while-away-2']);
    expect(client.state.missed).toMatchObject({ complete: true });
    expect(client.state.missed?.events.map(({ seq }) => seq)).toEqual([101, 102]);
  });

  it('takes a snapshot when the server no longer has what it missed', async () => {
    connect(OPERATOR);
    await until('live');
    await server.stop();
    await until('lost');
    server.keep = 1;
    tell('forgotten');
    tell('kept');
    await server.start();
    await until('live');
    expect(client.state.notifications.has('forgotten')).toBe(true);
    expect(client.state.missed).toMatchObject({ complete: false, events: [] });
  });

  it('starts over when the server counts anew', async () => {
    connect(OPERATOR);
    await until('live');
    await server.stop();
    await until('lost');
    server.epoch = 'another';
    server.scene.containers = server.scene.containers.slice(0, 2);
    await server.start();
    await until('live');
    expect(client.state.containers.size).toBe(2);
    expect(client.state.epoch).toBe('another');
  });

  it('does not knock again when it is refused, until told to', async () => {
    connect('nobody');
    await until('refused');
    expect(client.state.connection.reason).toBe('unauthorized');
    expect(client.state.containers.size).toBe(0);
    const connections = vi.fn();
    server.onKnock = connections;
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(connections).not.toHaveBeenCalled();
    client.reconnect();
    await vi.waitFor(() => expect(connections).toHaveBeenCalledOnce(), 30_000);
  });

  it('gives up on a server that is silent, and tries anew', async () => {
    server.silent = true;
    connect(OPERATOR, 300);
    await vi.waitFor(() => expect(client.state.connection.reason).not.toBeNull(), 30_000);
    expect(client.state.connection.status).toBe('connecting');
    server.silent = false;
    await until('live');
  });

  it('passes memory figures on, and moves no event by them', async () => {
    connect(OPERATOR);
    await until('live');
    const { head } = client.state;
    server.memory([{ container: 'bitcoin', usedBytes: 5, limitBytes: null }]);
    await vi.waitFor(() =>
      expect(changes.at(-1)).toMatchObject({ kind: 'memory', tick: { samples: [{ usedBytes: 5 }] } }),
    );
    expect(client.state.head).toBe(head);
    expect(client.state.containers.get('bitcoin')?.memory?.usedBytes).toBe(5);
  });

  it('comes back when the server throws it out', async () => {
    connect(OPERATOR);
    await until('live');
    server.throwOut();
    await until('lost');
    await until('live');
  });
});
