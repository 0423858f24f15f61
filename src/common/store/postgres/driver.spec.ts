import { afterEach, expect, it, vi } from 'vitest';
import { NoPostgresDriverError, poolTo } from './driver.js';

afterEach(() => {
  vi.doUnmock('pg');
});

it('says what to do where the package is missing, and nothing of the address', async () => {
  vi.doMock('pg', () => {
    throw new Error("Cannot find package 'pg'");
  });
  const made = poolTo('postgresql://me:hunter2@127.0.0.1:1/x', 100);
  await expect(made).rejects.toThrow(NoPostgresDriverError);
  await expect(made).rejects.toThrow(/storage\.kind is 'postgres'.*Run "npm install pg"\.$/);
  await expect(made).rejects.not.toThrow('hunter2');
});
