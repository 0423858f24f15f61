import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { UnansweredError } from '../../src/common/store/index.js';
import { serverFolders } from '../support/servers.js';
import { SharedDatabase, type PostgresProcess } from './shared-database.js';

describe.skipIf(serverFolders === null)('what is asked of the leader over PostgreSQL', () => {
  const database = SharedDatabase.forEachTest();
  const { server } = database;
  const opened = database.opened.bind(database);
  const rows = database.rows.bind(database);
  const outcomeOf = (asked: Promise<unknown>): Promise<unknown> =>
    asked.catch((error: unknown) => (error instanceof UnansweredError ? error.kind : error));

  /** Has this process take one question, and answer it when it is told to. */
  function answersLate({ store }: PostgresProcess, value?: unknown) {
    const taken: (() => void)[] = [];
    store.shared.onAsked(() => new Promise((resolve) => taken.push(() => resolve(value))));
    return { untilTaken: () => expect.poll(() => taken).toHaveLength(1), answer: () => taken[0]!() };
  }

  /** What this process sends that reads so arrives when it is told to; and at once, too, where it `passes`. */
  async function openedWithLate(pattern: RegExp, { passes }: { passes: boolean }) {
    const pool = new pg.Pool({ connectionString: server.url(database.name), max: 6 });
    pool.on('error', () => undefined);
    const late: { text: string; values: unknown[] }[] = [];
    const holds = new WeakSet<object>();
    pool.on('acquire', (client) => {
      if (holds.has(client)) return;
      holds.add(client);
      const send = client.query.bind(client) as (query: (typeof late)[number]) => unknown;
      Object.assign(client, {
        query: (query: (typeof late)[number]) => {
          if (!pattern.test(query.text)) return send(query);
          late.push(query);
          return passes ? send(query) : new Promise(() => undefined);
        },
      });
    });
    const { store } = await opened({ url: null, pool });
    const arrive = async (): Promise<void> => {
      for (const { text, values } of late.splice(0)) await database.query(text, values);
    };
    const end = async (): Promise<void> => {
      await store.close();
      await pool.end();
    };
    return { store, arrive, end };
  }
  const ASKING = /^insert into "health_monitor"."question".*do nothing/;

  it.each([
    ['done once, although it arrives twice', true, 'first', ['first', 'second']],
    ['not done when it arrives after its asker was told that it was not', false, 'no-leader', ['second']],
  ])('is %s', async (_what, passes, told, doneAtLast) => {
    const first = await opened();
    const done: unknown[] = [];
    first.store.shared.onAsked((question) => Promise.resolve(void done.push(question)).then(() => question));
    const second = await openedWithLate(ASKING, { passes });
    const third = await opened();
    expect(await outcomeOf(second.store.shared.ask('first', 1_000))).toBe(told);
    await second.arrive();
    expect(await third.store.shared.ask('second', 30_000)).toBe('second');
    expect(done).toEqual(doneAtLast);
    await second.end();
  });

  it('is done and answered, although the leader never heard that it took it', async () => {
    const first = await opened();
    const done: unknown[] = [];
    first.store.shared.onAsked((question) => Promise.resolve(void done.push(question)).then(() => 'done'));
    const second = await opened();
    const { term } = first.store.shared;
    const wasReset = first.way.resetAfter('"taken_term" = ');
    const asked = second.store.shared.ask('x', 5_000);
    await wasReset;
    expect(await outcomeOf(asked)).toBe('done');
    expect([done, first.store.shared.term]).toEqual([['x'], term]);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('broken'))],
    ['is no plain data', () => Promise.resolve(1n)],
  ])('has no answer when what the leader would answer %s', async (_what, answer) => {
    const first = await opened();
    const second = await opened();
    first.store.shared.onAsked(answer);
    expect(await outcomeOf(second.store.shared.ask('x', 5_000))).toBe('no-answer');
  });

  it('is not waited for without end, also while the one that took it leads', async () => {
    const first = await opened();
    const second = await opened({ timing: { answeredMs: 300 } });
    first.store.shared.onAsked(() => new Promise(() => undefined));
    expect(await outcomeOf(second.store.shared.ask('x', 500))).toBe('no-answer');
    expect(first.store.writer).toBe(true);
    await expect.poll(() => rows('question')).toMatchObject([{ question: '', answer: null }]);
  });

  it('has the answer that was ready when the one that took it closed', async () => {
    const first = await opened({ timing: { pollMs: 60_000 } });
    const second = await opened();
    const { untilTaken, answer } = answersLate(first, 'done');
    const asked = outcomeOf(second.store.shared.ask('x', 30_000));
    await untilTaken();
    answer();
    await new Promise((resolve) => setImmediate(resolve));
    await first.store.close();
    expect(await asked).toBe('done');
  });

  it('is in the database no longer than somebody waits for it', async () => {
    const first = await opened();
    const second = await opened();
    first.store.shared.onAsked(() => Promise.resolve({ secret: 'hunter2' }));
    expect(await second.store.shared.ask({ secret: 'hunter2' }, 30_000)).toEqual({ secret: 'hunter2' });
    await expect.poll(() => rows('question')).toMatchObject([{ question: '', answer: null }]);
  });

  it.each([
    ['is killed', (asker: PostgresProcess) => Promise.resolve(asker.cutOff())],
    ['closes', (asker: PostgresProcess) => asker.store.close()],
  ])('is in the database no longer than its asker is there, which %s', async (_how, go) => {
    const first = await opened({ timing: { goneMs: 1_000 } });
    const second = await opened();
    const { untilTaken, answer } = answersLate(first, { secret: 'hunter2' });
    void outcomeOf(second.store.shared.ask({ secret: 'hunter2' }, 30_000));
    await untilTaken();
    await go(second);
    const kept = async (): Promise<string> => JSON.stringify(await rows('question'));
    await expect.poll(kept).not.toContain('hunter2');
    answer();
    const third = await opened();
    first.store.shared.onAsked(() => Promise.resolve('later'));
    expect(await third.store.shared.ask('x', 30_000)).toBe('later');
    expect(await kept()).not.toContain('hunter2');
  });

  it('ends no process, and holds nobody up, when it is no JSON', async () => {
    const first = await opened();
    const second = await opened();
    first.store.shared.onAsked((question) => Promise.resolve(question));
    const failed: unknown[] = [];
    const onFailed = (error: unknown): void => void failed.push(error);
    process.on('unhandledRejection', onFailed);
    await database.query(
      `insert into health_monitor.question (id, asked_by, question, deadline) values ('bad', 'x', '{"of', now() + interval '1 minute')`,
    );
    expect(await outcomeOf(second.store.shared.ask('hold', 5_000))).toBe('hold');
    process.off('unhandledRejection', onFailed);
    expect(failed).toEqual([]);
  });

  it('has no answer when the database goes away for good after it was taken', async () => {
    const first = await opened();
    const second = await opened();
    const { untilTaken } = answersLate(first);
    const asked = outcomeOf(second.store.shared.ask('stop the database', 1_000));
    await untilTaken();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    second.way.cut();
    expect(await asked).toBe('no-answer');
  });

  it('has no answer when that is no JSON, and the asker goes on', async () => {
    const first = await opened();
    const second = await opened();
    const { untilTaken } = answersLate(first);
    const asked = outcomeOf(second.store.shared.ask('hold', 5_000));
    await untilTaken();
    await database.query(`update health_monitor.question set answer = '{"do'; notify health_monitor, 'x'`);
    expect(await asked).toBe('no-answer');
    expect([second.store.shared.role, second.store.status.durable]).toEqual(['following', true]);
  });
});
