import { beforeEach, describe, expect, it } from 'vitest';
import type { EventDraft, MemoryTick, Notification } from '../../events/index.js';
import type { Put, StateChange } from '../health-store.js';
import type { KeptState } from '../working-copy.js';
import type { WriteBatch } from './write-batch.js';
import { ReplacedError, WriteBehind } from './write-behind.js';

const AT = '2026-01-01T00:00:00.000Z';
const notification = (id: string, read = false): Notification => ({
  id,
  level: 'error',
  title: id,
  message: '',
  timestamp: AT,
  type: 'container.given_up',
  read,
});
const put = (id: string, read?: boolean): Put => ({
  collection: 'notification',
  key: id,
  value: notification(id, read),
});
const exited = (container: string): EventDraft => ({
  type: 'container.exited',
  at: AT,
  container,
  data: { reason: `${container} exited.` },
});
const figures: MemoryTick = { at: AT, samples: [{ container: 'a', usedBytes: 7, limitBytes: null }] };
const NEW: KeptState = { epoch: null, head: 0, documents: [] };

describe('WriteBehind', () => {
  let written: WriteBatch[];
  let fault: Error | null;
  let log: string[];
  let state: WriteBehind;
  const database = {
    write: (batch: WriteBatch): Promise<void> => {
      if (fault) return Promise.reject(fault);
      written.push(batch);
      return Promise.resolve();
    },
  };
  beforeEach(() => {
    written = [];
    fault = null;
    log = [];
    const say = (message: string): void => void log.push(message);
    state = new WriteBehind('/data/a.db', { log: say, warn: say, error: say });
  });
  const ids = (): string[] => state.entries('notification').map(([key]) => key);
  const unsavedSeqs = (): number[] => state.unsavedEvents({ limit: 99 }).map(({ seq }) => seq);
  /** What the database holds when all that was written reached it. */
  const after = (more: Partial<KeptState> = {}): KeptState => ({
    ...NEW,
    epoch: state.epoch,
    head: state.head,
    ...more,
  });

  describe('writing', () => {
    it('has a commit at once, and writes it once', async () => {
      const change: StateChange = { put: [put('n')], events: [exited('a')], memory: figures };
      const events = state.commit(change);
      expect([ids(), events.map(({ seq }) => seq), state.head, state.isSaved]).toEqual([
        ['n'],
        [1],
        1,
        false,
      ]);
      await state.writeTo(database);
      await state.writeTo(database);
      expect(written).toMatchObject([
        { put: [put('n')], events, ticks: [figures], epoch: state.epoch, head: 1 },
        { put: [], events: [], ticks: [], head: 1 },
      ]);
      expect([state.isSaved, state.savedHead]).toEqual([true, 1]);
    });

    it('keeps all of it for the next time when it fails', async () => {
      state.commit({ put: [put('n')], events: [exited('a')], memory: figures });
      fault = new Error('full');
      await expect(state.writeTo(database)).rejects.toBe(fault);
      expect([state.isSaved, state.savedHead]).toEqual([false, 0]);
      expect([unsavedSeqs(), state.unsavedTicks({ since: AT })]).toEqual([[1], [figures]]);
      fault = null;
      state.commit({ events: [exited('b')] });
      await state.writeTo(database);
      expect(written.map(({ events }) => events.map(({ seq }) => seq))).toEqual([[1, 2]]);
      expect(unsavedSeqs()).toEqual([]);
    });

    it('writes a document as it was last: put, or removed', async () => {
      state.commit({ put: [put('a'), put('b')] });
      state.commit({ put: [put('a', true)], remove: [{ collection: 'notification', key: 'b' }] });
      await state.writeTo(database);
      expect(written).toMatchObject([
        { put: [put('a', true)], remove: [{ collection: 'notification', key: 'b' }] },
      ]);
    });

    it('gives up the oldest events when there are too many, and the log before them', async () => {
      state.commit({ events: Array.from({ length: 10_001 }, () => exited('a')) });
      await state.writeTo(database);
      expect(written[0]?.dropEarlierEvents).toBe(true);
      expect([written[0]?.events.length, written[0]?.events[0]?.seq]).toEqual([10_000, 2]);
    });
  });

  describe('what a database holds', () => {
    it('is gone on with', () => {
      expect(state.learn({ epoch: 'e', head: 7, documents: [put('n')] })).toBe(false);
      expect([state.epoch, state.head, state.savedHead, ids()]).toEqual(['e', 7, 7, ['n']]);
      expect(state.commit({ events: [exited('a')] })[0]?.seq).toBe(8);
    });

    it('keeps the epoch that there is when it is new', () => {
      const { epoch } = state;
      state.learn(NEW);
      expect(state.epoch).toBe(epoch);
    });

    it('comes before what was committed when it can be read only later', async () => {
      state.commit({
        put: [put('changed', true), put('ours')],
        remove: [{ collection: 'notification', key: 'removed' }],
        events: [exited('c')],
      });
      const { epoch } = state;
      const documents = [put('kept'), put('changed'), put('removed')];
      expect(state.learn({ epoch: 'e', head: 2, documents })).toBe(true);
      expect(state.entries('notification').map(([, document]) => document)).toEqual([
        notification('kept'),
        notification('changed', true),
        notification('ours'),
      ]);
      expect([unsavedSeqs(), state.head, state.savedHead]).toEqual([[3], 3, 2]);
      expect([epoch, 'e']).not.toContain(state.epoch);
      await state.writeTo(database);
      expect(written).toMatchObject([{ replaceDocuments: false, dropEarlierEvents: false, head: 3 }]);
    });

    it('comes before documents alone, too', () => {
      state.commit({ put: [put('ours')] });
      expect(state.learn({ epoch: 'e', head: 2, documents: [put('kept')] })).toBe(true);
      expect([ids(), state.head]).toEqual([['kept', 'ours'], 2]);
    });

    it('replaces nothing when it is new, though it can be opened only later', () => {
      state.commit({ put: [put('ours')], events: [exited('a')] });
      const { epoch } = state;
      expect(state.learn(NEW)).toBe(false);
      expect([state.epoch, state.head, ids()]).toEqual([epoch, 1, ['ours']]);
    });
  });

  describe('after a new connection', () => {
    beforeEach(async () => {
      state.learn(NEW);
      state.commit({ put: [put('n')], events: [exited('a'), exited('b')] });
      await state.writeTo(database);
      written = [];
    });

    it('writes only what is new, when the database has the rest', async () => {
      expect(state.learn(after())).toBe(false);
      state.commit({ put: [put('m')] });
      await state.writeTo(database);
      expect(written).toMatchObject([{ replaceDocuments: false, put: [put('m')] }]);
    });

    it.each([
      ['a new file', NEW],
      ['an older state of the same file', { head: 1 }],
    ])('writes everything to %s', async (_, contents) => {
      state.learn(after(contents));
      await state.writeTo(database);
      expect(written).toMatchObject([{ replaceDocuments: true, put: [put('n')], dropEarlierEvents: true }]);
    });

    it('writes everything to a new file, also where no event was saved', async () => {
      state = new WriteBehind('/data/a.db', { log() {}, warn() {}, error() {} });
      state.learn(NEW);
      state.commit({ put: [put('n')] });
      await state.writeTo(database);
      state.learn(NEW);
      await state.writeTo(database);
      expect(written[1]).toMatchObject({ replaceDocuments: true, put: [put('n')] });
    });

    it('knows the file again by the epoch that was read there', () => {
      state.forget();
      state.learn(after({ epoch: 'of another process' }));
      expect(state.learn(after({ epoch: 'of another process' }))).toBe(false);
    });

    it('knows the file again by each epoch under which it was, or may have been, written', async () => {
      const { epoch } = state;
      state.beginEpoch();
      expect(state.epoch).not.toBe(epoch);
      expect(state.learn(after({ epoch }))).toBe(false);
      fault = new Error('reported as failed, but was not');
      await expect(state.writeTo(database)).rejects.toBe(fault);
      expect(state.learn(after())).toBe(false);
    });

    it('refuses a database that it does not know', () => {
      expect(() => state.learn(after({ epoch: 'of another' }))).toThrow(ReplacedError);
      expect(() => state.learn(after({ epoch: 'of another' }))).toThrow('/data/a.db');
    });
  });

  it('has everything written again to a new database in the place of a damaged one', async () => {
    state.commit({ put: [put('n')], events: [exited('a')] });
    await state.writeTo(database);
    state.commit({ events: [exited('b')] });
    state.rewriteAll();
    expect(state.savedHead).toBe(0);
    state.learn(NEW);
    await state.writeTo(database);
    expect(written[1]).toMatchObject({
      replaceDocuments: true,
      put: [put('n')],
      events: [{ seq: 2 }],
      dropEarlierEvents: true,
      head: 2,
    });
  });

  it('adopts nothing that is put in the place of a damaged one', () => {
    state.commit({ put: [put('n')] });
    state.rewriteAll();
    expect(() => state.learn(after({ epoch: 'of another', documents: [put('m')] }))).toThrow(ReplacedError);
  });

  it('forgets all of its own for what another process has written', () => {
    state.learn({ epoch: 'e', head: 1, documents: [put('n')] });
    state.commit({ put: [put('observed')], events: [exited('z')], memory: figures });
    state.forget();
    expect([ids(), state.head, state.isSaved]).toEqual([[], 0, true]);
    expect(state.learn({ epoch: 'e', head: 4, documents: [put('late')] })).toBe(false);
    expect([ids(), state.head, state.epoch]).toEqual([['late'], 4, 'e']);
  });
});
