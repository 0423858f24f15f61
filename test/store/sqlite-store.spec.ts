import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SqliteStore } from '../../src/common/store/index.js';
import {
  connect,
  NoSqliteError,
  type Connect,
  type SqliteConnection,
} from '../../src/common/store/sqlite/driver.js';
import { exited, noticesOf, notification, putNotification, START, StoreFolder } from './store-fixtures.js';

const DAY = 86_400_000;

describe('SqliteStore', () => {
  let folder: StoreFolder;
  beforeEach(() => {
    folder = new StoreFolder();
  });
  afterEach(() => folder.dispose());

  async function raw(): Promise<SqliteConnection> {
    return connect(folder.file);
  }

  async function heartbeatAfter(store: SqliteStore, milliseconds: number): Promise<void> {
    folder.clock.advance(milliseconds);
    await store.tick();
  }

  describe('over a restart', () => {
    it('goes on with the same epoch, head, documents, events and figures', async () => {
      const first = await folder.opened();
      const memory = {
        at: new Date(START).toISOString(),
        samples: [{ container: 'a', usedBytes: 7, limitBytes: null }],
      };
      await first.commit({ put: [putNotification('n')], events: [exited('a')], memory });
      await first.close();

      const second = await folder.opened();
      expect([second.epoch, second.head]).toEqual([first.epoch, 1]);
      expect(await second.all('notification')).toEqual([notification('n')]);
      expect(await second.memory({ since: memory.at })).toEqual([memory]);
      const [next] = await second.commit({ events: [exited('b')] });
      expect(next?.seq).toBe(2);
      expect((await second.events({ limit: 9 })).map(({ seq }) => seq)).toEqual([1, 2]);
    });

    it('never gives a number out again, also when all events were too old to keep', async () => {
      const first = await folder.opened();
      await first.commit({ events: [exited('a'), exited('a')] });
      await heartbeatAfter(first, 31 * DAY);
      expect(await first.events({ limit: 9 })).toEqual([]);
      await first.close();

      const second = await folder.opened();
      const [next] = await second.commit({ events: [exited('a')] });
      expect(next?.seq).toBe(3);
    });

    it('makes its folder and its files for the owner only', async () => {
      const store = await folder.opened();
      await store.commit({ put: [putNotification('n')] });
      expect(statSync(dirname(folder.file)).mode & 0o777).toBe(0o700);
      for (const name of readdirSync(dirname(folder.file))) {
        expect([name, statSync(join(dirname(folder.file), name)).mode & 0o777]).toEqual([name, 0o600]);
      }
    });

    it('takes away from others what an earlier file let them read', async () => {
      mkdirSync(dirname(folder.file));
      writeFileSync(folder.file, '');
      chmodSync(folder.file, 0o644);
      await folder.opened();
      expect(statSync(folder.file).mode & 0o777).toBe(0o600);
    });

    it('writes with an fsync a commit: WAL, synchronous FULL', async () => {
      const statements: string[] = [];
      const listening: Connect = async (path) => {
        const connection = await connect(path);
        return { ...wrap(connection), exec: (sql) => (statements.push(sql), connection.exec(sql)) };
      };
      await folder.opened({ connect: listening });
      expect(statements.join('\n')).toMatch(/journal_mode = WAL; PRAGMA synchronous = FULL/);
    });

    it('goes on with one of a release that knew one host only', async () => {
      const first = await folder.opened();
      await first.commit({ put: [putNotification('n')], events: [exited('a')] });
      await first.close();
      const database = await raw();
      database.exec('ALTER TABLE event DROP COLUMN host; PRAGMA user_version = 1');
      database.close();

      const second = await folder.opened();
      expect([second.epoch, second.status.durable]).toEqual([first.epoch, true]);
      await second.commit({ events: [{ ...exited('attic/a'), host: 'attic' }] });
      await second.close();
      const third = await folder.opened();
      expect(await third.all('notification')).toEqual([notification('n')]);
      expect((await third.events({ limit: 9 })).map(({ container, host }) => [container, host])).toEqual([
        ['a', undefined],
        ['attic/a', 'attic'],
      ]);
    });

    it('touches no database of a newer release', async () => {
      await (await folder.opened()).close();
      const database = await raw();
      database.exec('PRAGMA user_version = 99');
      database.close();

      const store = await folder.opened();
      expect(store.status.durable).toBe(false);
      expect(store.status.problem).toMatch(/version 99.*Update the package/);
      expect(await store.commit({ events: [exited('a')] })).toHaveLength(1);
    });
  });

  describe('with a database that cannot be written', () => {
    /** Connections that fail as told, until they are told otherwise. */
    class Faults {
      sqlite: { code: string; message: string } | null = null;
      readonly connect: Connect = async (path) => {
        const connection = await connect(path);
        if (path.endsWith('.lock')) return connection;
        this.fail();
        return {
          ...wrap(connection),
          prepare: (sql) => {
            this.fail();
            return connection.prepare(sql);
          },
        };
      };
      private fail(): void {
        if (this.sqlite) throw Object.assign(new Error(this.sqlite.message), { code: this.sqlite.code });
      }
    }

    it('goes on in memory, tells it once, and writes everything when it can again', async () => {
      const faults = new Faults();
      const store = await folder.opened({ connect: faults.connect });
      const notices = noticesOf(store);
      await store.commit({ put: [putNotification('before')], events: [exited('a')] });

      faults.sqlite = { code: 'SQLITE_READONLY', message: 'attempt to write a readonly database' };
      await store.commit({
        put: [putNotification('n')],
        remove: [{ collection: 'notification', key: 'before' }],
        events: [exited('b')],
      });
      for (let second = 0; second < 100; second++) await heartbeatAfter(store, 1_000);
      await store.commit({ events: [exited('c')] });
      expect(store.status).toMatchObject({ kind: 'sqlite', durable: false });
      expect(store.status.problem).toContain('mounted read-only');
      expect(await store.all('notification')).toEqual([notification('n')]);
      expect((await store.events({ after: 1, limit: 9 })).map(({ seq }) => seq)).toEqual([2, 3]);

      faults.sqlite = null;
      await heartbeatAfter(store, 30_000);
      expect(store.status).toMatchObject({ durable: true, problem: null });
      expect(notices.map(({ kind }) => kind)).toEqual(['degraded', 'recovered']);
      await store.close();

      const next = await folder.opened();
      expect(await next.all('notification')).toEqual([notification('n')]);
      expect((await next.events({ limit: 9 })).map(({ seq, container }) => [seq, container])).toEqual([
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
      ]);
    });

    it('changes the epoch, since a crash could now give the same numbers to other events', async () => {
      const faults = new Faults();
      const store = await folder.opened({ connect: faults.connect });
      const { epoch } = store;
      faults.sqlite = { code: 'SQLITE_READONLY', message: 'attempt to write a readonly database' };
      await store.commit({ events: [exited('a')] });
      expect(store.epoch).not.toBe(epoch);
    });

    it('says nothing of a lock that passes, and tells one that lasts', async () => {
      const faults = new Faults();
      const store = await folder.opened({ connect: faults.connect });
      const notices = noticesOf(store);
      faults.sqlite = { code: 'SQLITE_BUSY', message: 'database is locked' };
      await store.commit({ events: [exited('a')] });
      await heartbeatAfter(store, 1_000);
      faults.sqlite = null;
      await heartbeatAfter(store, 5_000);
      expect([notices, store.status.durable]).toEqual([[], true]);

      faults.sqlite = { code: 'SQLITE_BUSY', message: 'database is locked' };
      await store.commit({ events: [exited('a')] });
      for (let second = 0; second < 12; second++) await heartbeatAfter(store, 1_000);
      expect(notices.map(({ kind }) => kind)).toEqual(['degraded']);
    });

    it('is not stopped by the lock of another program', async () => {
      const store = await folder.opened();
      const other = await raw();
      other.exec('BEGIN IMMEDIATE');
      await store.commit({ put: [putNotification('n')], events: [exited('a')] });
      expect(store.status.problem).toContain('locked by another program');
      other.exec('ROLLBACK');
      other.close();
      await heartbeatAfter(store, 2_000);
      expect(store.status.durable).toBe(true);
      expect(await store.events({ limit: 9 })).toHaveLength(1);
    });

    it('survives a full disk', async () => {
      let connection: SqliteConnection | null = null;
      const keeping: Connect = async (path) => {
        const opened = await connect(path);
        if (!path.endsWith('.lock')) connection = opened;
        return opened;
      };
      const store = await folder.opened({ connect: keeping });
      const [{ page_count: pages }] = connection!.prepare('PRAGMA page_count').all([]) as [
        { page_count: number },
      ];
      connection!.prepare(`PRAGMA max_page_count = ${pages}`).all([]);
      const many = Array.from({ length: 500 }, (_, index) => putNotification(`n${index}`));
      await store.commit({ put: many, events: [exited('a')] });
      expect(store.status.problem).toContain('no room left');

      connection!.prepare('PRAGMA max_page_count = 100000').all([]);
      await heartbeatAfter(store, 1_000);
      expect(store.status.durable).toBe(true);
      await store.close();
      expect(await (await folder.opened()).all('notification')).toHaveLength(500);
    });

    it('boots where its folder cannot be made, and takes in the database when that can be', async () => {
      const first = await folder.opened();
      await first.commit({
        put: [putNotification('kept'), putNotification('changed')],
        events: [exited('a'), exited('b')],
      });
      await first.close();

      const faults = new Faults();
      faults.sqlite = { code: 'SQLITE_CANTOPEN', message: 'unable to open database file' };
      const store = await folder.opened({ connect: faults.connect });
      const notices = noticesOf(store);
      expect(store.status.durable).toBe(false);
      const changed = { ...notification('changed'), read: true };
      await store.commit({
        put: [{ collection: 'notification', key: 'changed', value: changed }],
        events: [exited('c')],
      });
      const { epoch } = store;
      await store.tick();

      faults.sqlite = null;
      await heartbeatAfter(store, 60_000);
      expect(notices.map(({ kind }) => kind)).toEqual(['degraded', 'reloaded', 'recovered']);
      expect(await store.all('notification')).toEqual([notification('kept'), changed]);
      expect((await store.events({ limit: 9 })).map(({ seq, container }) => [seq, container])).toEqual([
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
      ]);
      expect(store.epoch).not.toBe(epoch);
    });

    it('keeps a bounded number of events in memory, and leaves no hole behind', async () => {
      const faults = new Faults();
      const store = await folder.opened({ connect: faults.connect });
      await store.commit({ events: [exited('a')] });
      faults.sqlite = { code: 'SQLITE_READONLY', message: 'attempt to write a readonly database' };
      for (let batch = 0; batch < 11; batch++) {
        await store.commit({ events: Array.from({ length: 1_000 }, () => exited('a')) });
      }
      faults.sqlite = null;
      await heartbeatAfter(store, 60_000);
      const seqs = (await store.events({ after: 0, limit: 20_000 })).map(({ seq }) => seq);
      expect([seqs[0], seqs.at(-1), seqs.length]).toEqual([1_002, 11_001, 10_000]);
    });

    it('says what to install where there is no driver', async () => {
      const missing: Connect = () =>
        Promise.reject(new NoSqliteError('No SQLite driver can be loaded. Use Node 22.13.'));
      const store = await folder.opened({ connect: missing });
      expect(store.status.problem).toContain('Use Node 22.13');
      expect(store.writer).toBe(true);
      expect(await store.commit({ events: [exited('a')] })).toHaveLength(1);
    });

    it('does not fill a new file at its place with half of the state', async () => {
      const faults = new Faults();
      const store = await folder.opened({ connect: faults.connect });
      await store.commit({ put: [putNotification('n')], events: [exited('a')] });
      faults.sqlite = { code: 'SQLITE_IOERR', message: 'disk I/O error' };
      await store.commit({ events: [exited('b')] });
      for (const suffix of ['', '-wal', '-shm']) writeFileSync(folder.file + suffix, '');
      faults.sqlite = null;
      await heartbeatAfter(store, 60_000);
      await store.close();
      const next = await folder.opened();
      expect(await next.all('notification')).toEqual([notification('n')]);
      expect((await next.events({ limit: 9 })).map(({ seq }) => seq)).toEqual([2]);
    });
  });

  it('gives a document that is no JSON as the text that it is, with its key', async () => {
    const first = await folder.opened();
    await first.commit({ put: [putNotification('n'), putNotification('m')] });
    await first.close();
    const database = await raw();
    database.exec(`UPDATE document SET value = '{"id": "n", ' WHERE key = 'n'`);
    database.close();
    expect(await (await folder.opened()).entries('notification')).toEqual([
      ['n', '{"id": "n", '],
      ['m', notification('m')],
    ]);
  });

  it('gives an event that is no JSON as one of which nothing is known, in its place', async () => {
    const first = await folder.opened();
    await first.commit({ events: [exited('a'), exited('b'), exited('c')] });
    await first.close();
    const database = await raw();
    database.exec(`UPDATE event SET data = '{"reason": ' WHERE container = 'b'`);
    database.close();
    const events = await (await folder.opened()).events({ limit: 9 });
    expect(events.map(({ seq, container }) => [seq, container])).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ]);
    expect(events[1]).toMatchObject({
      type: 'container.changed',
      data: { reason: 'What happened cannot be read from the database.' },
    });
  });

  describe('with a damaged database', () => {
    const aside = (): string[] =>
      readdirSync(dirname(folder.file)).filter((name) => name.includes('.corrupt-'));

    it('sets it aside at the start, whole, tells it once and begins anew', async () => {
      mkdirSync(dirname(folder.file));
      writeFileSync(folder.file, 'This is no database. '.repeat(500));
      const store = await folder.opened();
      const notices = noticesOf(store);
      await store.commit({ put: [putNotification('n')], events: [exited('a')] });
      await store.tick();
      await heartbeatAfter(store, 60_000);

      expect(store.status).toMatchObject({ durable: true, problem: null });
      expect(notices.map(({ kind }) => kind)).toEqual(['degraded', 'recovered']);
      expect(notices[0]?.reason).toContain('set aside as');
      const [file = ''] = aside();
      expect(readFileSync(join(dirname(folder.file), file), 'utf8')).toContain('This is no database.');
      await store.close();
      expect(await (await folder.opened()).all('notification')).toEqual([notification('n')]);
    });

    it('sets it aside while running, and writes all documents to the new one', async () => {
      const first = await folder.opened();
      await first.commit({ put: [putNotification('n')], events: [exited('a'), exited('b')] });
      await first.close();

      const store = await folder.opened();
      const notices = noticesOf(store);
      const afterTheSchema = 4096;
      writeFileSync(folder.file, readFileSync(folder.file).fill(0x5a, afterTheSchema));
      await store.commit({ put: [putNotification('m')], events: [exited('c')] });
      await store.events({ limit: 9 });
      await store.tick();
      expect(aside().length).toBeGreaterThan(0);
      expect(notices.map(({ kind }) => kind)).toEqual(['degraded', 'recovered']);
      await store.close();

      const next = await folder.opened();
      expect(await next.all('notification')).toEqual([notification('n'), notification('m')]);
      expect((await next.commit({ events: [exited('d')] }))[0]?.seq).toBe(4);
    });
  });

  describe('retention', () => {
    it('drops events after 30 days and figures after 8', async () => {
      const store = await folder.opened();
      const tick = (at: number): object => ({
        memory: {
          at: new Date(at).toISOString(),
          samples: [{ container: 'a', usedBytes: 1, limitBytes: null }],
        },
      });
      await store.commit({ events: [exited('a', START)], ...tick(START) });
      await store.commit({ events: [exited('b', START + 23 * DAY)], ...tick(START + 23 * DAY) });
      await heartbeatAfter(store, 30 * DAY + 1_000);
      expect((await store.events({ limit: 9 })).map(({ container }) => container)).toEqual(['b']);
      expect(await store.memory({ since: new Date(START).toISOString() })).toHaveLength(1);
    });

    it('keeps the latest 50,000 events', async () => {
      const store = await folder.opened();
      for (let batch = 0; batch < 26; batch++) {
        await store.commit({ events: Array.from({ length: 2_000 }, () => exited('a')) });
      }
      await heartbeatAfter(store, 3_600_000);
      const [first] = await store.events({ after: 0, limit: 1 });
      expect([first?.seq, store.head]).toEqual([2_001, 52_000]);
    });

    it('thins events older than a day but the latest 2,000', async () => {
      const store = await folder.opened();
      const view = { name: 'a' } as never;
      const event = { ...exited('a'), data: { reason: 'x', view } } as ReturnType<typeof exited>;
      await store.commit({ events: [event, event, ...Array.from({ length: 1_998 }, () => exited('b'))] });
      await heartbeatAfter(store, 2 * DAY);
      expect((await store.events({ after: 0, limit: 1 }))[0]?.data).toHaveProperty('view');
      await store.commit({ events: [exited('b')] });
      await heartbeatAfter(store, 3_600_000);
      const [thinned, whole] = await store.events({ after: 0, limit: 2 });
      expect(thinned?.data).toEqual({ reason: 'x' });
      expect(whole?.data).toHaveProperty('view');
    });
  });

  describe('with a second process on the same file', () => {
    let holder: ChildProcess | null = null;
    afterEach(() => {
      holder?.kill('SIGKILL');
      holder = null;
    });

    it('only observes, says so, and takes over when the first was killed', async () => {
      const first = await folder.opened();
      await first.commit({ put: [putNotification('n')], events: [exited('a')] });
      await first.close();
      holder = fork(join(import.meta.dirname, 'lock-holder.mjs'), [`${folder.file}.lock`]);
      await once(holder, 'message');

      const second = await folder.opened();
      const notices = noticesOf(second);
      expect(second.writer).toBe(false);
      expect(second.status.problem).toContain('only observes');
      expect(await second.all('notification')).toEqual([notification('n')]);
      await second.commit({ put: [putNotification('unseen')], events: [exited('z')] });
      await heartbeatAfter(second, 5_000);
      expect([second.writer, notices]).toEqual([false, []]);

      holder.kill('SIGKILL');
      await once(holder, 'exit');
      await heartbeatAfter(second, 5_000);
      expect(second.writer).toBe(true);
      expect(notices.map(({ kind }) => kind)).toEqual(['reloaded']);
      expect(await second.all('notification')).toEqual([notification('n')]);
      expect([second.epoch, second.head]).toEqual([first.epoch, 1]);
      expect((await second.commit({ events: [exited('b')] }))[0]?.seq).toBe(2);
    });

    it('acts only when all have read what the other left, and keeps nothing that was made before', async () => {
      const first = await folder.opened();
      await first.commit({ put: [putNotification('n')], events: [exited('a')] });
      const second = await folder.opened();
      await second.commit({ put: [putNotification('observed')] });
      await first.commit({ put: [putNotification('late')] });
      await first.close();

      let read: unknown;
      let haveRead = (): void => undefined;
      second.onNotice(
        () =>
          new Promise<void>((resolve) => {
            haveRead = resolve;
          }),
      );
      second.onNotice(async () => {
        // A look that straddles the takeover ends first.
        expect(
          await second.commit({ put: [{ ...putNotification('n'), key: 'stale' }], events: [exited('z')] }),
        ).toEqual([]);
        read = await second.all('notification');
      });
      folder.clock.advance(5_000);
      const ticked = second.tick();
      await expect.poll(() => read).toEqual([notification('n'), notification('late')]);
      expect([second.writer, second.status.durable]).toEqual([false, false]);

      // Who has read may commit from then on, and all of it counts.
      haveRead();
      const fresh = await second.commit({ put: [putNotification('fresh')], events: [exited('b')] });
      await ticked;
      expect(fresh.map(({ seq }) => seq)).toEqual([2]);
      expect([second.writer, second.status.durable]).toEqual([true, true]);
      await second.close();
      const next = await folder.opened();
      expect((await next.all('notification')).map(({ id }) => id)).toEqual(['n', 'late', 'fresh']);
      expect(next.head).toBe(2);
    });

    it('becomes the writer although a listener fails', async () => {
      const first = await folder.opened();
      const second = await folder.opened();
      second.onNotice(() => Promise.reject(new Error('broken')));
      await first.close();
      await heartbeatAfter(second, 5_000);
      expect(second.writer).toBe(true);
      expect(folder.log.join()).toContain('broken');
    });

    it('keeps others out, also after another store in this process opened and closed the same files', async () => {
      const first = await folder.opened();
      const second = await folder.opened();
      await heartbeatAfter(second, 5_000);
      await second.close();
      (await raw()).close();
      (await connect(`${folder.file}.lock`)).close();
      const script = join(import.meta.dirname, 'lock-holder.mjs');
      holder = fork(script, [`${folder.file}.lock`], { stdio: 'ignore' });
      const held = await Promise.race([
        once(holder, 'message').then(() => true),
        once(holder, 'exit').then(() => false),
      ]);
      expect([first.writer, held]).toEqual([true, false]);
    });

    it('lets two stores in one process tell each other apart', async () => {
      const first = await folder.opened();
      const second = await folder.opened();
      expect([first.writer, second.writer]).toEqual([true, false]);
      await first.close();
      await heartbeatAfter(second, 1_000);
      expect(second.writer).toBe(true);
    });
  });
});

function wrap(connection: SqliteConnection): SqliteConnection {
  return {
    prepare: (sql) => connection.prepare(sql),
    exec: (sql) => connection.exec(sql),
    close: () => connection.close(),
  };
}
