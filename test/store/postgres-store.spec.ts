import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FollowedChange } from '../../src/common/store/index.js';
import { Connection } from '../../src/common/store/postgres/connection.js';
import { MIGRATIONS, migrate, versionOf } from '../../src/common/store/postgres/schema.js';
import { ManualClock } from '../../src/testing/manual-clock.js';
import { PgBouncer } from '../support/pgbouncer.js';
import { serverFolders } from '../support/servers.js';
import { SharedDatabase } from './shared-database.js';
import {
  eventsOf,
  exited,
  idsOf,
  noticesOf,
  notification,
  putNotification,
  START,
} from './store-fixtures.js';

const DAY = 86_400_000;
/** For an index. Noise, since what repeats itself is compressed. */
const TOO_LONG = Array.from({ length: 150 }, () => randomUUID()).join('');

describe.skipIf(serverFolders === null)('PostgresStore', () => {
  const database = SharedDatabase.forEachTest();
  const { server } = database;
  const opened = database.opened.bind(database);
  const rows = database.rows.bind(database);

  describe('over a restart', () => {
    it('goes on with the same epoch, head, documents in their order, events and figures', async () => {
      const first = await opened();
      const memory = {
        at: new Date(START).toISOString(),
        samples: [{ container: 'a', usedBytes: 7, limitBytes: null }],
      };
      const put = [putNotification('n'), putNotification('m')];
      const removed = { collection: 'notification', key: 'n' } as const;
      await first.store.commit({ put, events: [exited('a')], memory });
      await first.store.commit({ remove: [removed] });
      await first.store.commit({ put: [putNotification('n')] });
      await first.store.close();

      const second = await opened();
      expect([second.store.epoch, second.store.head]).toEqual([first.store.epoch, 1]);
      expect(await idsOf(second)).toEqual(['m', 'n']);
      expect(await second.store.memory({ since: memory.at })).toEqual([memory]);
      expect(await eventsOf(second)).toEqual(['1 a']);
    });

    it('leaves no connection behind', async () => {
      const { store } = await opened();
      await store.close();
      const connections = `select pid from pg_stat_activity where datname = $1 and application_name = 'health-monitor'`;
      await expect.poll(() => database.query(connections, [database.name])).toEqual([]);
    });

    it('keeps what PostgreSQL cannot, in its own way: NUL, half of a pair, and what is no JSON', async () => {
      const first = await opened();
      const odd = { ...notification('n'), title: 'a\0b\ud800' };
      await first.store.commit({
        put: [{ collection: 'notification', key: 'n\0', value: odd }],
        events: [exited('a\0')],
      });
      expect(first.store.status.problem).toBeNull();
      await first.store.close();
      await database.query(
        `insert into health_monitor.document (collection, key, value, revision) values ('notification', 'x', '{"id', 0)`,
      );
      const second = await opened();
      expect(await second.store.entries('notification')).toEqual([
        ['n\ufffd', odd],
        ['x', '{"id'],
      ]);
      expect(await eventsOf(second)).toEqual(['1 a\ufffd']);
    });
  });

  describe('when the connection fails', () => {
    it('goes on over a connection that was cut, as if nothing had been', async () => {
      const { store, way } = await opened();
      await store.commit({ events: [exited('a')] });
      const { epoch } = store;
      way.reset();
      await store.commit({ put: [putNotification('n')], events: [exited('b')] });
      expect([store.writer, store.status.durable, store.epoch]).toEqual([true, true, epoch]);
      expect((await rows('event')).map(({ container }) => container)).toEqual(['a', 'b']);
    });

    it('writes once what was written, although nobody said so', async () => {
      const process = await opened();
      const { epoch } = process.store;
      const wasReset = process.way.resetAfter('commit\0');
      const [told] = await process.store.commit({ put: [putNotification('n')], events: [exited('a')] });
      await wasReset;
      await process.store.commit({ events: [exited('b')] });
      expect([told?.seq, process.store.epoch, process.store.status.durable]).toEqual([1, epoch, true]);
      expect(await eventsOf(process)).toEqual(['1 a', '2 b']);
      expect(await rows('log')).toMatchObject([{ head: '2', epoch }]);
    });

    it('goes on in memory while the connection is frozen, tells it once, and writes everything after', async () => {
      const { store, way } = await opened();
      const notices = noticesOf(store);
      const { epoch } = store;
      way.freeze();
      expect((await store.commit({ events: [exited('a')] })).map(({ seq }) => seq)).toEqual([1]);
      expect((await store.commit({ put: [putNotification('n')], events: [exited('b')] }))[0]?.seq).toBe(2);
      expect([store.shared.role, store.writer, store.epoch === epoch]).toEqual(['cut-off', false, false]);
      expect(store.status).toMatchObject({
        durable: false,
        problem: expect.stringContaining('does not answer'),
      });
      await expect.poll(() => notices.map(({ kind }) => kind)).toEqual(['degraded']);
      way.restore();
      await expect.poll(() => store.writer).toBe(true);
      await expect.poll(() => notices.map(({ kind }) => kind)).toEqual(['degraded', 'recovered']);
      expect((await rows('event')).map(({ container }) => container)).toEqual(['a', 'b']);
      expect(await rows('log')).toMatchObject([{ epoch: store.epoch, head: '2' }]);
    });

    it('keeps nobody from leading by a step that it was in the middle of', async () => {
      const first = await opened();
      const second = await opened();
      const isFrozen = first.way.freezeBefore('insert into "health_monitor"."document"');
      const committed = first.store.commit({ put: [putNotification('n')], events: [exited('a')] });
      await isFrozen;
      await expect.poll(() => second.store.writer).toBe(true);
      await second.store.commit({ events: [exited('b')] });
      first.way.restore();
      await committed;
      await expect.poll(() => first.store.shared.role).toBe('following');
      expect(await eventsOf(first)).toEqual(['1 b']);
    });

    it('refuses what a former leader had written before it knew, and gives no events for it', async () => {
      const first = await opened({ timing: { deadlineMs: 30_000 } });
      const second = await opened();
      const notices = noticesOf(first.store);
      first.way.freeze();
      const committed = first.store.commit({ put: [putNotification('late')], events: [exited('late')] });
      await expect.poll(() => second.store.writer).toBe(true);
      await second.store.commit({ events: [exited('b')] });
      first.way.restore();
      expect(await committed).toEqual([]);
      expect(first.store.shared.role).toBe('following');
      await expect.poll(() => notices.map(({ kind }) => kind)).toContain('reloaded');
      expect([await eventsOf(first), await idsOf(first)]).toEqual([['1 b'], []]);
    });

    it('has all read anew before it tells what others wrote since, when it learns in a commit that it leads no more', async () => {
      const clock = new ManualClock(START);
      // It looks and renews only when it is told to, and listens to nothing.
      const timing = { pollMs: 60_000, renewMs: 60_000 };
      const pool = new pg.Pool({ connectionString: server.url(database.name), max: 2 });
      const { store } = await opened({ url: null, pool, clock, timing });
      await store.commit({ events: [exited('a')] });
      const second = await opened();
      const told: string[] = [];
      store.onNotice(({ kind }) => void told.push(`${kind} at ${store.head}`));
      store.shared.onFollowed(
        ({ events }) => void told.push(`followed ${events.map(({ seq }) => seq).join()}`),
      );
      await expect.poll(() => second.store.writer).toBe(true);
      await second.store.commit({ events: [exited('b')] });
      expect(await store.commit({ events: [exited('late')] })).toEqual([]);
      await second.store.commit({ events: [exited('c')] });
      clock.advance(60_000);
      await store.tick();
      await expect.poll(() => told).toEqual(['reloaded at 2', 'followed 3']);
      await store.close();
      await pool.end();
    });

    it('leads no more when its own clock says so, although nobody told it', async () => {
      const clock = new ManualClock(START);
      const { store } = await opened({ clock });
      expect(store.shared.leaseLeftMs()).toBeGreaterThan(0);
      clock.advance(60_000);
      expect([store.shared.leaseLeftMs(), store.shared.role, store.writer]).toEqual([0, 'cut-off', false]);
      await store.tick();
      expect([store.shared.role, store.writer]).toEqual(['leading', true]);
    });

    it('ends no process by an error of a connection that nobody uses, or that is used', async () => {
      const { store } = await opened();
      const kill = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'health-monitor'`;
      for (let round = 0; round < 5; round++) {
        const committed = store.commit({ events: [exited('a')] });
        await database.query(kill);
        await committed;
      }
      await expect.poll(() => store.writer).toBe(true);
      expect((await store.events({ limit: 9 })).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    });
  });

  describe('over a restart of PostgreSQL', () => {
    it('stays the leader, and all that happened meanwhile is written and followed', async () => {
      const first = await opened();
      const second = await opened();
      const followed: FollowedChange[] = [];
      second.store.shared.onFollowed((change) => followed.push(change));
      await first.store.commit({ events: [exited('a')] });
      const { term } = first.store.shared;
      await server.down();
      await first.store.commit({ put: [putNotification('n')], events: [exited('b')] });
      expect(first.store.shared.role).toBe('cut-off');
      await server.up();
      await expect
        .poll(() => [first.store.shared.role, second.store.shared.role])
        .toEqual(['leading', 'following']);
      expect(first.store.shared.term).toBe(term);
      await expect.poll(() => idsOf(second)).toEqual(['n']);
      await expect.poll(() => second.store.epoch).toBe(first.store.epoch);
      expect(second.store.head).toBe(first.store.head);
    });

    it('comes in later when the database was away at the start, and takes what is there', async () => {
      const first = await opened();
      await first.store.commit({ put: [putNotification('kept')], events: [exited('a')] });
      await first.store.close();
      await server.down();
      const second = await opened();
      const notices = noticesOf(second.store);
      expect([second.store.shared.role, second.store.status.durable]).toEqual(['cut-off', false]);
      await second.store.commit({ put: [putNotification('seen')], events: [exited('b')] });
      await server.up();
      await expect.poll(() => second.store.writer).toBe(true);
      expect(notices.map(({ kind }) => kind)).toContain('reloaded');
      expect([await idsOf(second), await eventsOf(second)]).toEqual([['kept'], ['1 a']]);
      expect(second.store.epoch).toBe(first.store.epoch);
    });
  });

  describe('when the database lost what was written', () => {
    const TABLES = ['log', 'document', 'event', 'event_detail'];
    async function save(): Promise<void> {
      for (const table of TABLES)
        await database.query(`create table saved_${table} as table health_monitor.${table}`);
    }
    /** As a standby that became the primary before it had all. */
    async function goBack(): Promise<void> {
      await database.query(
        `begin; ${TABLES.map((table) => `delete from health_monitor.${table}; insert into health_monitor.${table} select * from saved_${table};`).join(' ')} commit`,
      );
    }

    it('begins a new epoch, writes all documents again, and goes on after what is there', async () => {
      const first = await opened();
      const second = await opened();
      await first.store.commit({ put: [putNotification('a')], events: [exited('a')] });
      await save();
      await first.store.commit({ put: [putNotification('b')], events: [exited('b'), exited('c')] });
      await expect.poll(() => second.store.head).toBe(3);
      const { epoch } = first.store;
      const notices = noticesOf(second.store);
      await goBack();
      const [told] = await first.store.commit({ put: [putNotification('d')], events: [exited('d')] });
      expect([told?.container, first.store.head, first.store.epoch === epoch]).toEqual(['d', 2, false]);
      expect(first.store.status.durable).toBe(true);
      await expect.poll(() => [second.store.epoch, second.store.head]).toEqual([first.store.epoch, 2]);
      await expect.poll(() => notices.map(({ kind }) => kind)).toContain('reloaded');
      for (const process of [first, second]) {
        expect([await idsOf(process), await eventsOf(process)]).toEqual([
          ['a', 'b', 'd'],
          ['1 a', '2 d'],
        ]);
      }
    });

    it('notices that also where only documents were lost', async () => {
      const first = await opened();
      const second = await opened();
      await first.store.commit({ put: [putNotification('a')], events: [exited('a')] });
      await save();
      await first.store.commit({ put: [putNotification('b')] });
      await expect.poll(() => idsOf(second)).toEqual(['a', 'b']);
      const { epoch } = first.store;
      await goBack();
      const [told] = await first.store.commit({ events: [exited('b')] });
      expect([told?.container, first.store.epoch === epoch]).toEqual(['b', false]);
      await expect.poll(() => second.store.epoch).toBe(first.store.epoch);
      for (const process of [first, second]) {
        expect([await idsOf(process), await eventsOf(process)]).toEqual([
          ['a', 'b'],
          ['1 a', '2 b'],
        ]);
      }
      expect((await rows('document')).map(({ key }) => key)).toEqual(['a', 'b']);
    });

    it('begins a new epoch after a start on tables that were restored from a copy', async () => {
      const first = await opened();
      await first.store.commit({ put: [putNotification('a')], events: [exited('a')] });
      await first.store.close();
      await database.query(`
        alter table health_monitor.log rename to log_before;
        create table health_monitor.log (like health_monitor.log_before including all);
        insert into health_monitor.log select * from health_monitor.log_before`);
      const second = await opened();
      expect([second.store.writer, second.store.head, await idsOf(second)]).toEqual([true, 1, ['a']]);
      expect(second.store.epoch).not.toBe(first.store.epoch);
      expect(await rows('log')).toMatchObject([{ epoch: second.store.epoch }]);
      await second.store.close();
      const third = await opened();
      expect(third.store.epoch).toBe(second.store.epoch);
    });
  });

  describe('when the database refuses', () => {
    it('a leader whose writes it refuses says so, and lets another one lead after a while', async () => {
      const first = await opened({ timing: { refusedMs: 1_000 } });
      const second = await opened();
      await first.store.commit({ put: [putNotification('n')], events: [exited('a')] });
      const notices = noticesOf(first.store);
      await first.store.commit({ events: [exited(TOO_LONG)] });
      expect(first.store.shared.role).toBe('cut-off');
      expect(first.store.status.problem).toMatch(/answers, and refuses what is to be written.*index row/);
      await expect.poll(() => second.store.writer).toBe(true);
      await expect
        .poll(() => [first.store.shared.role, first.store.status.problem])
        .toEqual(['following', null]);
      await expect.poll(() => notices.map(({ kind }) => kind)).toContain('reloaded');
      await second.store.commit({ events: [exited('b')] });
      await expect.poll(() => eventsOf(first)).toEqual(['1 a', '2 b']);
    });

    it('a leader lets one lead that reaches more engines only when what it has is written', async () => {
      const first = await opened();
      const second = await opened();
      await database.query(`
        create sequence health_monitor.attempts;
        create function health_monitor.refuse() returns trigger as $$
          begin
            if nextval('health_monitor.attempts') < 5 then raise exception 'not yet'; end if;
            return new;
          end $$ language plpgsql;
        create trigger refuses before insert on health_monitor.event
          for each row execute function health_monitor.refuse()`);
      second.store.shared.sayReach(2);
      await first.store.commit({ events: [exited('a')] });
      expect(first.store.shared.role).toBe('cut-off');
      await expect.poll(() => second.store.writer).toBe(true);
      expect(await eventsOf(second)).toEqual(['1 a']);
      expect(second.store.epoch).toBe(first.store.epoch);
    });

    it('one alone goes on with what was written before', async () => {
      const only = await opened({ timing: { refusedMs: 1_000 } });
      await only.store.commit({ put: [putNotification('n')], events: [exited('a')] });
      const { term } = only.store.shared;
      await only.store.commit({ events: [exited(TOO_LONG)] });
      await expect.poll(() => [only.store.writer, only.store.shared.term]).toEqual([true, term + 1]);
      await only.store.commit({ events: [exited('b')] });
      expect([await eventsOf(only), await idsOf(only)]).toEqual([['1 a', '2 b'], ['n']]);
    });

    it('a database that cannot keep every text is not used, and it is said what to do', async () => {
      const name = `latin_${database.name}`;
      await server.query(
        'postgres',
        `create database ${name} encoding 'LATIN1' template template0 lc_collate 'C' lc_ctype 'C'`,
      );
      const { store } = await opened({ url: server.url(name) });
      expect([store.shared.role, store.status.durable]).toEqual(['cut-off', false]);
      expect(store.status.problem).toMatch(/cannot be used\. Its encoding is LATIN1.*ENCODING 'UTF8'/);
    });
  });

  describe('of another release', () => {
    it('makes its tables once, however many open it at once', async () => {
      const processes = await Promise.all([opened(), opened(), opened(), opened()]);
      await expect
        .poll(() => processes.map(({ store }) => store.shared.role).sort())
        .toEqual(['following', 'following', 'following', 'leading']);
      expect(processes.map(({ store }) => store.status.problem)).toEqual([null, null, null, null]);
      expect(await rows('log')).toHaveLength(1);
    });

    it('is brought to the next version, once, and keeps what is there', async () => {
      const { store } = await opened();
      await store.commit({ put: [putNotification('n')] });
      await store.close();
      const steps = [
        ...MIGRATIONS,
        (schema: string) => `select pg_sleep(0.3); alter table ${schema}.document add column note text`,
      ];
      const pool = new pg.Pool({ connectionString: server.url(database.name) });
      const connection = new Connection(pool, 'health_monitor', 10_000);
      const once = (): Promise<void> =>
        connection.transaction('writing', (queries) => migrate(queries, 'health_monitor', steps));
      await Promise.all([once(), once(), once()]);
      expect(await versionOf(connection.queries, 'health_monitor')).toBe(steps.length);
      const noted = await sql`select note from health_monitor.document`.execute(connection.queries);
      expect(noted.rows).toEqual([{ note: null }]);
      await pool.end();
    });

    it('is only read when it is newer: it never leads, says so, and leads no more when it did', async () => {
      const first = await opened();
      await first.store.commit({ put: [putNotification('n')], events: [exited('a')] });
      await database.query(`update health_monitor.meta set value = '99' where key = 'schema'`);
      await expect.poll(() => first.store.shared.role).toBe('following');
      expect(first.store.status.problem).toMatch(/schema is version 99.*never leads\. Update the package/);
      const second = await opened();
      expect([second.store.writer, await idsOf(second), await eventsOf(second)]).toEqual([
        false,
        ['n'],
        ['1 a'],
      ]);
      expect(second.store.status.problem).toContain('newer release');
      await database.query(
        `update health_monitor.meta set value = '${MIGRATIONS.length}' where key = 'schema'`,
      );
      await expect.poll(() => [first.store.writer, second.store.writer]).toContain(true);
    });
  });

  it('has its tables in a schema of any name, also one that means something in SQL', async () => {
    const first = await opened({ schema: 'user' });
    const second = await opened({ schema: 'user' });
    const followed: FollowedChange[] = [];
    second.store.shared.onFollowed((change) => followed.push(change));
    expect([first.store.status.problem, first.store.writer]).toEqual([null, true]);
    await first.store.commit({ put: [putNotification('n')], events: [exited('a')] });
    await expect.poll(() => followed.flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual([1]);
    expect(await database.query(`select head from "user".log`)).toEqual([{ head: '1' }]);
  });

  describe('rights and secrets', () => {
    it('needs no more than to own its schema', async () => {
      const user = `u${database.name.slice(1, 20)}`;
      await database.query(
        `create user ${user}; revoke create on database ${database.name} from public; create schema health_monitor authorization ${user}`,
      );
      const url = server.url(database.name).replace('postgres@', `${user}@`);
      const { store } = await opened({ url });
      await store.commit({ put: [putNotification('n')], events: [exited('a')] });
      expect(store.status).toEqual({ kind: 'postgres', durable: true, problem: null });
    });

    it('says what to do where it has no right, without what is secret', async () => {
      const user = `u${database.name.slice(1, 20)}`;
      await database.query(`create user ${user}`);
      const { store } = await opened({
        url: server.url(database.name).replace('postgres@', `${user}:hunter2@`),
      });
      expect(store.status.problem).toMatch(/does not let its user keep anything.*own the schema/);
      expect(JSON.stringify([store.status, database.log])).not.toContain('hunter2');
    });

    it('never shows the password of its URL, whatever fails', async () => {
      for (const url of [
        server.url('nowhere').replace('postgres@', 'postgres:hunter2@'),
        'postgresql://me:hunter2@127.0.0.1:1/x?password=hunter2',
        'postgresql://me:hunter2@host.invalid/x',
      ]) {
        const { store } = await opened({ url });
        expect(store.status.durable).toBe(false);
        expect(store.status.problem).toMatch(/^The database (nowhere|x) on /);
        expect(JSON.stringify([store.status, database.log])).not.toContain('hunter2');
      }
    });
  });

  describe('with a pool of the host', () => {
    it('uses it as it is, and leaves it open', async () => {
      const numbers = pg.types.getTypeParser(20) as (text: string) => unknown;
      pg.types.setTypeParser(20, BigInt);
      const pool = new pg.Pool({ connectionString: server.url(database.name), max: 3 });
      const first = await opened({ url: null, pool });
      const second = await opened();
      const followed: FollowedChange[] = [];
      second.store.shared.onFollowed((change) => followed.push(change));
      await first.store.commit({ put: [putNotification('n')], events: [exited('a')] });
      await expect.poll(() => followed.flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual([1]);
      await first.store.close();
      pg.types.setTypeParser(20, numbers);
      const { rows: answered } = await pool.query('select 1 as one');
      expect([answered, pool.listenerCount('error') + pool.listenerCount('connect')]).toEqual([
        [{ one: 1 }],
        0,
      ]);
      await pool.end();
    });

    it('ends no process by an error of a connection of it that nobody uses', async () => {
      const pool = new pg.Pool({ connectionString: server.url(database.name) });
      const { store } = await opened({ url: null, pool });
      for (let round = 0; round < 3; round++) {
        await store.commit({ events: [exited('a')] });
        await database.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()`,
          [database.name],
        );
      }
      await store.commit({ events: [exited('a')] });
      await expect.poll(() => store.status.durable).toBe(true);
      expect((await store.events({ limit: 9 })).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
      await store.close();
      await pool.end();
    });

    it('needs no more than one connection of it', async () => {
      const pool = new pg.Pool({ connectionString: server.url(database.name), max: 1 });
      const { store } = await opened({ url: null, pool });
      await store.commit({ put: [putNotification('n')], events: [exited('a')] });
      expect(await store.events({ limit: 9 })).toHaveLength(1);
      expect(store.status).toMatchObject({ durable: true, problem: null });
      await store.close();
      await pool.end();
    });
  });

  describe('behind a PgBouncer in transaction mode', () => {
    const bouncer = new PgBouncer();
    beforeAll(() => bouncer.start(server));
    afterAll(() => bouncer.remove());

    it('writes, follows, asks and takes over', async () => {
      const url = server.url(database.name, bouncer.port);
      const first = await opened({ url });
      const second = await opened({ url });
      first.store.shared.onAsked((question) => Promise.resolve({ question }));
      const followed: FollowedChange[] = [];
      second.store.shared.onFollowed((change) => followed.push(change));
      for (let count = 0; count < 10; count++) {
        await first.store.commit({ put: [putNotification(`n${count}`)], events: [exited(`c${count}`)] });
      }
      await expect.poll(() => followed.flatMap(({ events }) => events).length).toBe(10);
      expect(await second.store.shared.ask('a', 30_000)).toEqual({ question: 'a' });
      await first.store.commit({
        put: [putNotification('n0')],
        remove: [{ collection: 'notification', key: 'n1' }],
      });
      await expect.poll(async () => (await idsOf(second)).length).toBe(9);
      await first.store.commit({ put: [putNotification('n1')] });
      await first.store.close();
      await expect.poll(() => second.store.writer).toBe(true);
      expect((await second.store.commit({ events: [exited('b')] }))[0]?.seq).toBe(11);
      expect(await idsOf(second)).toHaveLength(10);
    });
  });

  describe('retention', () => {
    it('drops events after 30 days and figures after 8, and forgets what was removed', async () => {
      const clock = new ManualClock(START);
      const { store } = await opened({ clock });
      const heartbeatAfter = async (milliseconds: number): Promise<void> => {
        clock.advance(milliseconds);
        await store.tick();
      };
      const tick = (at: number) => ({
        memory: {
          at: new Date(at).toISOString(),
          samples: [{ container: 'a', usedBytes: 1, limitBytes: null }],
        },
      });
      await store.commit({ put: [putNotification('n')], events: [exited('a', START)], ...tick(START) });
      await store.commit({
        remove: [{ collection: 'notification', key: 'n' }],
        events: [exited('b', START + 23 * DAY)],
        ...tick(START + 23 * DAY),
      });
      await heartbeatAfter(30 * DAY + 1_000);
      expect((await store.events({ limit: 9 })).map(({ container }) => container)).toEqual(['b']);
      expect(await store.memory({ since: new Date(START).toISOString() })).toHaveLength(1);
      expect(await rows('document')).toHaveLength(1);
      await heartbeatAfter(3_600_000);
      expect(await rows('document')).toHaveLength(0);
      expect(await rows('log')).toMatchObject([{ purged_revision: '2' }]);
    });

    it('has one that missed a removal that is forgotten read everything anew', async () => {
      const first = await opened();
      const second = await opened();
      await first.store.commit({ put: [putNotification('n'), putNotification('m')] });
      await expect.poll(() => idsOf(second)).toEqual(['n', 'm']);
      second.way.freeze();
      await first.store.commit({ remove: [{ collection: 'notification', key: 'n' }] });
      await database.query(
        `delete from health_monitor.document where value is null; update health_monitor.log set purged_revision = revision`,
      );
      second.way.restore();
      await expect.poll(() => idsOf(second)).toEqual(['m']);
    });
  });
});
