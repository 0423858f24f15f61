import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mountControllers } from '../common/access/index.js';
import { Clock, SystemClock } from '../common/clock/index.js';
import { type Notification } from '../common/events/index.js';
import {
  HEALTH_MONITOR_OPTIONS,
  resolveOptions,
  type Handshake,
  type Principal,
} from '../common/options/index.js';
import { EventStream, HealthStore, MemoryStore } from '../common/store/index.js';
import { NotificationsController, NotificationsService } from './index.js';

const notification = (id: string): Notification => ({
  id,
  level: 'error',
  title: 'lnd was given up',
  message: 'm',
  timestamp: '2026-01-01T00:00:00.000Z',
  type: 'container.given_up',
  read: false,
});

let app: INestApplication;
let call: (method: string, path: string, token?: string) => Promise<Response>;

beforeEach(async () => {
  const store = new MemoryStore();
  await store.commit({
    put: ['a', 'b'].map((key) => ({ collection: 'notification', key, value: notification(key) })),
  });
  const options = resolveOptions({
    access: {
      authenticate: ({ token }: Handshake): Principal | null =>
        token === 'viewer' || token === 'operator' ? { id: token, role: token } : null,
    },
  });
  const testing = await Test.createTestingModule({
    controllers: mountControllers('health-monitor', [NotificationsController]),
    providers: [
      EventStream,
      NotificationsService,
      { provide: HealthStore, useValue: store },
      { provide: Clock, useClass: SystemClock },
      { provide: HEALTH_MONITOR_OPTIONS, useValue: options },
    ],
  }).compile();
  app = testing.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  call = (method, path, token = 'operator') =>
    fetch(`${url}/health-monitor/notifications${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
    });
});

afterEach(() => app.close());

const listed = async (): Promise<Notification[]> =>
  (await (await call('GET', '', 'viewer')).json()) as Notification[];

describe('notifications over REST', () => {
  it('are listed for a viewer, newest first', async () => {
    expect(await listed()).toEqual([notification('b'), notification('a')]);
  });

  it('are marked as read, one or all', async () => {
    const response = await call('POST', '/a/read');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ...notification('a'), read: true });
    expect((await call('POST', '/read')).status).toBe(204);
    expect((await listed()).map(({ read }) => read)).toEqual([true, true]);
  });

  it('are dismissed', async () => {
    expect((await call('DELETE', '/a')).status).toBe(204);
    expect((await listed()).map(({ id }) => id)).toEqual(['b']);
  });

  it('that do not exist are answered 404 in the usual form', async () => {
    for (const [method, path] of [
      ['POST', '/x/read'],
      ['DELETE', '/x'],
    ] as const) {
      const response = await call(method, path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({
        statusCode: 404,
        error: 'Not Found',
        message: expect.stringContaining(`"x"`) as string,
      });
    }
  });

  it('are not changed by a viewer, and not shown to a stranger', async () => {
    expect((await call('POST', '/a/read', 'viewer')).status).toBe(403);
    expect((await call('POST', '/read', 'viewer')).status).toBe(403);
    expect((await call('DELETE', '/a', 'viewer')).status).toBe(403);
    expect((await call('GET', '', 'stranger')).status).toBe(401);
    expect(await listed()).toEqual([notification('b'), notification('a')]);
  });
});
