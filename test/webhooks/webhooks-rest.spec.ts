import { Injectable, Module, type BeforeApplicationShutdown, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccessGuard, mountControllers } from '../../src/common/access/index.js';
import { Clock } from '../../src/common/clock/index.js';

import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../../src/common/options/index.js';
import { EventStream, HealthStore, MemoryStore } from '../../src/common/store/index.js';
import { ManualClock } from '../../src/testing/manual-clock.js';
import { WebhookService, webhooksControllers, webhooksProviders } from '../../src/webhooks/index.js';
import { Receiver } from './receiver.js';
import { SECRET, START, webhookOptions } from './webhooks-rig.js';

const CONFIGURED = 'https://hooks.slack.com/services/T0SECRET/B0SECRET/hidden';
const VIEWER = 'viewer';
const OPERATOR = 'operator';

describe('REST of webhooks', () => {
  let app: INestApplication;
  let base: string;
  let receiver: Receiver;
  let store: MemoryStore;
  let drainMs: number;

  beforeEach(async () => {
    drainMs = 0;
    receiver = await Receiver.start();
    store = new MemoryStore();
    const options: ResolvedOptions = {
      ...webhookOptions({ endpoints: [{ id: 'chat', url: CONFIGURED, secret: SECRET, format: 'slack' }] }),
      access: {
        authenticate: ({ token }) =>
          token === VIEWER || token === OPERATOR ? { id: token, role: token } : null,
      },
    };
    @Injectable()
    class Shutdown implements BeforeApplicationShutdown {
      constructor(private readonly webhooks: WebhookService) {}
      beforeApplicationShutdown(): Promise<void> {
        return this.webhooks.drain(drainMs);
      }
    }
    @Module({
      controllers: mountControllers('health-monitor', webhooksControllers),
      providers: [
        ...webhooksProviders,
        AccessGuard,
        EventStream,
        Shutdown,
        { provide: HealthStore, useValue: store },
        { provide: Clock, useValue: new ManualClock(START) },
        { provide: HEALTH_MONITOR_OPTIONS, useValue: options },
      ],
    })
    class HostModule {}
    const module = await Test.createTestingModule({ imports: [HostModule] }).compile();
    app = module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    base = `http://127.0.0.1:${((app.getHttpServer() as Server).address() as AddressInfo).port}/health-monitor`;
  });
  afterEach(async () => {
    await app.close();
    await receiver.stop();
  });

  async function call(
    method: string,
    path: string,
    body?: unknown,
    token: string | null = OPERATOR,
  ): Promise<{ status: number; body: never }> {
    const response = await fetch(`${base}/${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as never };
  }

  it('shows endpoints to viewers without their paths, to operators whole, to nobody their secrets', async () => {
    await call('POST', 'webhooks', { id: 'home', url: receiver.url });
    const seen = JSON.stringify((await call('GET', 'webhooks', undefined, VIEWER)).body);
    expect(seen).toContain('"url":"https://hooks.slack.com/…"');
    expect(seen).not.toMatch(/SECRET|hidden|whsec_|\d\/hook/);
    const whole = (await call('GET', 'webhooks')).body as { url: string }[];
    expect(whole.map(({ url }) => url)).toEqual([CONFIGURED, receiver.url]);
    expect(JSON.stringify(whole)).not.toContain('whsec_');
  });

  it.each([
    ['GET', 'webhooks'],
    ['POST', 'webhooks'],
    ['PATCH', 'webhooks/chat'],
    ['DELETE', 'webhooks/chat'],
    ['POST', 'webhooks/chat/test'],
    ['GET', 'webhooks/chat/deliveries'],
    ['POST', 'deliveries/x/replay'],
  ])('answers %s %s to those who may alone', async (method, path) => {
    expect((await call(method, path, method === 'GET' ? undefined : {}, null)).status).toBe(401);
    if (method !== 'GET') expect((await call(method, path, {}, VIEWER)).status).toBe(403);
  });

  it('shows a secret once: at the creation', async () => {
    const created = await call('POST', 'webhooks', { id: 'home', url: receiver.url });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      id: 'home',
      signed: true,
      origin: 'api',
      enabled: true,
      format: 'archipelago',
    });
    expect((created.body as { secret: string }).secret).toMatch(/^whsec_[\w+/]{43}=$/);
    const changed = await call('PATCH', 'webhooks/home', { events: ['container.*'] });
    expect(changed.body).toMatchObject({ events: ['container.*'] });
    expect(changed.body).not.toHaveProperty('secret');
    const rotated = await call('PATCH', 'webhooks/home', { rotateSecret: true });
    expect((rotated.body as { secret: string }).secret).toMatch(/^whsec_/);
    expect(rotated.body).toMatchObject({ rotatingUntil: '2026-01-02T00:00:00.000Z' });
  });

  it('makes a secret for an endpoint that becomes one of your own programs, and shows it once', async () => {
    const chat = await call('POST', 'webhooks', { id: 'home', url: receiver.url, format: 'slack' });
    expect(chat.body).toMatchObject({ signed: false, secret: null });
    const changed = await call('PATCH', 'webhooks/home', { format: 'archipelago' });
    expect(changed.body).toMatchObject({ signed: true, secret: expect.stringMatching(/^whsec_/) as string });
    const back = await call('PATCH', 'webhooks/home', { format: 'slack' });
    expect(back.body).not.toHaveProperty('secret');
    expect((await call('PATCH', 'webhooks/home', { format: 'archipelago' })).body).not.toHaveProperty(
      'secret',
    );
  });

  it('has endpoints of the configuration read-only', async () => {
    expect((await call('PATCH', 'webhooks/chat', { enabled: false })).status).toBe(409);
    expect((await call('DELETE', 'webhooks/chat')).status).toBe(409);
    expect((await call('POST', 'webhooks', { id: 'chat', url: receiver.url })).status).toBe(409);
  });

  it('refuses what cannot be, with every problem and without a value', async () => {
    const bad = await call('POST', 'webhooks', {
      id: 'a b',
      url: 7,
      secret: 'whsec_c2hvcnQ=',
      events: ['container.nonsense'],
      format: 'teams',
      more: 1,
    });
    expect(bad.status).toBe(400);
    const { message } = bad.body as { message: string[] };
    for (const key of ['id', 'url', 'secret', 'events', 'format', 'more']) {
      expect(
        message.some((problem) => problem.includes(key)),
        key,
      ).toBe(true);
    }
    expect(JSON.stringify(bad.body)).not.toContain('c2hvcnQ');
  });

  it.each([
    'ftp://example.com/',
    'https://user:hunter2@example.com/',
    'http://169.254.169.254/latest/meta-data',
    'http://[::ffff:169.254.169.254]/',
    'http://[::1]:80/',
    'nonsense',
  ])('refuses the URL %s', async (url) => {
    const refused = await call('POST', 'webhooks', { url });
    expect(refused).toMatchObject({ status: 400, body: { statusCode: 400, error: 'Bad Request' } });
    expect(JSON.stringify(refused.body)).not.toContain('hunter2');
    expect((await call('PATCH', 'webhooks/chat', { url })).status).toBe(409);
  });

  it.each(['.', '..', '-a', 'a'.repeat(65), ''])('refuses the id %j', async (id) => {
    expect((await call('POST', 'webhooks', { id, url: receiver.url })).status).toBe(400);
  });

  it('refuses a secret that libraries read in different ways', async () => {
    const secret = `whsec_${'A'.repeat(33)}`;
    expect((await call('POST', 'webhooks', { url: receiver.url, secret })).status).toBe(400);
  });

  it('refuses null for a format', async () => {
    expect((await call('POST', 'webhooks', { url: receiver.url, format: null })).status).toBe(400);
  });

  it('asks for a topic where ntfy needs one', async () => {
    expect((await call('POST', 'webhooks', { url: 'https://ntfy.sh/', format: 'ntfy' })).status).toBe(400);
    const { status, body } = await call('POST', 'webhooks', { url: 'https://ntfy.sh/topic', format: 'ntfy' });
    expect([status, body]).toMatchObject([201, { signed: false, secret: null }]);
  });

  it('tests an endpoint and tells what came of it', async () => {
    await call('POST', 'webhooks', { id: 'home', url: receiver.url });
    expect(await call('POST', 'webhooks/home/test')).toMatchObject({
      status: 200,
      body: { event: 'webhook.test', status: 'delivered', attempts: [{ status: 200, error: null }] },
    });
    await receiver.stop();
    expect(await call('POST', 'webhooks/home/test')).toMatchObject({
      status: 200,
      body: {
        status: 'failed',
        attempts: [{ status: null, error: 'Nothing listens there (connection refused).' }],
      },
    });
    const listed = (await call('GET', 'webhooks/home/deliveries?limit=1', undefined, VIEWER))
      .body as unknown[];
    expect(listed).toHaveLength(1);
    expect((await call('GET', 'webhooks/home/deliveries?limit=0')).status).toBe(400);
  });

  it('replays a delivery', async () => {
    await call('POST', 'webhooks', { id: 'home', url: receiver.url });
    const { id } = (await call('POST', 'webhooks/home/test')).body as { id: string };
    expect((await call('POST', `deliveries/${id}/replay`)).status).toBe(202);
    for (
      const deadline = performance.now() + 5_000;
      receiver.received.length < 2 && performance.now() < deadline;
    ) {
      app.get(WebhookService).heartbeat();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([
      receiver.received[0]?.headers['webhook-id'],
      receiver.received[0]?.headers['webhook-id'],
    ]);
  });

  it('knows what is not there', async () => {
    expect((await call('PATCH', 'webhooks/none', {})).status).toBe(404);
    expect((await call('DELETE', 'webhooks/none')).status).toBe(404);
    expect((await call('POST', 'webhooks/none/test')).status).toBe(404);
    expect((await call('GET', 'webhooks/none/deliveries')).status).toBe(404);
    expect((await call('POST', 'deliveries/none/replay')).status).toBe(404);
  });

  it('removes an endpoint', async () => {
    await call('POST', 'webhooks', { id: 'home', url: receiver.url });
    expect((await call('DELETE', 'webhooks/home')).status).toBe(204);
    expect((await call('GET', 'webhooks')).body).toHaveLength(1);
    expect(await store.all('webhook-endpoint')).toEqual([]);
  });

  it('switches an endpoint off, and on again', async () => {
    await call('POST', 'webhooks', { id: 'home', url: receiver.url });
    expect((await call('PATCH', 'webhooks/home', { enabled: false })).body).toMatchObject({
      enabled: false,
      disabled: null,
    });
    expect((await call('PATCH', 'webhooks/home', { enabled: true })).body).toMatchObject({ enabled: true });
    expect((await call('PATCH', 'webhooks/home', { enabled: null })).status).toBe(400);
  });

  it('lets what is on its way end when the app is closed', async () => {
    await call('POST', 'webhooks', { id: 'home', url: receiver.url });
    const { id } = (await call('POST', 'webhooks/home/test')).body as { id: string };
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      receiver.reply = (_request, response) => {
        answer = () => void response.writeHead(200).end();
        resolve();
      };
    });
    await call('POST', `deliveries/${id}/replay`);
    await asked;
    drainMs = 10_000;
    const closed = app.close();
    setImmediate(answer);
    await closed;
    expect((await store.all('webhook-delivery')).map(({ status }) => status)).toEqual([
      'delivered',
      'delivered',
    ]);
  });
});
