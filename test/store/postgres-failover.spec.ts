import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PostgresServer } from '../support/postgres.js';
import { serverFolders } from '../support/servers.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { SharedDatabase, type PostgresProcess } from './shared-database.js';
import { eventsOf, exited, idsOf, noticesOf, putNotification } from './store-fixtures.js';

describe.skipIf(serverFolders === null)('PostgresStore, when a standby takes over', () => {
  let primary: PostgresServer;
  let standby: PostgresServer;
  /** How the standby gets what the primary writes. */
  let link: TcpProxy;
  let database: SharedDatabase;

  beforeEach(async () => {
    primary = new PostgresServer();
    standby = new PostgresServer();
    link = new TcpProxy(() => primary.port);
    await primary.start();
    await link.start();
    database = await SharedDatabase.on(primary);
    await standby.startAsStandbyOf(link.port);
  });
  afterEach(async () => {
    await database.dispose();
    await standby.remove();
    await link.stop();
    await primary.remove();
  });

  async function standbyHas(event: string): Promise<void> {
    const has = () =>
      standby.query(database.name, 'select 1 from health_monitor.event where container = $1', [event]);
    await expect.poll(async () => (await has()).length).toBe(1);
  }
  async function failOver(): Promise<void> {
    await primary.down();
    await standby.promote();
    // Who asks for the database is led to the new primary now.
    primary.port = standby.port;
  }

  /** Both are done with it, and one of them leads. */
  async function leaderSince(
    epoch: string,
    ...processes: readonly PostgresProcess[]
  ): Promise<PostgresProcess> {
    const epochs = () => new Set(processes.map(({ store }) => store.epoch));
    await expect.poll(() => epochs().size === 1 && !epochs().has(epoch)).toBe(true);
    const leading = () => processes.filter(({ store }) => store.writer);
    await expect.poll(() => leading().length).toBe(1);
    return leading()[0]!;
  }

  it('begins a new epoch, since nobody can tell whether it has all, and goes on', async () => {
    const first = await database.opened();
    const second = await database.opened();
    await first.store.commit({ put: [putNotification('a')], events: [exited('a')] });
    await standbyHas('a');
    const { epoch } = first.store;
    await failOver();
    const leader = await leaderSince(epoch, first, second);
    await leader.store.commit({ events: [exited('b')] });
    for (const process of [first, second]) {
      await expect.poll(() => eventsOf(process)).toEqual(['1 a', '2 b']);
      expect(await idsOf(process)).toEqual(['a']);
    }
  });

  it('goes on after what is there where it lacks the latest, and keeps the documents that its leader knows', async () => {
    const first = await database.opened();
    const second = await database.opened();
    await first.store.commit({ put: [putNotification('a')], events: [exited('a')] });
    await standbyHas('a');
    link.cut();
    await first.store.commit({ put: [putNotification('late')], events: [exited('late')] });
    await expect.poll(() => second.store.head).toBe(2);
    const { epoch } = first.store;
    const notices = noticesOf(second.store);
    // So that it is not the one that leads next, which would not know the latest.
    second.cutOff();
    await failOver();
    expect(await leaderSince(epoch, first)).toBe(first);
    second.reconnect();
    expect(await leaderSince(epoch, first, second)).toBe(first);
    await first.store.commit({ events: [exited('b')] });
    for (const process of [first, second]) {
      await expect.poll(() => eventsOf(process)).toEqual(['1 a', '2 b']);
      expect([process.store.status.durable, await idsOf(process)]).toEqual([true, ['a', 'late']]);
    }
    expect(notices.map(({ kind }) => kind)).toContain('reloaded');
  });
});
