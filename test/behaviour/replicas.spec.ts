import { NotFoundException, ServiceUnavailableException } from '@nestjs/common';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { connectHealthMonitor, type HealthMonitorClient } from '../../src/client/index.js';
import type { HealthMonitorOptions } from '../../src/common/options/index.js';
import { MetricsService } from '../../src/metrics/index.js';
import { Replicas, type Replica } from '../support/replicas.js';
import { Receiver } from '../webhooks/receiver.js';

let world: Replicas;
const clients: HealthMonitorClient[] = [];
let receiver: Receiver | undefined;

async function replicas(options: HealthMonitorOptions = {}, listen = false): Promise<[Replica, Replica]> {
  world = new Replicas(options).running('db', 'web');
  const [one, other] = await world.start(2, { listen });
  return [one!, other!];
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await world.stop();
  await receiver?.stop();
  receiver = undefined;
});

const DIES = { diesAfterMs: 500 };

/** `web` crashes, cannot be brought back, and is given up. */
async function giveUpWeb(): Promise<void> {
  world.runtime.onStart('web', DIES, DIES, DIES);
  world.runtime.crash('web');
  await world.advance(5 * 60_000, 5_000);
}

describe('a replica that follows', () => {
  it('asks the engine nothing, commits nothing and shows what the leader shows', async () => {
    const [leader, follower] = await replicas({ containers: { web: { dependsOn: ['db'] } } });
    await giveUpWeb();
    expect(leader.picture.notifications.length).toBeGreaterThan(0);
    expect(leader.picture.incidents).toHaveLength(1);
    expect(leader.view('web').status).toBe('given-up');
    expect(follower.picture).toEqual(leader.picture);
    expect(follower.events).toEqual(leader.events.slice(-follower.events.length));
    expect(follower.events.length).toBeGreaterThan(5);
    expect(follower.asked).toEqual([]);
    expect(follower.store.followersCommits).toBe(0);
  });

  it('shows it at once, too, when it starts later', async () => {
    const [leader] = await replicas();
    await giveUpWeb();
    const late = await world.add();
    expect(late.picture).toEqual(leader.picture);
    expect(late.view('web').status).toBe('given-up');
  });

  it('shows an outage of the engine, and its end, as the leader does', async () => {
    const [leader, follower] = await replicas();
    world.runtime.goAway();
    await world.advance(120_000, 5_000);
    expect(leader.picture.status.engine.reachable).toBe(false);
    expect(follower.picture).toEqual(leader.picture);
    world.runtime.comeBack();
    await world.advance(60_000, 5_000);
    expect(follower.picture.status.engine.reachable).toBe(true);
    expect(follower.picture).toEqual(leader.picture);
  });

  it('shows memory as it was last measured, and hands the figures to its own clients', async () => {
    const [leader, follower] = await replicas({ memory: { intervalMs: 60_000 } });
    world.runtime.setMemory('web', 300 * 1024 ** 2);
    await world.advance(120_000, 5_000);
    expect(leader.view('web').memory).toMatchObject({ usedBytes: 300 * 1024 ** 2 });
    await world.runtime.userStop('web');
    await world.advance(120_000, 5_000);
    expect(leader.view('web').memory).toMatchObject({ usedBytes: 0 });
    expect(follower.picture).toEqual(leader.picture);
    const samples = (await follower.monitor.container('db')).memory?.samples ?? [];
    expect(samples.map(({ usedBytes }) => usedBytes)).toEqual(
      (await leader.monitor.container('db')).memory?.samples.map(({ usedBytes }) => usedBytes),
    );
    expect(samples.length).toBeGreaterThan(3);
  });

  it('shows the machine as the leader last read it', async () => {
    world = new Replicas({}).running({ name: 'web', volumes: [{ path: '/mnt/disk/web', isWritable: true }] });
    world.host.disk('/mnt/disk', 80 * 1024 ** 3, '/mnt/disk');
    const [leader, follower] = await world.start(2);
    await world.advance(120_000, 5_000);
    expect(leader!.picture.status.machine?.fileSystems).toHaveLength(1);
    expect(follower!.picture).toEqual(leader!.picture);
  });

  it('shows the containers of other hosts, and what is the matter with them, as the leader does', async () => {
    world = new Replicas({ hosts: { attic: { name: 'The attic', runtime: { ssh: 'admin@attic' } } } });
    world.running('web');
    world.attic.add({ name: 'lnd', state: 'running', startedAt: world.clock.now() - 3_600_000 });
    const [leader, follower] = (await world.start(2)) as [Replica, Replica];
    world.attic.onStart('lnd', DIES, DIES, DIES);
    world.attic.crash('lnd');
    await world.advance(5 * 60_000, 5_000);
    expect(leader.picture.incidents[0]).toMatchObject({ host: 'attic', cause: { container: 'attic/lnd' } });
    expect(leader.monitor.containers().map(({ host }) => host)).toEqual([undefined, 'attic']);
    expect(follower.picture).toEqual(leader.picture);
    world.attic.goAway();
    await world.advance(5 * 60_000, 5_000);
    expect(leader.monitor.status().hosts?.[0]?.engine.reachable).toBe(false);
    expect(leader.view('lnd').status).toBe('unknown');
    expect(follower.picture).toEqual(leader.picture);
    world.kill(leader);
    await world.advance(20_000);
    expect(follower.store.writer).toBe(true);
    expect(follower.view('lnd').status).toBe('unknown');
    expect(follower.picture.incidents).toHaveLength(leader.picture.incidents.length);
  });

  it('shows externals as the leader last heard of them, also when it takes over', async () => {
    const [leader, follower] = await replicas({
      externals: { nas: { tcp: '127.0.0.1:1', failureThreshold: 1 } },
    });
    await expect
      .poll(async () => {
        await world.advance(1_000);
        return follower.monitor.externals()[0]?.status;
      })
      .toBe('down');
    expect(follower.picture).toEqual(leader.picture);
    const known = follower.monitor.externals();
    world.kill(leader);
    await world.advance(9_000);
    expect(follower.store.writer).toBe(true);
    expect(follower.monitor.externals()).toEqual(known);
  });

  it('is in the mode that was configured, says that it follows whom, and is well', async () => {
    const [leader, follower] = await replicas();
    const { id } = leader.store.shared;
    expect(follower.monitor.status()).toMatchObject({
      mode: 'heal',
      store: { durable: true, problem: null },
      replica: { id: follower.store.shared.id, role: 'following', leader: id },
    });
    expect(leader.monitor.status().replica).toMatchObject({ id, role: 'leading', leader: id });
    expect(leader.monitor.status().replica?.replicas.map((one) => one.leads)).toEqual([true, false]);
    const leading = ({ app }: Replica) =>
      /^health_monitor_replica_leading (.*)$/m.exec(app.get(MetricsService).text())?.[1];
    expect([leading(leader), leading(follower)]).toEqual(['1', '0']);
    await world.advance(60 * 60_000, 30_000);
    expect(follower.monitor.ownProblem()).toBeNull();
  });

  it('says what stopping a container would mean, as the leader does', async () => {
    const [leader, follower] = await replicas({ containers: { web: { dependsOn: ['db'] } } });
    expect(follower.monitor.previewStop('db')).toEqual({ dependents: ['web'], stopTimeoutMs: 10_000 });
    expect(follower.monitor.previewStop('db')).toEqual(leader.monitor.previewStop('db'));
  });
});

describe('what is asked of a replica that follows', () => {
  it('is done by the leader, under the name of who asked', async () => {
    const [leader, follower] = await replicas();
    expect(await world.during(follower.monitor.stop('web', 'ada'))).toMatchObject({
      name: 'web',
      status: 'stopped',
    });
    expect(await world.during(follower.monitor.start('web', 'ada'))).toMatchObject({ state: 'running' });
    await world.during(follower.monitor.restart('web', 'ada'));
    expect(world.acts).toEqual(['stop web', 'start web', 'restart web']);
    const held = await world.during(follower.monitor.hold('web', 'A backup.', 'ada', 60_000));
    expect(held.hold).toMatchObject({ by: 'ada', reason: 'A backup.' });
    expect(held.hold?.until).not.toBeNull();
    const forGood = await world.during(follower.monitor.hold('web', 'A backup.', 'ada'));
    expect(forGood.hold?.until).toBeNull();
    expect((await world.during(follower.monitor.release('web', 'ada'))).hold).toBeNull();
    expect((await world.during(follower.monitor.retry('web', 'ada'))).name).toBe('web');
    await world.advance(500);
    const stopped = follower.events.find(({ type }) => type === 'container.stopped');
    expect(stopped?.data).toMatchObject({ by: 'ada' });
    expect(follower.picture).toEqual(leader.picture);
    expect(follower.asked).toEqual([]);
  });

  it('fails as it does at the leader', async () => {
    const [leader, follower] = await replicas();
    const refused = (replica: Replica) =>
      world.during(replica.monitor.start('nobody', 'ada')).catch((error: unknown) => error);
    const [there, here] = [await refused(leader), await refused(follower)];
    expect(here).toBeInstanceOf(NotFoundException);
    expect(here).toEqual(there);
    world.runtime.refuseStart('web', 'No such network.');
    await world.during(leader.monitor.stop('web', 'ada'));
    await expect(world.during(follower.monitor.start('web', 'ada'))).rejects.toMatchObject({
      status: 502,
      message: 'No such network.',
    });
  });

  it('is answered with what to do when nobody leads, within ten seconds or so', async () => {
    const [leader, follower] = await replicas();
    follower.store.mayLead = false;
    world.kill(leader);
    const asked = world.during(follower.monitor.stop('web', 'ada'), 12_000);
    await expect(asked).rejects.toThrow(ServiceUnavailableException);
    await expect(asked).rejects.toThrow(
      'No replica leads just now, so nothing was done. Try it again in a moment.',
    );
    expect(world.acts).toEqual([]);
  });

  it('waits for the next leader when the last one has gone', async () => {
    const [leader, follower] = await replicas();
    world.kill(leader);
    await world.during(follower.monitor.stop('web', 'ada'), 20_000);
    await world.advance(120_000, 5_000);
    expect(world.acts).toEqual(['stop web']);
    expect(follower.view('web').status).toBe('stopped');
  });

  it('is refused at once while the database cannot be reached', async () => {
    const [, follower] = await replicas();
    follower.store.cutOff();
    await world.advance(1_000);
    await expect(follower.monitor.stop('web', 'ada')).rejects.toThrow(
      'nobody here knows which replica leads',
    );
    const { onlyReads } = follower.monitor.status();
    await expect(follower.monitor.hold('web', 'backup', 'ada')).rejects.toThrow(onlyReads!.reason);
    expect(onlyReads?.startable).toEqual([]);
    await expect(follower.notifications.markAllRead()).rejects.toThrow('The database cannot be reached');
    await expect(follower.webhooks.test('home')).rejects.toThrow('The database cannot be reached');
    expect(world.acts).toEqual([]);
  });

  it('is not answered as done by a leader that loses the database over it', async () => {
    const [leader] = await replicas();
    await giveUpWeb();
    const [latest] = leader.notifications.list();
    const commit = leader.store.commit.bind(leader.store);
    leader.store.commit = (change) => {
      leader.store.cutOff();
      return commit(change);
    };
    for (const asked of [
      () => leader.notifications.dismiss(latest!.id),
      () => leader.monitor.hold('db', 'backup', 'ada'),
    ]) {
      await expect(world.during<unknown>(asked())).rejects.toThrow(ServiceUnavailableException);
    }
  });

  it('is the recording of the leader', async () => {
    const [leader, follower] = await replicas();
    world.runtime.crash('web');
    await world.advance(5_000);
    const recorded = await world.during(follower.monitor.leadersRecording());
    expect(recorded).toBe(leader.monitor.recording());
    expect(recorded).toContain('web');
  });

  it('is to read and dismiss notifications, which all see then', async () => {
    const [leader, follower] = await replicas({ restart: { maxAttempts: 1, backoffMs: [1_000] } });
    await giveUpWeb();
    const [latest, ...others] = follower.notifications.list();
    expect(await world.during(follower.notifications.markRead(latest!.id))).toMatchObject({ read: true });
    await world.during(follower.notifications.dismiss(latest!.id));
    await world.advance(500);
    expect(leader.notifications.list()).toEqual(others);
    expect(follower.notifications.list()).toEqual(others);
    await world.during(follower.notifications.markAllRead());
    await world.advance(500);
    expect(follower.notifications.list().every(({ read }) => read)).toBe(true);
    await expect(world.during(follower.notifications.markRead('nobody'))).rejects.toThrow(NotFoundException);
    expect(follower.store.followersCommits).toBe(0);
  });

  it('keeps no more notifications than the leader', async () => {
    const [leader, follower] = await replicas({ notifications: { keep: 1 } });
    await giveUpWeb();
    world.runtime.onStart('db', DIES, DIES, DIES);
    world.runtime.crash('db');
    await world.advance(5 * 60_000, 5_000);
    expect(follower.events.filter(({ type }) => type === 'notification.removed')).not.toEqual([]);
    expect(leader.notifications.list()).toHaveLength(1);
    expect(follower.notifications.list()).toEqual(leader.notifications.list());
  });

  it('is everything about webhooks, and only who asked hears a new secret', async () => {
    receiver = await Receiver.start();
    const [leader, follower] = await replicas({
      webhooks: { allowCidrs: ['127.0.0.0/8'] },
      restart: { maxAttempts: 1, backoffMs: [1_000] },
    });
    const { url } = receiver;
    const added = await world.during(follower.webhooks.add({ id: 'home', url, events: null } as never));
    expect(added.secret).toMatch(/^whsec_/);
    await world.advance(1_000);
    const [listed] = await follower.webhooks.list({ revealed: true });
    expect(listed).toEqual((await leader.webhooks.list({ revealed: true }))[0]);
    expect(listed).not.toHaveProperty('secret');
    expect(JSON.stringify([...leader.events, ...follower.events])).not.toContain(added.secret);
    expect((await world.during(follower.webhooks.test('home'))).status).toBe('delivered');
    await giveUpWeb();
    await expect
      .poll(async () => {
        await world.advance(1_000);
        return (await follower.webhooks.deliveries('home')).map(({ event, status }) => `${event} ${status}`);
      })
      .toContain('container.given_up delivered');
    const told = new Set(receiver.received.map(({ body }) => JSON.stringify(body)));
    expect(receiver.received).toHaveLength(told.size);
    const [delivery] = await follower.webhooks.deliveries('home');
    expect(await world.during(follower.webhooks.replay(delivery!.id))).toMatchObject({ status: 'pending' });
    expect(await world.during(follower.webhooks.update('home', { enabled: false }))).toMatchObject({
      enabled: false,
    });
    await world.advance(1_000);
    expect(follower.picture.status.webhooks).toEqual(leader.picture.status.webhooks);
    await world.during(follower.webhooks.remove('home'));
    await world.advance(1_000);
    expect(await follower.webhooks.list({ revealed: true })).toEqual([]);
    await expect(world.during(follower.webhooks.test('home'))).rejects.toThrow(NotFoundException);
    expect(follower.store.followersCommits).toBe(0);
  });
});

describe('a take-over', () => {
  it('begins to watch and heal soon after the leader was killed, without the start-up delay', async () => {
    const [leader, follower] = await replicas();
    const before = follower.picture;
    world.kill(leader);
    world.runtime.crash('web');
    await world.advance(10_000);
    expect(follower.store.writer).toBe(true);
    await world.advance(5_000);
    expect(world.acts).toEqual(['start web']);
    expect(follower.view('web').state).toBe('running');
    expect(follower.picture.status.startedAt).toBe(before.status.startedAt);
  });

  it('is done within two seconds after a clean stop', async () => {
    const [leader, follower] = await replicas();
    leader.isAlive = false;
    await leader.app.close();
    world.all.splice(0, 1);
    await world.advance(2_000);
    expect(follower.store.writer).toBe(true);
    expect(follower.asked).toContain('list');
  });

  it('tells nobody anew what is as it was', async () => {
    const [leader, follower] = await replicas();
    const { head, containers } = follower.picture;
    world.kill(leader);
    await world.advance(20_000);
    expect(follower.asked).toContain('list');
    expect(follower.picture.head).toBe(head);
    expect(follower.picture.containers).toEqual(containers);
  });

  it.each(['flag', 'events', 'signals'] as const)(
    'leaves off what a person stopped in between, where the engine tells so by its %s, and heals what crashed',
    async (tellsWhoStopped) => {
      world = new Replicas({}, tellsWhoStopped).running('db', 'web', 'other');
      const [leader, follower] = (await world.start(2)) as [Replica, Replica];
      world.kill(leader);
      await world.advance(2_000);
      await world.runtime.userStop('web');
      world.runtime.crash('db');
      await world.advance(120_000, 1_000);
      expect(follower.view('web').status).toBe('stopped');
      expect(world.acts).toEqual(['start db']);
    },
  );

  it('waits for the start-up delay as any, where the leader had only begun', async () => {
    world = new Replicas().running('db', 'web');
    const leader = await world.add();
    await world.add();
    world.kill(leader);
    world.runtime.crash('web');
    await world.advance(60_000);
    expect(world.acts).toEqual([]);
    await world.advance(70_000, 5_000);
    expect(world.acts).toEqual(['start web']);
  });

  it('starts nothing twice, and the one that led before rests', async () => {
    const [leader, follower] = await replicas();
    world.database.lead(follower.store);
    await world.advance(2_000);
    expect([leader.store.writer, follower.store.writer]).toEqual([false, true]);
    leader.asked.length = 0;
    world.runtime.crash('web');
    await world.advance(60_000, 5_000);
    expect(world.acts).toEqual(['start web']);
    expect(leader.asked).toEqual([]);
    expect(leader.picture).toEqual(follower.picture);
    world.database.lead(leader.store);
    await world.advance(2_000);
    world.runtime.crash('db');
    await world.advance(60_000, 5_000);
    expect(world.acts).toEqual(['start web', 'start db']);
    expect(leader.picture).toEqual(follower.picture);
    expect([leader, follower].map(({ store }) => store.followersCommits)).toEqual([0, 0]);
  });

  it('shows memory and the machine as those that follow do, also while the engine is away', async () => {
    world = new Replicas({ memory: { intervalMs: 60_000 } }).running({
      name: 'web',
      volumes: [{ path: '/mnt/disk/web', isWritable: true }],
    });
    world.host.disk('/mnt/disk', 80 * 1024 ** 3, '/mnt/disk');
    const [leader, next, other] = (await world.start(3)) as [Replica, Replica, Replica];
    world.runtime.setMemory('web', 300 * 1024 ** 2);
    await world.advance(120_000, 5_000);
    world.runtime.goAway();
    await world.advance(5_000);
    const before = other.picture;
    expect(before.status.machine?.fileSystems).toHaveLength(1);
    world.kill(leader);
    world.database.lead(next.store);
    await world.advance(60_000, 1_000);
    expect(next.store.writer).toBe(true);
    expect(next.view('web').memory).toMatchObject({ usedBytes: 300 * 1024 ** 2 });
    expect(other.picture).toEqual(next.picture);
    world.runtime.setMemory('web', 400 * 1024 ** 2);
    world.runtime.comeBack();
    await world.advance(20_000, 1_000);
    expect(next.view('web').memory).toMatchObject({ usedBytes: 400 * 1024 ** 2 });
    expect(other.picture).toEqual(next.picture);
  });

  it('keeps what is known of an engine that is away', async () => {
    const [leader, follower] = await replicas();
    world.runtime.goAway();
    await world.advance(120_000, 5_000);
    const { containers, status } = follower.picture;
    world.kill(leader);
    await world.advance(30_000, 1_000);
    expect(follower.store.writer).toBe(true);
    expect(follower.picture.containers.map(({ name }) => name)).toEqual(containers.map(({ name }) => name));
    expect(follower.picture.status.engine).toEqual(status.engine);
  });
});

describe('a replica that is cut off', () => {
  it('watches by itself, and follows again afterwards', async () => {
    const [leader, follower] = await replicas();
    follower.store.cutOff();
    await world.advance(2_000);
    expect(follower.asked).toContain('list');
    expect(follower.monitor.status()).toMatchObject({ mode: 'observe', replica: { role: 'cut-off' } });
    expect(follower.monitor.containers()).toHaveLength(2);
    follower.store.reconnect();
    await world.advance(2_000);
    expect(follower.monitor.status()).not.toHaveProperty('onlyReads');
    follower.asked.length = 0;
    await world.advance(120_000, 5_000);
    expect(follower.asked).toEqual([]);
    expect(follower.picture).toEqual(leader.picture);
  });
});

describe('how it was in the last 24 hours', () => {
  const statusesOf = (replica: Replica, name = 'web'): string[] =>
    replica.view(name).spans.map(({ status }) => status);

  it.each(['the leader', 'a follower'])('is as the leader saw it, after %s was cut off', async (who) => {
    const [first, second] = await replicas();
    const cut = who === 'the leader' ? first : second;
    cut.store.cutOff();
    await world.advance(3 * 60_000, 1_000);
    world.runtime.onStart('web', DIES);
    world.runtime.crash('web');
    await world.advance(3 * 60_000, 1_000);
    cut.store.reconnect();
    await world.advance(2 * 60_000, 1_000);
    const leader = world.all.find(({ store }) => store.writer)!;
    expect(leader).toBe(second === cut ? first : second);
    expect(cut.picture).toEqual(leader.picture);
    expect(statusesOf(cut)).toContain('backing-off');
    expect(statusesOf(cut)).not.toContain('not-watched');
  });

  it('is as who leads next saw it by itself, when the database was away and the last leader is gone', async () => {
    world = new Replicas().running('db', 'web');
    const [leader, next, other] = await world.start(3);
    for (const { store } of world.all) store.cutOff();
    await world.advance(3 * 60_000, 1_000);
    world.runtime.crash('web');
    await world.advance(3 * 60_000, 1_000);
    world.kill(leader!);
    for (const { store } of [next!, other!]) store.reconnect();
    await world.advance(3 * 60_000, 1_000);
    expect(next!.store.writer).toBe(true);
    expect(statusesOf(next!)).toEqual(['healthy', 'down', 'restarting', 'healthy']);
    expect(statusesOf(next!, 'db')).toEqual(['healthy']);
    expect(other!.picture).toEqual(next!.picture);
  });

  it('is not known of a time in which nobody watched', async () => {
    const [leader] = await replicas();
    world.kill(leader);
    world.kill(world.all[1]!);
    await world.advance(10 * 60_000, 10_000);
    const late = await world.add();
    await world.advance(10_000);
    expect(statusesOf(late)).toEqual(['healthy', 'not-watched', 'healthy']);
  });
});

describe('a client', () => {
  const connect = (replica: Replica): HealthMonitorClient => {
    const client = connectHealthMonitor(replica.url);
    clients.push(client);
    return client;
  };
  const statusOf = (client: HealthMonitorClient, name: string): string | undefined =>
    client.state.containers.get(name)?.status;
  const until = (isSo: () => boolean) =>
    expect
      .poll(
        async () => {
          await world.advance(250);
          return isSo();
        },
        { timeout: 30_000 },
      )
      .toBe(true);

  it('hears of a follower what happens, live, and has the same as one at the leader', async () => {
    const [leader, follower] = await replicas({}, true);
    const [there, here] = [connect(leader), connect(follower)];
    await until(() => [there, here].every(({ state }) => state.connection.status === 'live'));
    await world.during(follower.monitor.stop('web', 'ada'));
    await until(() => statusOf(here, 'web') === 'stopped' && statusOf(there, 'web') === 'stopped');
    expect(here.state.head).toBe(there.state.head);
    expect(here.state.epoch).toBe(there.state.epoch);
    expect([...here.state.containers]).toEqual([...there.state.containers]);
  });

  it('goes on with a delta at another replica', async () => {
    const [leader, follower] = await replicas({}, true);
    const first = connect(leader);
    await until(() => first.state.connection.status === 'live');
    const { epoch, head } = first.state;
    first.close();
    await world.during(leader.monitor.stop('web', 'ada'));
    await world.advance(500);
    const answer = await syncAt(follower, { epoch, last: head });
    expect(answer).toMatchObject({ mode: 'delta', head: leader.store.head });
    expect(answer.events?.map(({ seq }) => seq)[0]).toBe(head + 1);
    expect(answer.events).toHaveLength(leader.store.head - head);
  });

  it('is not taken back by a replica that has not heard yet of what it has', async () => {
    const [leader, follower] = await replicas({}, true);
    const { epoch } = leader.store;
    follower.store.deaf = true;
    await world.during(leader.monitor.stop('web', 'ada'));
    const { head } = leader.store;
    expect(follower.store.head).toBeLessThan(head);
    const answer = syncAt(follower, { epoch, last: head - 1 });
    // By the time that a later one is answered, it is asked.
    await syncAt(follower, { epoch, last: 0 });
    follower.store.deaf = false;
    follower.store.wake();
    expect(await answer).toMatchObject({ mode: 'delta', head, events: [{ seq: head }] });
  });

  it('needs no load balancer that keeps it at one replica', async () => {
    const both = await replicas({}, true);
    const balancer = new RoundRobin(both.map(({ url }) => Number(new URL(url).port)));
    const here = connectHealthMonitor(await balancer.listen());
    clients.push(here);
    await until(() => here.state.connection.status === 'live');
    await world.during(both[1].monitor.stop('web', 'ada'));
    await until(() => statusOf(here, 'web') === 'stopped');
    await balancer.close();
  });

  it('misses nothing that a new leader had not told it yet', async () => {
    const [leader, follower] = await replicas({}, true);
    const here = connect(follower);
    await until(() => here.state.connection.status === 'live');
    const { head } = here.state;
    // Written, and the process is gone before the other one has heard of it.
    const at = new Date(world.clock.now()).toISOString();
    follower.store.deaf = true;
    await leader.store.commit({ events: [{ type: 'store.degraded', at, data: { reason: 'Full.' } }] });
    world.kill(leader);
    await world.advance(10_000);
    expect(follower.store.writer).toBe(true);
    await until(() => here.state.head > head);
    expect(here.state.status?.store).toMatchObject({ durable: false, problem: 'Full.' });
  });
});

/** Hands each connection to the next process in turn. */
class RoundRobin {
  private turn = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => {
    const process = createConnection(this.ports[this.turn++ % this.ports.length]!, '127.0.0.1');
    for (const socket of [client, process]) {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    client.pipe(process).pipe(client);
  });

  constructor(private readonly ports: readonly number[]) {}

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

interface SyncReply {
  readonly mode?: string;
  readonly head?: number;
  readonly events?: readonly { readonly seq: number }[];
}

async function syncAt(replica: Replica, request: { epoch: string; last: number }): Promise<SyncReply> {
  const { io } = await import('socket.io-client');
  const socket = io(`${replica.url}/health-monitor`, { transports: ['websocket'] });
  try {
    await new Promise((resolve) => socket.once('hello', resolve));
    return (await socket.timeout(10_000).emitWithAck('sync', request)) as SyncReply;
  } finally {
    socket.close();
  }
}
