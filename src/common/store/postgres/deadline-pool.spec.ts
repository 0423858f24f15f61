import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import type { PostgresClient, PostgresPool } from '../../options/index.js';
import { DeadlinePool, NotConnectedError } from './deadline-pool.js';

class FakeClient extends EventEmitter implements PostgresClient {
  query = vi.fn<(query: object) => Promise<unknown>>(() => Promise.resolve({ rows: [{ one: 1 }] }));
  release = vi.fn<(destroy?: boolean) => void>();
}
class FakePool extends EventEmitter implements PostgresPool {
  connect = vi.fn<() => Promise<PostgresClient>>();
}
const setUp = (): { client: FakeClient; own: FakePool; pool: DeadlinePool } => {
  const client = new FakeClient();
  const own = new FakePool();
  const pool = new DeadlinePool(own, 20);
  own.connect.mockResolvedValue(client);
  return { client, own, pool };
};
const refusal = (code: string): Error => Object.assign(new Error('no'), { code });

it('outlasts an error of a connection that nobody uses, that is just made, that is used, or that was lost', async () => {
  const { client, own, pool } = setUp();
  own.emit('error', new Error('idle'));
  own.emit('connect', client);
  client.emit('error', new Error('at once'));
  const used = await pool.connect();
  client.emit('error', new Error('used'));
  await expect(used.query('select 1', [])).rejects.toThrow('The connection was lost.');
  used.release();
  client.emit('error', new Error('lost'));
  expect(client.release).toHaveBeenCalledWith(true);
});

it('uses a connection again after a refusal, and after nothing else', async () => {
  for (const [error, isEnded] of [
    [refusal('23505'), false],
    [refusal('57P01'), true],
    [refusal('08006'), true],
    [refusal('ECONNRESET'), true],
    [new Error('Connection terminated unexpectedly'), true],
  ] as const) {
    const { client, pool } = setUp();
    client.query.mockRejectedValue(error);
    const used = await pool.connect();
    await expect(used.query('select 1', [])).rejects.toBe(error);
    used.release();
    expect(client.release).toHaveBeenCalledWith(isEnded);
  }
});

it('waits for no answer, and no connection, longer than the deadline', async () => {
  const { client, own, pool } = setUp();
  client.query.mockReturnValue(new Promise(() => undefined));
  const used = await pool.connect();
  await expect(used.query('select 1', [])).rejects.toThrow('no answer within 20 ms');
  used.release();
  expect(client.release).toHaveBeenCalledWith(true);

  let come = (_client: PostgresClient): void => undefined;
  own.connect.mockReturnValue(new Promise((resolve) => (come = resolve)));
  await expect(pool.connect()).rejects.toThrow(NotConnectedError);
  const late = new FakeClient();
  come(late);
  await expect.poll(() => late.release.mock.calls).toEqual([[]]);
});

it("lets go of the host's pool, and does not end it", async () => {
  const { own, pool } = setUp();
  await pool.end();
  expect(own.eventNames()).toEqual([]);
});
