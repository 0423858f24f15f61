import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HealthMonitorOptions } from '../../src/common/options/index.js';
import { connect, type SqliteConnection } from '../../src/common/store/sqlite/driver.js';
import { StoreFolder } from '../store/store-fixtures.js';
import { Receiver } from './receiver.js';
import { OTHER_SECRET, SECRET, START, WebhooksRig } from './webhooks-rig.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('WebhookService', () => {
  let receiver: Receiver;
  let rig: WebhooksRig;
  const closing: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    receiver = await Receiver.start();
    closing.push(() => receiver.stop());
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  function open(webhooks: HealthMonitorOptions['webhooks']): WebhooksRig {
    rig = new WebhooksRig(webhooks);
    closing.unshift(() => rig.close());
    return rig;
  }
  const toReceiver = (more: object = {}): HealthMonitorOptions['webhooks'] => ({
    endpoints: [{ id: 'home', url: receiver.url, ...more }],
  });
  const statuses = async (id = 'home'): Promise<string[]> =>
    (await rig.service.deliveries(id)).map(({ status }) => status);

  describe('what is sent', () => {
    it('is the documented body, once a notification', async () => {
      open(toReceiver());
      await rig.notify();
      await rig.settle();
      await rig.pass(DAY, HOUR);
      expect(receiver.received.map(({ text }) => text)).toEqual([
        '{"event":"container.given_up","title":"lnd was given up","message":"It exited.",' +
          '"timestamp":"2026-01-01T00:00:00.000Z","node_id":"node-1",' +
          '"details":{"container":"archy-lnd","app_id":"lnd","state":"exited"}}',
      ]);
      expect(receiver.received[0]?.headers).toMatchObject({
        'content-type': 'application/json',
        'webhook-timestamp': String(START / 1000),
        'webhook-id': expect.stringMatching(/^msg_[0-9a-f-]{36}$/) as string,
      });
      expect(receiver.received[0]?.headers['webhook-signature']).toBeUndefined();
    });

    it('goes to those endpoints that want its type', async () => {
      const other = await Receiver.start();
      closing.push(() => other.stop());
      open({
        endpoints: [
          { id: 'containers', url: receiver.url, events: ['container.*'] },
          { id: 'engine', url: other.url, events: ['engine.unreachable'] },
        ],
      });
      await rig.notify({ type: 'container.recovered' });
      await rig.notify({ type: 'engine.unreachable' });
      await rig.notify({ type: 'engine.reachable' });
      await rig.settle();
      expect([receiver.events, other.events]).toEqual([['container.recovered'], ['engine.unreachable']]);
    });

    it('keeps the order of what happened', async () => {
      open(toReceiver());
      for (let number = 0; number < 20; number++) await rig.notify({ title: `${number}` });
      await rig.settle();
      expect(receiver.received.map(({ body }) => body.title)).toEqual(
        Array.from({ length: 20 }, (_, number) => `${number}`),
      );
    });

    it('has one id for all endpoints, which no other message has, even after a crash that lost the first', async () => {
      const folder = new StoreFolder();
      closing.push(() => folder.dispose());
      const endpoints = [
        { id: 'home', url: receiver.url },
        { id: 'also', url: receiver.url },
      ];
      let full = false;
      const fillable = (connection: SqliteConnection): SqliteConnection => ({
        prepare: (sql) => {
          if (full) throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
          return connection.prepare(sql);
        },
        exec: (sql) => connection.exec(sql),
        close: () => connection.close(),
      });
      const idsAfter = async (title: string, until: WebhooksRig): Promise<unknown[]> => {
        await until.notify({ title });
        await until.settle();
        return receiver.received
          .filter(({ body }) => body.title === title)
          .map(({ headers }) => headers['webhook-id']);
      };
      const dying = new WebhooksRig(
        { endpoints },
        await folder.opened({ connect: async (path) => fillable(await connect(path)) }),
        folder.clock,
      );
      full = true;
      const lost = await idsAfter('lost', dying);
      await dying.close();
      const next = new WebhooksRig({ endpoints }, await folder.opened(), folder.clock);
      closing.unshift(() => next.close());
      const later = await idsAfter('later', next);
      expect([lost.length, later.length]).toEqual([2, 2]);
      expect(new Set([...lost, ...later]).size).toBe(2);
    });

    it('is not sent for other events', async () => {
      open(toReceiver());
      await rig.events.commit({
        events: [
          {
            type: 'container.exited',
            at: new Date(START).toISOString(),
            container: 'lnd',
            data: { reason: 'x' },
          },
        ],
      });
      await rig.settle();
      expect(receiver.received).toEqual([]);
    });
  });

  describe('signatures', () => {
    beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: START }));
    afterEach(() => vi.useRealTimers());

    it('are what Standard Webhooks checks, over exactly the bytes sent', async () => {
      open(toReceiver({ secret: SECRET }));
      await rig.notify({ message: 'Größe: 3 µs — “naïve” 💾 </script>' });
      await rig.settle();
      const { text, headers, body } = receiver.received[0]!;
      expect(new Webhook(SECRET).verify(text, headers)).toEqual(body);
      expect(() => new Webhook(OTHER_SECRET).verify(text, headers)).toThrow();
      expect(() => new Webhook(SECRET).verify(`${text} `, headers)).toThrow();
    });

    it('are two while a secret is being rotated, and one a day later', async () => {
      open({});
      const { id, secret } = await rig.service.add({ url: receiver.url, secret: SECRET });
      expect(secret).toBe(SECRET);
      const rotated = await rig.service.update(id, { rotateSecret: true });
      const fresh = 'secret' in rotated ? rotated.secret! : '';
      expect(fresh).toMatch(/^whsec_/);
      expect(fresh).not.toBe(SECRET);

      await rig.notify();
      await rig.settle();
      const during = receiver.received[0]!;
      expect(during.headers['webhook-signature']?.split(' ')).toHaveLength(2);
      new Webhook(SECRET).verify(during.text, during.headers);
      new Webhook(fresh).verify(during.text, during.headers);

      await rig.pass(DAY + 1);
      vi.setSystemTime(rig.clock.now());
      await rig.notify();
      await rig.settle();
      const after = receiver.received[1]!;
      expect(after.headers['webhook-signature']?.split(' ')).toHaveLength(1);
      new Webhook(fresh).verify(after.text, after.headers);
    });

    it('rotate, too, when the host configures another secret', async () => {
      open(toReceiver({ secret: SECRET }));
      await rig.settle();
      const next = new WebhooksRig(toReceiver({ secret: OTHER_SECRET }), rig.store, rig.clock);
      closing.unshift(() => next.close());
      await next.notify();
      await next.settle();
      const { text, headers } = receiver.received[0]!;
      new Webhook(SECRET).verify(text, headers);
      new Webhook(OTHER_SECRET).verify(text, headers);
    });
  });

  describe('retries', () => {
    it('follow the schedule under one id, then end as failed', async () => {
      open(toReceiver());
      receiver.answers(500);
      const waited: number[] = [];
      receiver.reply = (_request, response) => {
        waited.push(rig.clock.now() - START);
        response.writeHead(500).end();
      };
      await rig.notify();
      await rig.settle();
      for (const wait of [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR]) {
        const before = receiver.received.length;
        await rig.pass(wait - 1);
        expect(receiver.received).toHaveLength(before);
        await rig.pass(wait * 0.1 + 1);
        expect(receiver.received).toHaveLength(before + 1);
      }
      await rig.pass(2 * DAY, HOUR);
      expect(receiver.received).toHaveLength(8);
      expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
      expect(new Set(receiver.received.map(({ text }) => text)).size).toBe(1);
      expect(await statuses()).toEqual(['failed']);
    });

    it('wait as long as the endpoint asks, and so does what is fresh', async () => {
      open(toReceiver());
      receiver.answers(429, { 'retry-after': '120' });
      await rig.notify({ title: 'first' });
      await rig.settle();
      receiver.answers(200);
      await rig.notify({ title: 'second' });
      await rig.pass(119 * SECOND, SECOND);
      expect(receiver.received).toHaveLength(1);
      await rig.pass(2 * SECOND);
      expect(receiver.received.map(({ body }) => body.title)).toEqual(['first', 'second', 'first']);
    });

    it('are all taken, and in order, by a receiver that takes 5 in 2 seconds and says when to come again', async () => {
      open(toReceiver());
      const taken: number[] = [];
      receiver.reply = (_request, response) => {
        const now = rig.clock.now();
        const isFull = taken.filter((at) => now - at < 2 * SECOND).length >= 5;
        if (!isFull) taken.push(now);
        response.writeHead(isFull ? 429 : 200, isFull ? { 'retry-after': '1' } : {}).end();
      };
      const titles = Array.from({ length: 58 }, (_, number) => `message ${number}`);
      for (const title of titles) await rig.notify({ title });
      await rig.settle();
      await rig.pass(30 * SECOND, SECOND);
      expect(await statuses()).toEqual(titles.slice(0, 50).map(() => 'delivered'));
      expect(taken).toHaveLength(58);
      const firstSeen = [...new Set(receiver.received.map(({ body }) => body.title))];
      expect(firstSeen).toEqual(titles);
      const deliveries = await rig.service.deliveries('home', 58);
      expect(deliveries.every(({ attempts }) => attempts.filter(({ free }) => !free).length === 1)).toBe(
        true,
      );
    });

    it('fail after the usual time when the endpoint only ever asks to wait a moment', async () => {
      open(toReceiver());
      receiver.answers(429, { 'retry-after': '60' });
      for (const title of ['first', 'second', 'third']) await rig.notify({ title });
      await rig.settle();
      await rig.pass(27 * HOUR + 35 * MINUTE, 10 * MINUTE);
      expect(await statuses()).toEqual(['pending', 'pending', 'pending']);
      await rig.pass(10 * MINUTE, MINUTE);
      const deliveries = await rig.service.deliveries('home');
      expect(deliveries.map(({ status, attempts }) => [status, attempts.length])).toEqual([
        ['failed', 1],
        ['failed', 1],
        ['failed', 1],
      ]);
      expect(deliveries[0]!.endedBecause).toContain('asked to wait a moment');
    });

    it('send what is fresh before what is old', async () => {
      open(toReceiver());
      receiver.answers(503);
      await rig.notify({ title: 'old' });
      await rig.settle();
      await rig.notify({ title: 'fresh' });
      receiver.answers(200);
      await rig.pass(6 * SECOND);
      expect(receiver.received.map(({ body }) => body.title)).toEqual(['old', 'fresh', 'old']);
    });

    it('of one endpoint never delay another', async () => {
      const hanging = await Receiver.start();
      hanging.reply = () => undefined;
      closing.push(() => hanging.stop());
      open({
        endpoints: [
          { id: 'hanging', url: hanging.url },
          { id: 'home', url: receiver.url },
        ],
      });
      for (let number = 0; number < 10; number++) await rig.notify();
      await rig.until(() => receiver.received.length === 10, 2_000);
      expect(hanging.received.length).toBeLessThanOrEqual(1);
    });

    it('do not wait for their turn once the endpoint answers again after an outage', async () => {
      open(toReceiver());
      receiver.answers(500);
      await rig.notify({ title: 'one' });
      await rig.settle();
      await rig.pass(3 * HOUR, MINUTE);
      receiver.received.length = 0;
      receiver.answers(200);
      await rig.notify({ title: 'two' });
      await rig.settle();
      expect(receiver.received.map(({ body }) => body.title)).toEqual(['two', 'one']);
    });

    it('go on after the wall clock was set, in the time that really passes', async () => {
      open(toReceiver());
      receiver.answers(500);
      await rig.notify();
      await rig.settle();
      rig.clock.jumpWallClock(-400 * DAY);
      rig.service.heartbeat();
      receiver.answers(200);
      await rig.pass(6 * SECOND);
      expect(receiver.received).toHaveLength(2);
    });
  });

  describe('an endpoint that wants no more', () => {
    const disabledEvents = async (): Promise<unknown[]> =>
      (await rig.store.events({ limit: 100 }))
        .filter(({ type }) => type === 'webhook.disabled')
        .map(({ data }) => data);

    it('is disabled by 410, told once, and gets nothing more', async () => {
      open(toReceiver());
      receiver.answers(410);
      await rig.notify();
      await rig.notify();
      await rig.settle();
      await rig.notify();
      await rig.pass(DAY, HOUR);
      expect(receiver.received).toHaveLength(1);
      expect(await disabledEvents()).toEqual([
        { endpoint: 'home', reason: 'It answered 410 Gone: it wants no more messages.' },
      ]);
      expect(
        (await rig.store.all('notification')).filter(({ type }) => type === 'webhook.disabled'),
      ).toMatchObject([{ title: 'Webhook home was disabled', level: 'error', read: false }]);
      expect(await rig.service.list({ revealed: false })).toMatchObject([{ enabled: false, pending: 0 }]);
      expect(rig.service.status()).toEqual({ endpoints: 1, failing: 1, queued: 0 });
    });

    it('is disabled after five days of nothing but failures, and not before', async () => {
      open(toReceiver());
      receiver.answers(500);
      for (let day = 0; day < 5; day++) {
        await rig.notify();
        await rig.pass(DAY - 1_000, HOUR);
      }
      expect(await disabledEvents()).toEqual([]);
      await rig.notify();
      await rig.pass(6 * HOUR, HOUR);
      expect(await disabledEvents()).toEqual([
        { endpoint: 'home', reason: 'It has answered nothing but failures for 5 days.' },
      ]);
    });

    it('is not disabled by days without an answer, which may be our own network', async () => {
      open(toReceiver());
      receiver.answers(500);
      await rig.notify();
      await rig.settle();
      await receiver.stop();
      for (let day = 0; day < 7; day++) {
        await rig.notify();
        await rig.pass(DAY, HOUR);
      }
      expect(await disabledEvents()).toEqual([]);
      await receiver.listen();
      receiver.answers(200);
      await rig.notify();
      await rig.settle();
      expect(await statuses()).toContain('delivered');
    });

    it('is not disabled for failures around days without an answer, or without a message', async () => {
      open(toReceiver());
      receiver.answers(502);
      await rig.notify();
      await rig.settle();
      await receiver.stop();
      await rig.pass(6 * DAY, HOUR);
      await receiver.listen();
      receiver.answers(503);
      await rig.notify();
      await rig.pass(10 * MINUTE, MINUTE);
      expect(await rig.service.deliveries('home', 1)).toMatchObject([
        { attempts: [{ status: 503 }, { status: 503 }, { status: 503 }] },
      ]);
      await rig.pass(30 * DAY, DAY / 2);
      await rig.notify();
      await rig.pass(10 * MINUTE, MINUTE);
      expect(await disabledEvents()).toEqual([]);
    });

    it('is disabled when it answers nothing but failures, and sometimes not at all', async () => {
      open(toReceiver());
      for (let half = 0; half < 11; half++) {
        if (half % 2 === 0) receiver.answers(500);
        else receiver.reply = (request) => void request.socket.destroy();
        await rig.notify();
        await rig.pass(DAY / 2, HOUR);
      }
      expect(await disabledEvents()).toEqual([
        { endpoint: 'home', reason: 'It has answered nothing but failures for 5 days.' },
      ]);
    });

    it('counts the days of failures from the first answer, not from the outage before', async () => {
      open(toReceiver());
      await receiver.stop();
      for (let day = 0; day < 6; day++) {
        await rig.notify();
        await rig.pass(DAY, HOUR);
      }
      await receiver.listen();
      receiver.answers(500);
      await rig.notify();
      await rig.pass(DAY, HOUR);
      expect(await disabledEvents()).toEqual([]);
    });

    it('is not disabled when one message gets through in those days', async () => {
      open(toReceiver());
      for (let day = 0; day < 8; day++) {
        receiver.answers(day === 3 ? 200 : 500);
        await rig.notify();
        await rig.pass(DAY, HOUR);
      }
      expect(await disabledEvents()).toEqual([]);
    });

    it('is not disabled for one hiccup after a long silence', async () => {
      open(toReceiver());
      receiver.answers(500);
      await rig.notify();
      await rig.pass(30 * DAY, HOUR);
      await rig.notify();
      await rig.settle();
      receiver.answers(200);
      await rig.pass(6 * SECOND);
      expect(await disabledEvents()).toEqual([]);
      expect((await statuses())[0]).toBe('delivered');
    });

    it('is not disabled by a wall clock that is set', async () => {
      open(toReceiver());
      receiver.answers(500);
      for (let day = 0; day < 8; day++) {
        await rig.notify();
        await rig.pass(MINUTE);
        rig.clock.jumpWallClock(20 * HOUR);
        await rig.settle();
      }
      expect(await disabledEvents()).toEqual([]);
    });

    it('is switched on again by a test that it answers', async () => {
      open(toReceiver());
      receiver.answers(410);
      await rig.notify();
      await rig.settle();
      expect(await rig.service.test('home')).toMatchObject({ status: 'failed', attempts: [{ status: 410 }] });
      receiver.answers(204);
      expect(await rig.service.test('home')).toMatchObject({ status: 'delivered', event: 'webhook.test' });
      await rig.notify();
      await rig.settle();
      expect(receiver.events.at(-1)).toBe('container.given_up');
    });
  });

  describe('after an outage', () => {
    it('of a day without network, tells a problem that opened and ended as one message, fresh before old', async () => {
      open(toReceiver());
      await rig.settle();
      await receiver.stop();
      await rig.notify({ type: 'container.restart_failed', title: 'lnd was given up', incidentId: 'a' });
      await rig.pass(HOUR, MINUTE);
      await rig.notify({ type: 'container.given_up', title: 'lnd was given up', incidentId: 'a' });
      await rig.notify({ type: 'container.given_up', title: 'nextcloud was given up', incidentId: 'b' });
      await rig.pass(5 * HOUR, MINUTE);
      await rig.notify({
        type: 'container.recovered',
        title: 'lnd is healthy again',
        message: 'Down for 6 hours.',
        incidentId: 'a',
      });
      await rig.pass(18 * HOUR, MINUTE);

      await receiver.listen();
      await rig.notify({ type: 'container.crash_loop', title: 'electrs keeps crashing', incidentId: 'c' });
      await rig.settle();
      expect(receiver.received.map(({ body }) => body.title)).toEqual([
        'electrs keeps crashing',
        'nextcloud was given up',
        'lnd is healthy again',
      ]);
      const merged = receiver.received[2]!;
      expect(merged.body).toMatchObject({
        event: 'container.recovered',
        details: {
          incident_id: 'a',
          merged: [
            { event: 'container.restart_failed', timestamp: '2026-01-01T00:00:00.000Z' },
            { event: 'container.given_up', timestamp: '2026-01-01T01:00:00.000Z' },
            { event: 'container.recovered', title: 'lnd is healthy again' },
          ],
        },
      });
      expect(merged.body.message).toBe(
        'This could not be told earlier.\n' +
          '2026-01-01 00:00 UTC: lnd was given up. It exited.\n' +
          '2026-01-01 01:00 UTC: lnd was given up. It exited.\n' +
          '2026-01-01 06:00 UTC: lnd is healthy again. Down for 6 hours.',
      );
      await rig.pass(2 * DAY, HOUR);
      expect(receiver.received).toHaveLength(3);
    });

    it('tells a problem that lasts as one message, too', async () => {
      open(toReceiver());
      receiver.answers(500);
      await rig.notify({ type: 'container.restart_failed', incidentId: 'a' });
      await rig.settle();
      await rig.notify({ type: 'container.given_up', incidentId: 'a' });
      await rig.pass(10 * MINUTE, SECOND * 30);
      receiver.received.length = 0;
      receiver.answers(200);
      await rig.pass(HOUR, MINUTE);
      expect(receiver.events).toEqual(['container.given_up']);
      expect(receiver.received[0]?.body).toMatchObject({
        details: { merged: [{ event: 'container.restart_failed' }, { event: 'container.given_up' }] },
      });
    });

    it('keeps a merged message before it is sent, so that a killed process sends no other', async () => {
      open(toReceiver());
      receiver.answers(500);
      await rig.notify({ type: 'container.restart_failed', incidentId: 'a' });
      await rig.settle();
      await rig.notify({ type: 'container.recovered', incidentId: 'a' });
      const kept: boolean[] = [];
      receiver.reply = (_request, response, { headers }) =>
        void rig.store.all('webhook-delivery').then((deliveries) => {
          kept.push(deliveries.some(({ messageId }) => messageId === headers['webhook-id']));
          response.writeHead(200).end();
        });
      await rig.pass(HOUR, MINUTE);
      expect(kept).toEqual([true]);
    });

    it('tells what opens and worsens at once as it happened', async () => {
      open(toReceiver());
      await rig.notify({ type: 'container.restart_failed', incidentId: 'a' });
      await rig.notify({ type: 'container.given_up', incidentId: 'a' });
      await rig.settle();
      expect(receiver.events).toEqual(['container.restart_failed', 'container.given_up']);
    });

    it('tells the end alone when the beginning was told', async () => {
      open(toReceiver());
      await rig.notify({ type: 'container.given_up', incidentId: 'a' });
      await rig.settle();
      await rig.notify({ type: 'container.recovered', incidentId: 'a', message: 'Down for 4 minutes.' });
      await rig.settle();
      expect(receiver.received[1]?.body.message).toBe('Down for 4 minutes.');
    });
  });

  describe('by hand', () => {
    it('replays a finished delivery under the same id', async () => {
      open(toReceiver());
      await rig.notify();
      await rig.settle();
      const [delivered] = await rig.service.deliveries('home');
      rig.clock.advance(1_000);
      const again = await rig.service.replay(delivered!.id);
      expect(again.id).not.toBe(delivered!.id);
      await rig.settle();
      expect(receiver.received.map(({ text, headers }) => [text, headers['webhook-id']])).toEqual([
        [receiver.received[0]!.text, delivered!.messageId],
        [receiver.received[0]!.text, delivered!.messageId],
      ]);
      expect(await statuses()).toEqual(['delivered', 'delivered']);
    });

    it('tries at once what waits', async () => {
      open(toReceiver());
      receiver.answers(500);
      await rig.notify();
      await rig.pass(10 * MINUTE, MINUTE);
      const tried = receiver.received.length;
      const [waiting] = await rig.service.deliveries('home');
      receiver.answers(200);
      await rig.service.replay(waiting!.id);
      await rig.settle();
      expect(receiver.received).toHaveLength(tried + 1);
      expect(await statuses()).toEqual(['delivered']);
    });

    it('tries at once what waits for Retry-After', async () => {
      open(toReceiver());
      receiver.answers(429, { 'retry-after': '3600' });
      await rig.notify();
      await rig.settle();
      const [waiting] = await rig.service.deliveries('home');
      receiver.answers(200);
      await rig.service.replay(waiting!.id);
      await rig.settle();
      expect(receiver.received).toHaveLength(2);
      expect(await statuses()).toEqual(['delivered']);
    });

    it('keeps the latest hundred finished deliveries of an endpoint', async () => {
      open(toReceiver());
      for (let number = 0; number < 110; number++) await rig.notify();
      await rig.settle();
      expect(await rig.service.deliveries('home', 1_000)).toHaveLength(100);
      expect(await rig.store.all('webhook-delivery')).toHaveLength(100);
    });

    it('drops an endpoint with all that waits for it', async () => {
      open({});
      const { id } = await rig.service.add({ url: receiver.url });
      receiver.answers(500);
      await rig.notify();
      await rig.settle();
      await rig.service.remove(id);
      await rig.pass(HOUR, MINUTE);
      expect(receiver.received).toHaveLength(1);
      expect(await rig.store.all('webhook-delivery')).toEqual([]);
      expect(await rig.store.all('webhook-health')).toEqual([]);
      expect(rig.service.status()).toBeNull();
    });
  });

  it('sends nothing more to an endpoint that is removed while a message is on its way', async () => {
    open({});
    const { id } = await rig.service.add({ url: receiver.url });
    let answer = (): void => undefined;
    receiver.reply = (_request, response) => {
      answer = () => void response.writeHead(200).end();
    };
    await rig.notify();
    await rig.notify();
    await rig.until(() => receiver.received.length === 1);
    await rig.service.remove(id);
    answer();
    await rig.service.drain(5_000);
    expect(receiver.received).toHaveLength(1);
    expect(await rig.store.all('webhook-delivery')).toEqual([]);
    expect(await rig.store.all('webhook-health')).toEqual([]);
  });

  describe('while the answer is on its way', () => {
    let answer: (status: number) => void;
    beforeEach(() => {
      receiver.reply = (_request, response) => {
        answer = (status) => void response.writeHead(status).end();
      };
    });

    it.each([200, 410, 500])(
      'another URL gets the message, and is not charged with %i of the old one',
      async (status) => {
        const other = await Receiver.start();
        closing.push(() => other.stop());
        open({});
        const { id } = await rig.service.add({ url: receiver.url });
        await rig.notify({ title: 'on its way' });
        await rig.notify({ title: 'waiting' });
        await rig.until(() => receiver.received.length === 1);
        await rig.service.update(id, { url: other.url });
        answer(status);
        await rig.settle();
        expect(receiver.received).toHaveLength(1);
        expect(other.received.map(({ body }) => body.title)).toEqual(['on its way', 'waiting']);
        expect(await rig.service.deliveries(id)).toMatchObject([
          { status: 'delivered', attempts: { length: 1 } },
          { status: 'delivered', attempts: { length: 1 } },
        ]);
        expect(await rig.service.list({ revealed: true })).toMatchObject([
          { enabled: true, failingSince: null },
        ]);
      },
    );

    it('the test of an endpoint that is removed leaves nothing behind', async () => {
      open({});
      const { id } = await rig.service.add({ url: receiver.url });
      const test = rig.service.test(id).catch((error: unknown) => error);
      await rig.until(() => receiver.received.length === 1);
      await rig.service.remove(id);
      answer(200);
      expect(await test).toMatchObject({ status: 409 });
      await rig.outbox.save();
      expect(await rig.store.all('webhook-delivery')).toEqual([]);
      expect(await rig.store.all('webhook-health')).toEqual([]);
    });

    it('the test of another URL does not vouch for the new one', async () => {
      const other = await Receiver.start();
      closing.push(() => other.stop());
      other.answers(410);
      open({});
      const { id } = await rig.service.add({ url: receiver.url });
      const test = rig.service.test(id).catch((error: unknown) => error);
      await rig.until(() => receiver.received.length === 1);
      await rig.service.update(id, { url: other.url });
      await rig.notify();
      await rig.settle();
      answer(200);
      expect(await test).toMatchObject({ status: 409 });
      expect(await rig.service.list({ revealed: true })).toMatchObject([{ enabled: false }]);
    });
  });

  describe('at the shutdown', () => {
    it('lets what is on its way end, and starts nothing more', async () => {
      open(toReceiver());
      let answer = (): void => undefined;
      receiver.reply = (_request, response) => {
        answer = () => void response.writeHead(200).end();
      };
      await rig.notify();
      await rig.notify();
      await rig.until(() => receiver.received.length === 1);
      const drained = rig.service.drain(5_000);
      answer();
      await drained;
      expect((await statuses()).sort()).toEqual(['delivered', 'pending']);
    });

    it('cuts off what takes too long, and does not count that', async () => {
      open(toReceiver());
      receiver.reply = () => undefined;
      await rig.notify();
      await rig.until(() => receiver.received.length === 1);
      await rig.service.drain(20);
      expect(await rig.service.deliveries('home')).toMatchObject([{ status: 'pending', attempts: [] }]);
    });
  });

  it('forgets what waits for an endpoint that the host configures no more', async () => {
    open(toReceiver());
    receiver.answers(500);
    await rig.notify();
    await rig.settle();
    const next = new WebhooksRig({}, rig.store, rig.clock);
    closing.unshift(() => next.close());
    await next.settle();
    expect(await rig.store.all('webhook-delivery')).toEqual([]);
    expect(await rig.store.all('webhook-health')).toEqual([]);
  });

  it('takes a message that cannot be put into its format for a failed attempt', async () => {
    open(toReceiver({ format: 'nonsense' }));
    await rig.notify();
    await rig.pass(2 * DAY, HOUR);
    expect(await rig.service.deliveries('home')).toMatchObject([
      {
        status: 'failed',
        attempts: { length: 8, 0: { status: null, error: expect.stringContaining('nonsense') as string } },
      },
    ]);
  });

  it('sends nothing while another process acts on the store', async () => {
    open(toReceiver());
    Object.defineProperty(rig.store, 'writer', { value: false });
    await rig.notify();
    rig.service.heartbeat();
    await rig.outbox.load();
    rig.service.heartbeat();
    await expect(rig.service.test('home')).rejects.toMatchObject({ status: 503 });
    expect(receiver.received).toEqual([]);
  });
});
