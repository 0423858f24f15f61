import { NotFoundException, ServiceUnavailableException } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SystemClock } from '../common/clock/index.js';
import { type HealthEvent, type Notification } from '../common/events/index.js';
import { resolveOptions } from '../common/options/index.js';
import {
  EventStream,
  MemoryStore,
  type CollectionName,
  type Entry,
  type StoreNotice,
} from '../common/store/index.js';
import { NotificationsService } from './notifications.service.js';

const NOW = '2026-01-01T00:00:00.000Z';

function notification(id: string, read = false): Notification {
  return { id, level: 'error', title: 't', message: 'm', timestamp: NOW, type: 'container.given_up', read };
}

/** A store that tells notices, and whose answers can be held up. */
class TestStore extends MemoryStore {
  held: Promise<void> | undefined;

  override async entries<C extends CollectionName>(collection: C): Promise<readonly Entry<C>[]> {
    const entries = await super.entries(collection);
    await this.held;
    return entries;
  }

  notify(notice: StoreNotice): void {
    void this.announce(notice);
  }
}

async function setUp(keep = 20, ...kept: Notification[]) {
  const store = new TestStore();
  await store.commit({ put: kept.map((value) => ({ collection: 'notification', key: value.id, value })) });
  const stream = new EventStream(store);
  const events: HealthEvent[] = [];
  stream.subscribe((batch) => events.push(...batch));
  const service = new NotificationsService(
    stream,
    store,
    new SystemClock(),
    resolveOptions({ access: 'open', notifications: { keep } }),
  );
  const ready = service.onModuleInit();
  const create = (...ids: string[]) =>
    stream.commit({
      put: ids.map((id) => ({ collection: 'notification', key: id, value: notification(id) })),
      events: ids.map((id) => ({
        type: 'notification.created',
        at: NOW,
        data: { notification: notification(id), details: {} },
      })),
    });
  const settled = () => stream.commit({});
  const idsKept = async () => (await store.all('notification')).map(({ id }) => id);
  const types = () => events.map(({ type }) => type);
  return { store, stream, service, ready, create, settled, idsKept, types, events };
}

const idsOf = (service: NotificationsService) => service.list().map(({ id }) => id);

describe('NotificationsService', () => {
  it('has all that was told when it is read anew twice at once', async () => {
    const { store, service, ready, create, settled } = await setUp(20, notification('kept'));
    await ready;
    let release = (): void => undefined;
    const hold = (): void => void (store.held = new Promise((resolve) => (release = resolve)));
    hold();
    const loads = [service['load']()];
    const first = release;
    hold();
    await create('a');
    loads.push(service['load']());
    await nextTurn();
    first();
    await create('b');
    await nextTurn();
    release();
    await Promise.all(loads);
    await settled();
    expect(idsOf(service)).toEqual(['b', 'a', 'kept']);
  });

  it('has one message unread of a leak that goes on, and of nothing else', async () => {
    const { service, ready, stream, settled } = await setUp();
    await ready;
    const tell = (id: string, appId: string, type: Notification['type']) => {
      const created = { ...notification(id), appId, type };
      return stream.commit({
        put: [{ collection: 'notification', key: id, value: created }],
        events: [{ type: 'notification.created', at: NOW, data: { notification: created, details: {} } }],
      });
    };
    await tell('other', 'lnd', 'memory.leak');
    await tell('gave-up', 'jellyfin', 'container.given_up');
    for (const id of ['a', 'b', 'c']) await tell(id, 'jellyfin', 'memory.leak');
    await settled();
    const unread = service.list().filter(({ read }) => !read);
    expect(unread.map(({ id }) => id)).toEqual(['c', 'gave-up', 'other']);
  });

  it('lists what was kept and what came since, newest first', async () => {
    const { service, ready, create } = await setUp(20, notification('a'), notification('b', true));
    await ready;
    await create('c');
    expect(service.list()).toEqual([notification('c'), notification('b', true), notification('a')]);
  });

  it('misses nothing that comes while the store is being read', async () => {
    const { service, ready, create, store } = await setUp(20, notification('a'));
    await ready;
    let letGo = (): void => undefined;
    store.held = new Promise((resolve) => (letGo = resolve));
    store.notify({ kind: 'reloaded', reason: '' });
    await create('b');
    letGo();
    await nextTurn();
    expect(idsOf(service)).toEqual(['b', 'a']);
  });

  it('drops the oldest beyond keep, from the store too, and tells it', async () => {
    const { service, ready, create, settled, idsKept, types } = await setUp(2);
    await ready;
    await create('a', 'b', 'c');
    await create('d');
    await settled();
    expect(idsOf(service)).toEqual(['d', 'c']);
    expect(await idsKept()).toEqual(['c', 'd']);
    expect(types().filter((type) => type === 'notification.removed')).toHaveLength(2);
  });

  it('drops what a lowered keep no longer covers, at boot', async () => {
    const { service, ready, settled, idsKept } = await setUp(1, notification('a'), notification('b'));
    await ready;
    await settled();
    expect(idsOf(service)).toEqual(['b']);
    expect(await idsKept()).toEqual(['b']);
  });

  it('marks one as read, keeps that, and tells it once', async () => {
    const { service, ready, store, types } = await setUp(20, notification('a'), notification('b'));
    await ready;
    expect(await service.markRead('a')).toEqual(notification('a', true));
    expect(await service.markRead('a')).toEqual(notification('a', true));
    expect(await store.all('notification')).toEqual([notification('a', true), notification('b')]);
    expect(types()).toEqual(['notification.updated']);
  });

  it('marks all as read in one step', async () => {
    const { service, ready, store, events } = await setUp(
      20,
      notification('a'),
      notification('b', true),
      notification('c'),
    );
    await ready;
    await service.markAllRead();
    await service.markAllRead();
    expect((await store.all('notification')).every(({ read }) => read)).toBe(true);
    expect(events.map(({ data }) => 'notification' in data && data.notification.id)).toEqual(['a', 'c']);
  });

  it('dismisses one, in the store too, and tells it', async () => {
    const { service, ready, idsKept, events } = await setUp(20, notification('a'), notification('b'));
    await ready;
    await service.dismiss('a');
    expect(idsOf(service)).toEqual(['b']);
    expect(await idsKept()).toEqual(['b']);
    expect(events).toMatchObject([{ type: 'notification.removed', data: { id: 'a' } }]);
  });

  it('does not bring back one that is being dismissed', async () => {
    const { service, ready, idsKept } = await setUp(20, notification('a'));
    await ready;
    const dismissed = service.dismiss('a');
    await expect(service.markRead('a')).rejects.toThrow(NotFoundException);
    await dismissed;
    expect(idsOf(service)).toEqual([]);
    expect(await idsKept()).toEqual([]);
  });

  it('keeps one dismissed that was being marked as read', async () => {
    const { service, stream, ready, idsKept } = await setUp(20, notification('a'));
    await ready;
    const listed: string[][] = [];
    stream.subscribe(() => listed.push(idsOf(service)));
    await Promise.all([service.markRead('a'), service.dismiss('a')]);
    expect(listed).toEqual([[], []]);
    expect(await idsKept()).toEqual([]);
  });

  it('says so when there is none with an id', async () => {
    const { service, ready } = await setUp();
    await ready;
    await expect(service.dismiss('x')).rejects.toThrow('There is no notification "x", or no longer.');
  });

  it.each([
    ['marking one', (service: NotificationsService) => service.markRead('a')],
    ['marking all', (service: NotificationsService) => service.markAllRead()],
    ['dismissing one', (service: NotificationsService) => service.dismiss('a')],
  ])('refuses %s while another process acts on the store, and changes nothing', async (_, change) => {
    const { service, ready, store, events } = await setUp(20, notification('a'));
    await ready;
    Object.assign(store, { writer: false });
    await expect(change(service)).rejects.toThrow('Another process acts on this store.');
    Object.assign(store, { status: { ...store.status, problem: 'Process 7 has it.' } });
    await expect(change(service)).rejects.toThrow(new ServiceUnavailableException('Process 7 has it.'));
    expect(service.list()).toEqual([notification('a')]);
    expect(events).toEqual([]);
  });

  it('reads the store anew when its documents were replaced', async () => {
    const { service, ready, store } = await setUp(20, notification('a'));
    await ready;
    await store.commit({
      remove: [{ collection: 'notification', key: 'a' }],
      put: [{ collection: 'notification', key: 'z', value: notification('z') }],
    });
    store.notify({ kind: 'reloaded', reason: '' });
    await expect.poll(() => idsOf(service)).toEqual(['z']);
  });
});
