import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { copyStore, endAt } from '../../src/common/store/copy/index.js';
import { SqliteStore, type HealthStore, type Put } from '../../src/common/store/index.js';
import { PostgresStore } from '../../src/common/store/postgres-store.js';
import { SystemClock } from '../../src/common/clock/index.js';
import { PostgresServer } from '../support/postgres.js';
import { serverFolders } from '../support/servers.js';
import { exited, putNotification, StoreFolder } from './store-fixtures.js';

const SCHEMA = 'health_monitor';
const SILENT = { log: () => undefined, warn: () => undefined, error: () => undefined };
const EVER = new Date(0).toISOString();

describe.skipIf(serverFolders === null)('a copy of a store', () => {
  const server = new PostgresServer();
  let folder: StoreFolder;
  let url: string;

  beforeAll(() => server.start());
  afterAll(() => server.remove());
  beforeEach(async () => {
    folder = new StoreFolder();
    url = server.url(await server.database());
  });
  afterEach(() => folder.dispose());

  const sqlite = (path = folder.file) => new SqliteStore({ path, clock: folder.clock, logger: SILENT });
  const postgres = () =>
    new PostgresStore({ url, pool: null, schema: SCHEMA, clock: new SystemClock(), logger: SILENT });

  const copy = async (from: string, to: string) =>
    copyStore(await endAt(from, SCHEMA), await endAt(to, SCHEMA));

  /** Opens it, and closes it again. */
  async function within<T>(store: HealthStore, use: (store: HealthStore) => Promise<T>): Promise<T> {
    await store.open();
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  }

  /** More events than are read at once, some of them with a host. */
  async function fill(store: HealthStore): Promise<void> {
    const count = 2_500;
    const events = Array.from({ length: count }, (_, index) => ({
      ...exited(`c${index % 7}`),
      ...(index % 3 === 0 && { host: 'attic' }),
    }));
    const put: Put[] = ['third', 'first', 'second'].map((id) => putNotification(id));
    for (const at of [1, 2]) {
      const samples = [{ container: 'db', usedBytes: at * 1_000, limitBytes: null }];
      await store.commit({ memory: { at: new Date(folder.clock.now() + at).toISOString(), samples } });
    }
    await store.commit({ put, events });
  }

  const contents = async (store: HealthStore) => ({
    epoch: store.epoch,
    head: store.head,
    notifications: await store.entries('notification'),
    events: await store.events({ after: 0, limit: 1_000_000 }),
    memory: await store.memory({ since: EVER }),
  });

  it('is whole, from SQLite to PostgreSQL and back: documents in order, the log, memory, under the same epoch', async () => {
    const before = await within(sqlite(), async (store) => {
      await fill(store);
      return contents(store);
    });
    expect(await copy(folder.file, url)).toEqual({ documents: 3, events: 2_500, memorySamples: 2 });
    expect(await within(postgres(), contents)).toEqual(before);

    await copy(url, `${folder.file}.back`);
    expect(await within(sqlite(`${folder.file}.back`), contents)).toEqual(before);
  });

  it('is refused where there is data already, which stays as it is', async () => {
    await within(sqlite(), fill);
    await copy(folder.file, url);
    const there = await within(postgres(), contents);
    await expect(copy(folder.file, url)).rejects.toThrow(/has data already \(documents: 3, log up to 2500\)/);
    expect(await within(postgres(), contents)).toEqual(there);
    await expect(copy(url, folder.file)).rejects.toThrow(/has data already/);
  });

  it('is refused while a process has one of them open', async () => {
    await within(sqlite(), async (store) => {
      await fill(store);
      await expect(copy(folder.file, url)).rejects.toThrow(/is open in a process. Stop the app first/);
    });
    await within(postgres(), async () => {
      await expect(copy(folder.file, url)).rejects.toThrow(/Stop every replica/);
      await expect(copy(url, `${folder.file}.back`)).rejects.toThrow(/Stop every replica/);
    });
  });

  it('keeps a replica waiting that is started meanwhile, so that it finds all of it', async () => {
    await within(sqlite(), fill);
    const late = postgres();
    const end = await endAt(url, SCHEMA);
    let opening: Promise<void> | undefined;
    await copyStore(await endAt(folder.file, SCHEMA), {
      name: end.name,
      read: end.read.bind(end),
      write: (check, batches) =>
        end.write((there) => {
          check(there);
          opening = late.open();
        }, batches),
    });
    await opening;
    await vi.waitFor(() => expect(late.writer).toBe(true), { timeout: 30_000 });
    expect(await contents(late)).toMatchObject({ head: 2_500 });
    expect(await late.entries('notification')).toHaveLength(3);
    await late.close();
  });

  it('is refused where there is nothing, and makes nothing', async () => {
    await expect(copy(folder.file, url)).rejects.toThrow(`There is no database ${folder.file}.`);
    expect(
      await server.query(url.split('/').at(-1)!, "select to_regnamespace('health_monitor') as made"),
    ).toEqual([{ made: null }]);
    await expect(copy(url, folder.file)).rejects.toThrow(/is empty: there is nothing to copy/);
  });

  it('leaves nothing behind when it fails half-way', async () => {
    await within(sqlite(), fill);
    const end = await endAt(url, SCHEMA);
    const failing = {
      name: end.name,
      read: end.read.bind(end),
      write: (check: Parameters<typeof end.write>[0], batches: Parameters<typeof end.write>[1]) =>
        end.write(
          check,
          (async function* () {
            let count = 0;
            for await (const batch of batches) {
              if (++count === 3) throw new Error('The cable was pulled.');
              yield batch;
            }
          })(),
        ),
    };
    await expect(copyStore(await endAt(folder.file, SCHEMA), failing)).rejects.toThrow(
      'The cable was pulled.',
    );
    expect(await copy(folder.file, url)).toMatchObject({ events: 2_500 });
  });

  it('shows no password when it fails', async () => {
    await within(sqlite(), fill);
    const secret = `postgresql://postgres:hunter2@127.0.0.1:1/none`;
    const failure = await copy(folder.file, secret).catch((error: unknown) => String(error));
    expect(failure).not.toContain('hunter2');
    expect(existsSync(folder.file)).toBe(true);
  });

  it.each([
    ['mysql://db/x', SCHEMA, /Expected the path of a SQLite file, or a URL/],
    ['postgres://db/x', 'Health; drop', /Expected a schema of small letters/],
  ])('understands no %s with the schema %s', async (place, schema, problem) => {
    await expect(endAt(place, schema)).rejects.toThrow(problem);
  });
});
