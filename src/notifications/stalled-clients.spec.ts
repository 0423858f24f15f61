import { Logger } from '@nestjs/common';
import { EventEmitter } from 'node:events';
import type { Namespace } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StalledClients } from './stalled-clients.js';

class FakeConnection extends EventEmitter {
  closed = false;
  terminated = false;
  writeBuffer: { data: string }[] = [];
  readonly transport = { socket: { terminate: () => (this.terminated = true) } };

  queue(packets: number, data = '2/health-monitor,["event"]'): void {
    for (let count = 0; count < packets; count++) this.writeBuffer.push({ data });
  }

  /** What Engine.IO does when the transport takes what waits. */
  take(): void {
    this.writeBuffer = [];
    this.emit('drain');
  }

  close(discard: boolean): void {
    this.closed = discard;
    this.writeBuffer = [];
  }
}

let conn: FakeConnection;
let clients: StalledClients;
const looks = (count: number): void => void vi.advanceTimersByTime(count * 250);

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  conn = new FakeConnection();
  const sockets = new Map([['1', { conn, handshake: { address: '192.0.2.1' } }]]);
  clients = new StalledClients({ name: '/health-monitor', sockets } as unknown as Namespace);
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a client for whom too much waits', () => {
  it.each([
    ['1,001 packets', () => conn.queue(1_001)],
    ['over 1 MB', () => conn.queue(2, `2/health-monitor,${'x'.repeat(500_000)}`)],
  ])('(%s) is dropped at the second look, its connection cut', (_, queue) => {
    queue();
    clients.sent();
    looks(1);
    expect(conn.closed).toBe(false);
    looks(1);
    expect([conn.closed, conn.terminated]).toEqual([true, true]);
    looks(1);
  });

  it('stays when it took some in between, however much waits again', () => {
    conn.queue(2_000);
    clients.sent();
    for (let count = 0; count < 10; count++) {
      looks(1);
      conn.take();
      conn.queue(2_000);
    }
    expect(conn.closed).toBe(false);
    clients.stop();
  });

  it('stays when it is the host whose packets wait', () => {
    conn.queue(5_000, '2/host,["event"]');
    conn.queue(5_000, '2["event"]');
    clients.sent();
    looks(3);
    expect(conn.closed).toBe(false);
    clients.stop();
  });
});

describe('looking', () => {
  it('ends when nothing waits any more', () => {
    conn.queue(1);
    clients.sent();
    looks(2);
    expect(vi.getTimerCount()).toBe(1);
    conn.take();
    looks(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
