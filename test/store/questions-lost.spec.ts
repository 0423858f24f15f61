import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UnansweredError } from '../../src/common/store/index.js';
import { PostgresServer } from '../support/postgres.js';
import { serverFolders } from '../support/servers.js';
import { SharedDatabase, type PostgresProcess } from './shared-database.js';

describe.skipIf(serverFolders === null)('what is asked of the leader over PostgreSQL', () => {
  const server = new PostgresServer();
  let database: SharedDatabase;
  beforeAll(() => server.start());
  afterAll(() => server.remove());
  beforeEach(async () => {
    database = await SharedDatabase.on(server);
  });
  afterEach(() => database.dispose());

  async function opened(): Promise<PostgresProcess> {
    const process = await database.process();
    process.store.shared.sayReach(1);
    await process.store.open();
    return process;
  }
  const outcome = (asked: Promise<unknown>): Promise<unknown> =>
    Promise.race([
      asked.catch((error: unknown) => (error instanceof UnansweredError ? error.kind : error)),
      new Promise((resolve) => setTimeout(() => resolve('still waiting'), 8_000)),
    ]);

  it('is done, or has no answer, when the leader never heard that it took it', async () => {
    const first = await opened();
    const second = await opened();
    first.store.shared.onAsked((question) => Promise.resolve(question));
    const wasReset = first.way.resetAfter('set "taken_term"');
    const asked = outcome(second.store.shared.ask('hold', 2_000));
    await wasReset;
    expect(await asked).toMatch(/^(hold|no-answer)$/);
    expect(first.store.writer).toBe(true);
  }, 30_000);

  it('has no answer when answering failed, and the leader goes on', async () => {
    const first = await opened();
    const second = await opened();
    first.store.shared.onAsked(() => Promise.reject(new Error('no')));
    expect(await outcome(second.store.shared.ask('hold', 2_000))).toBe('no-answer');
  }, 30_000);

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
    expect(await outcome(second.store.shared.ask('hold', 5_000))).toBe('hold');
    process.off('unhandledRejection', onFailed);
    expect(failed).toEqual([]);
  }, 30_000);

  it('has no answer when the database goes away for good after it was taken', async () => {
    const first = await opened();
    const second = await opened();
    first.store.shared.onAsked(() => new Promise(() => undefined));
    const asked = outcome(second.store.shared.ask('stop the database', 1_000));
    const taken = 'select 1 from health_monitor.question where taken_term is not null';
    await expect.poll(() => database.query(taken)).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    second.way.cut();
    expect(await asked).toBe('no-answer');
  }, 30_000);

  it('has no answer when that is no JSON, and the asker goes on', async () => {
    const first = await opened();
    const second = await opened();
    first.store.shared.onAsked(() => new Promise(() => undefined));
    const asked = outcome(second.store.shared.ask('hold', 5_000));
    await expect
      .poll(() => database.query('select 1 from health_monitor.question where taken_term is not null'))
      .toHaveLength(1);
    await database.query(`update health_monitor.question set answer = '{"do'; notify health_monitor, 'x'`);
    expect(await asked).toBe('no-answer');
    expect([second.store.shared.role, second.store.status.durable]).toEqual(['following', true]);
  }, 30_000);
});
