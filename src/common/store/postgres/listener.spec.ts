import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { ManualClock } from '../../../testing/manual-clock.js';
import type { PostgresClient, PostgresPool } from '../../options/index.js';
import { Listener } from './listener.js';

class FakeClient extends EventEmitter implements PostgresClient {
  readonly done: string[] = [];
  query({ text }: { text: string }): Promise<unknown> {
    this.done.push(text);
    return text.startsWith('unlisten') && this.isFrozen ? new Promise(() => undefined) : Promise.resolve();
  }
  isFrozen = false;
  release(destroy?: boolean): void {
    this.done.push(destroy === true ? 'destroyed' : 'released');
  }
}
class FakePool extends EventEmitter implements PostgresPool {
  readonly client = new FakeClient();
  connect = vi.fn<() => Promise<PostgresClient>>(() => Promise.resolve(this.client));
}

const listening = async (): Promise<{ client: FakeClient; listener: Listener; heard: string[] }> => {
  const pool = new FakePool();
  const heard: string[] = [];
  const listener = new Listener(
    pool,
    'user',
    new ManualClock(),
    20,
    (by) => void heard.push(by),
    () => Promise.resolve(),
  );
  await listener.tend();
  return { client: pool.client, listener, heard };
};

it('stops listening before it lets the connection go, which a pooler may give to another', async () => {
  const { client, listener, heard } = await listening();
  listener.stop();
  client.emit('notification', { payload: 'late' });
  await expect.poll(() => client.done).toEqual(['listen "user"', 'unlisten "user"', 'destroyed']);
  expect(heard).toEqual([]);
});

it('lets go of one that does not answer, too', async () => {
  const { client, listener } = await listening();
  client.isFrozen = true;
  listener.stop();
  await expect.poll(() => client.done.at(-1)).toBe('destroyed');
});
