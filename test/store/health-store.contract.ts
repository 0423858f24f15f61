import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HealthStore } from '../../src/common/store/index.js';
import { exited, notification, putNotification, START, StoreFolder } from './store-fixtures.js';

/** What a store shows to others, whatever it extends: the source's class or that of the built package. */
type Store = Pick<HealthStore, keyof HealthStore>;

/**
 * What every {@link HealthStore} keeps to, wherever it keeps it.
 *
 * @param kind its own word for itself. @param make makes a store in this folder, not yet open
 */
export function describeHealthStore(kind: string, make: (folder: StoreFolder) => Store): void {
  describe(`HealthStore in ${kind}`, () => {
    let folder: StoreFolder;
    let store: Store;

    beforeEach(async () => {
      folder = new StoreFolder();
      store = make(folder);
      await store.open();
    });
    afterEach(async () => {
      // What is kept in memory only would show nothing of the medium.
      expect(store.status.problem).toBeNull();
      await store.close();
      await folder.dispose();
    });

    it('begins empty, as the writer, and durable', async () => {
      expect([store.head, store.writer]).toEqual([0, true]);
      expect(store.status).toEqual({ kind, durable: true, problem: null });
      expect(store.epoch).toMatch(/^[0-9a-f-]{36}$/);
      expect(await store.all('notification')).toEqual([]);
      expect(await store.events({ limit: 10 })).toEqual([]);
      expect(await store.memory({ since: new Date(START).toISOString() })).toEqual([]);
    });

    it('numbers events from 1 without holes, also when commits overlap', async () => {
      const batches = await Promise.all([
        store.commit({ events: [exited('a'), exited('b')] }),
        store.commit({ put: [putNotification('n')] }),
        store.commit({ events: [exited('c')] }),
      ]);
      expect(batches.map((events) => events.map(({ seq }) => seq))).toEqual([[1, 2], [], [3]]);
      expect(store.head).toBe(3);
      expect((await store.events({ limit: 10 })).map(({ seq, container }) => [seq, container])).toEqual([
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
      ]);
    });

    it('gives back an event as it was told', async () => {
      const [told] = await store.commit({ events: [exited('a')] });
      expect(await store.events({ limit: 1 })).toEqual([told]);
      const general = {
        type: 'store.degraded',
        at: new Date(START).toISOString(),
        data: { reason: 'Full.' },
      } as const;
      await store.commit({ events: [general] });
      expect(await store.events({ limit: 1 })).toEqual([{ ...general, seq: 2 }]);
    });

    it('replaces and removes documents, and keeps the order in which their keys came', async () => {
      await store.commit({ put: [putNotification('a'), putNotification('b'), putNotification('c')] });
      const read = { ...notification('a'), read: true };
      await store.commit({
        put: [{ collection: 'notification', key: 'a', value: read }],
        remove: [{ collection: 'notification', key: 'b' }],
      });
      expect(await store.all('notification')).toEqual([read, notification('c')]);
      expect(await store.entries('notification')).toEqual([
        ['a', read],
        ['c', notification('c')],
      ]);
    });

    it('puts anew what it removes in the same step', async () => {
      const put = putNotification('a');
      await store.commit({ put: [put] });
      await store.commit({ put: [put], remove: [{ collection: 'notification', key: 'a' }] });
      expect(await store.all('notification')).toEqual([notification('a')]);
    });

    it('answers the latest events, or the first ones after a given one, in order', async () => {
      await store.commit({ events: ['a', 'b', 'a', 'b', 'a'].map((name) => exited(name)) });
      const seqs = async (query: Parameters<HealthStore['events']>[0]): Promise<number[]> =>
        (await store.events(query)).map(({ seq }) => seq);
      expect(await seqs({ limit: 2 })).toEqual([4, 5]);
      expect(await seqs({ after: 1, limit: 2 })).toEqual([2, 3]);
      expect(await seqs({ after: 5, limit: 2 })).toEqual([]);
      expect(await seqs({ container: 'a', limit: 2 })).toEqual([3, 5]);
      expect(await seqs({ container: 'b', after: 2, limit: 9 })).toEqual([4]);
      expect(await seqs({ limit: 0 })).toEqual([]);
    });

    it('writes in the same commit what its events cause', async () => {
      store.react((events, documents) => ({
        put: events.map(({ seq }) => putNotification(`caused-by-${seq}`)),
        remove: documents.all('notification').map(({ id }) => ({ collection: 'notification', key: id })),
      }));
      await store.commit({ put: [putNotification('before')] });
      await store.commit({ events: [exited('a')] });
      expect((await store.all('notification')).map(({ id }) => id)).toEqual(['caused-by-1']);
    });

    it('keeps a change whose consequences cannot be worked out', async () => {
      store.react(() => {
        throw new Error('a fault of ours');
      });
      expect(await store.commit({ events: [exited('a')], put: [putNotification('n')] })).toHaveLength(1);
      expect(await store.all('notification')).toHaveLength(1);
    });

    it('keeps memory figures by moment, for all or for one container', async () => {
      const tick = (
        minutes: number,
      ): { at: string; samples: { container: string; usedBytes: number; limitBytes: number | null }[] } => ({
        at: new Date(START + minutes * 60_000).toISOString(),
        samples: [
          { container: 'a', usedBytes: minutes, limitBytes: null },
          { container: 'b', usedBytes: 2 * minutes, limitBytes: 5_000_000_000 },
        ],
      });
      for (const minutes of [0, 5, 10]) await store.commit({ memory: tick(minutes) });
      expect(await store.memory({ since: tick(5).at })).toEqual([tick(5), tick(10)]);
      expect(await store.memory({ since: tick(10).at, container: 'b' })).toEqual([
        { at: tick(10).at, samples: [{ container: 'b', usedBytes: 20, limitBytes: 5_000_000_000 }] },
      ]);
      expect(await store.memory({ since: tick(0).at, container: 'c' })).toEqual([]);
    });

    it('gives memory figures of one host alone, also where names of hosts are alike', async () => {
      const since = new Date(START).toISOString();
      const of = (...containers: string[]) => ({
        at: since,
        samples: containers.map((container) => ({ container, usedBytes: 1, limitBytes: null })),
      });
      await store.commit({
        memory: of('at_ic', 'at_ic/db', 'at_ic/web', 'at-ic/db', 'AT_IC/db', 'at_ic2/db'),
      });
      expect(await store.memory({ since, host: 'at_ic' })).toEqual([of('at_ic/db', 'at_ic/web')]);
      expect(await store.memory({ since, host: 'at_ic', container: 'at_ic/db' })).toEqual([of('at_ic/db')]);
      expect(await store.memory({ since, host: null })).toEqual([of('at_ic')]);
      expect(await store.memory({ since, host: 'cellar' })).toEqual([]);
    });
  });
}
