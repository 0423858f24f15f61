import { Module, type INestApplication, type Type } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { Test } from '@nestjs/testing';
import { SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Server, ServerOptions } from 'socket.io';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { afterEach, describe, expect, it } from 'vitest';
import { Clock } from '../common/clock/index.js';
import { HealthState, type HealthEvent, type HealthStatus } from '../common/events/index.js';
import { HEALTH_MONITOR_OPTIONS, resolveOptions, type Access } from '../common/options/index.js';
import {
  EventStream,
  HealthStore,
  MemoryStore,
  type EventQuery,
  type StoreNotice,
} from '../common/store/index.js';
import { createHealthMonitorGateway, NotificationsService } from './index.js';
import type { ClientToServerEvents, Hello, ServerToClientEvents, SyncAnswer } from './socket-protocol.js';

type Client = Socket<ServerToClientEvents, ClientToServerEvents>;

const AT = '2026-01-01T00:00:00.000Z';

class StandingClock extends Clock {
  time = 0;
  now(): number {
    return Date.parse(AT);
  }
  monotonic(): number {
    return this.time;
  }
}

/** A store whose reads can be held up, and whose log can begin anew. */
class TestStore extends MemoryStore {
  otherEpoch: string | undefined;
  reads = 0;
  held: Promise<void> | undefined;

  override get epoch(): string {
    return this.otherEpoch ?? super.epoch;
  }

  override async events(query: EventQuery): Promise<readonly HealthEvent[]> {
    this.reads++;
    const events = await super.events(query);
    await this.held;
    return events;
  }

  notify(notice: StoreNotice): void {
    void this.announce(notice);
  }
}

class StandingState extends HealthState {
  containers = () => [];
  externals = () => [];
  incidents = () => [];
  status = () => ({ nodeId: 'node-1' }) as HealthStatus;
}

/** One container, and how often it was asked for and made JSON of. */
class CountingState extends StandingState {
  asked = 0;
  serialised = 0;
  override containers = () => {
    this.asked++;
    const view = { toJSON: () => ({ name: 'lnd', serialised: ++this.serialised }) };
    return [view] as never;
  };
}

const byToken: Access = {
  authenticate: ({ token }) =>
    token === 'viewer' || token === 'operator' ? { id: token, role: token } : null,
};

const byCookie: Access = {
  authenticate: ({ token, headers }) => {
    if (headers['cookie'] === 'sid=1') return { id: 'otto', role: 'operator' };
    return token === 'viewer' ? { id: token, role: token } : null;
  },
};

interface Setup {
  readonly access?: Access;
  readonly namespace?: string;
  readonly imports?: Type[];
  readonly providers?: Type[];
  readonly serverOptions?: Partial<ServerOptions>;
  readonly state?: HealthState;
}

@WebSocketGateway()
class ConnectionCount {
  @WebSocketServer()
  readonly server!: Server;

  count(): number {
    return this.server.engine.clientsCount;
  }
}

const clients: Client[] = [];
const apps: INestApplication[] = [];

afterEach(async () => {
  clients.splice(0).forEach((client) => client.disconnect());
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

async function serve({
  access = byToken,
  namespace = '/health-monitor',
  imports,
  providers,
  serverOptions,
  state = new StandingState(),
}: Setup = {}) {
  const store = new TestStore();
  const clock = new StandingClock();
  @Module({
    providers: [
      createHealthMonitorGateway(namespace),
      EventStream,
      NotificationsService,
      { provide: HealthStore, useValue: store },
      { provide: Clock, useValue: clock },
      { provide: HealthState, useValue: state },
      { provide: HEALTH_MONITOR_OPTIONS, useValue: resolveOptions({ access }) },
    ],
  })
  class MonitorModule {}
  const testing = await Test.createTestingModule({
    imports: [...(imports ?? []), MonitorModule],
    providers,
  }).compile();
  const app = testing.createNestApplication({ logger: false });
  class HostAdapter extends IoAdapter {
    override createIOServer(...[port, options]: Parameters<IoAdapter['createIOServer']>) {
      return super.createIOServer(port, { ...options, ...serverOptions } as typeof options);
    }
  }
  if (serverOptions) app.useWebSocketAdapter(new HostAdapter(app));
  apps.push(app);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const stream = app.get(EventStream);
  const commit = (count = 1, padding = '') =>
    stream.commit({
      events: Array.from({ length: count }, () => ({
        type: 'container.changed' as const,
        at: AT,
        container: 'lnd',
        data: { reason: padding },
      })),
    });
  const open = (options: Partial<ManagerOptions & SocketOptions> = {}, at = namespace): Client => {
    const client: Client = io(`${url}${at}`, {
      auth: { token: 'viewer' },
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 10,
      reconnectionDelayMax: 20,
      ...options,
    });
    clients.push(client);
    return client;
  };
  return { app, url, store, clock, stream, commit, open };
}

type TestServer = Awaited<ReturnType<typeof serve>>;

const helloOf = (client: Client): Promise<Hello> => new Promise((resolve) => client.once('hello', resolve));

const sync = (client: Client, request: unknown): Promise<SyncAnswer> =>
  new Promise((resolve) => client.emit('sync', request as never, resolve));

function delta(answer: SyncAnswer): readonly HealthEvent[] {
  if (!('mode' in answer) || answer.mode !== 'delta') throw new Error(`No delta: ${JSON.stringify(answer)}`);
  return answer.events;
}

/** Waits until what was sent before has arrived: messages of one client keep their order. */
async function caughtUp(client: Client): Promise<void> {
  await new Promise((resolve) => client.emit('sync', null as never, resolve));
}

function eventsOf(client: Client): number[] {
  const seqs: number[] = [];
  client.on('event', ({ seq }) => seqs.push(seq));
  return seqs;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('connecting', () => {
  it('is greeted with what a client needs to know', async () => {
    const { open, store, commit } = await serve();
    await commit(3);
    expect(await helloOf(open({ auth: { token: 'operator' } }))).toEqual({
      epoch: store.epoch,
      head: 3,
      role: 'operator',
      now: AT,
      build: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    });
  });

  it.each([[{ token: 'stranger' }], [{}], [{ token: ['viewer'] }], [{ token: { toString: 'viewer' } }]])(
    'with auth %j is refused, and nothing is sent',
    async (auth) => {
      const { open, commit } = await serve();
      const client = open({ auth });
      const received: unknown[] = [];
      client.onAny((...message) => received.push(message));
      const [error] = (await once(client as never, 'connect_error')) as [Error];
      expect(error.message).toBe('This token is not known.');
      client.emit('sync', { epoch: '', last: 0 }, (answer) => received.push(answer));
      await commit(3);
      const known = open();
      await helloOf(known);
      await caughtUp(known);
      expect(received).toEqual([]);
      expect(client.connected).toBe(false);
    },
  );

  it.each([
    [
      'throws',
      () => {
        throw new Error('down');
      },
    ],
    ['rejects', () => Promise.reject(new Error('down'))],
  ])('is told to try again when the host %s instead of telling who it is', async (_, authenticate) => {
    const { open } = await serve({ access: { authenticate } });
    const [error] = (await once(open() as never, 'connect_error')) as [Error & { data?: unknown }];
    expect(error.message).toBe('Who you are could not be checked just now. Try again in a moment.');
    expect(error.data).toEqual({ retry: true });
  });

  it('is not told to try again with a token that nobody knows', async () => {
    const { open } = await serve();
    const [error] = (await once(open({ auth: {} }) as never, 'connect_error')) as [
      Error & { data?: unknown },
    ];
    expect(error.data).toBeUndefined();
  });

  it('needs no token where access is open', async () => {
    const { open } = await serve({ access: 'open' });
    expect(await helloOf(open({ auth: {} }))).toMatchObject({ role: 'operator' });
  });

  it.each([
    ['access is open', 'open' as const, {}],
    ['access is open, whatever its token', 'open' as const, { token: 'x' }],
    ['a cookie says who it is', byCookie, {}],
  ])('from a page of another origin is refused for good where %s', async (_, access, auth) => {
    const { open } = await serve({ access });
    const extraHeaders = { origin: 'https://evil.example', cookie: 'sid=1' };
    const [error] = (await once(open({ auth, extraHeaders }) as never, 'connect_error')) as [
      Error & { data?: unknown },
    ];
    expect(error.message).toContain('A page of another origin');
    expect(error.data).toBeUndefined();
  });

  it('from a page of another origin is let in by a token alone', async () => {
    const { open } = await serve({ access: byCookie });
    const extraHeaders = { origin: 'https://evil.example', cookie: 'sid=1' };
    expect(await helloOf(open({ auth: { token: 'viewer' }, extraHeaders }))).toMatchObject({
      role: 'viewer',
    });
    const [error] = (await once(open({ auth: { token: 'x' }, extraHeaders }) as never, 'connect_error')) as [
      Error,
    ];
    expect(error.message).toBe('This token is not known.');
  });

  it('from a page of the same origin is let in by a cookie', async () => {
    const { open, url } = await serve({ access: byCookie });
    const extraHeaders = { origin: url, cookie: 'sid=1' };
    expect(await helloOf(open({ auth: {}, extraHeaders }))).toMatchObject({ role: 'operator' });
  });

  it('recovered by Socket.IO is asked again who it is, and hears nothing before it syncs', async () => {
    let known = true;
    const access: Access = { authenticate: () => (known ? { id: 'x', role: 'viewer' } : null) };
    const { open, commit } = await serve({ access, serverOptions: { connectionStateRecovery: {} } });
    const client = open();
    await sync(client, { epoch: (await helloOf(client)).epoch, last: 0 });
    const first = once(client as never, 'event');
    await commit();
    await first;
    const seqs = eventsOf(client);
    const recovered = new Promise((resolve) => client.once('connect', () => resolve(client.recovered)));
    const refused = new Promise((resolve) =>
      client.on('disconnect', (reason) => reason === 'io server disconnect' && resolve(true)),
    );
    known = false;
    client.io.engine.close();
    await commit();
    expect(await recovered).toBe(true);
    await commit();
    expect(await refused).toBe(true);
    expect(seqs).toEqual([]);
  });
});

describe('sync', () => {
  it('of a newcomer is answered with the state, then events follow live', async () => {
    const { open, store, commit } = await serve();
    await commit(2);
    const client = open();
    const seqs = eventsOf(client);
    await helloOf(client);
    await commit();
    expect(await sync(client, { epoch: '', last: 0 })).toEqual({
      mode: 'snapshot',
      state: {
        containers: [],
        externals: [],
        incidents: [],
        notifications: [],
        status: { nodeId: 'node-1' },
      },
      epoch: store.epoch,
      head: 3,
    });
    await commit(2);
    await caughtUp(client);
    expect(seqs).toEqual([4, 5]);
  });

  it('of one who knows a part is answered with the rest', async () => {
    const { open, store, commit } = await serve();
    await commit(5);
    const client = open();
    const answer = await sync(client, { epoch: store.epoch, last: 2 });
    expect(answer).toMatchObject({ mode: 'delta', head: 5 });
    expect(delta(answer).map(({ seq }) => seq)).toEqual([3, 4, 5]);
    expect(delta(await sync(client, { epoch: store.epoch, last: 5 }))).toEqual([]);
  });

  it.each([
    ['another epoch', (epoch: string) => ({ epoch: `${epoch}x`, last: 1_400 })],
    ['a future', (epoch: string) => ({ epoch, last: 1_501 })],
    ['more than 1,000 events ago', (epoch: string) => ({ epoch, last: 499 })],
  ])('of one who knows %s is answered with the state', async (_, request) => {
    const { open, store, commit } = await serve();
    await commit(1_500);
    const client = open();
    expect(await sync(client, request(store.epoch))).toMatchObject({ mode: 'snapshot', head: 1_500 });
    expect(delta(await sync(client, { epoch: store.epoch, last: 500 }))).toHaveLength(1_000);
  });

  it('is answered with the state when the store no longer has all of the rest', async () => {
    const { open, store, commit } = await serve();
    await commit(5);
    store.events = () => Promise.resolve([{ seq: 4 }, { seq: 5 }] as HealthEvent[]);
    expect(await sync(open(), { epoch: store.epoch, last: 2 })).toMatchObject({ mode: 'snapshot' });
  });

  it.each([
    [null],
    [undefined],
    ['x'],
    [[]],
    [{}],
    [{ epoch: 1, last: 0 }],
    [{ epoch: '', last: -1 }],
    [{ epoch: '', last: 1.5 }],
  ])('with %j is told what was expected, and nothing follows', async (request) => {
    const { open, commit } = await serve();
    const client = open();
    const seqs = eventsOf(client);
    expect(await sync(client, request)).toEqual({
      error: 'Expected { epoch: a text, last: a whole number from 0 }.',
    });
    await commit();
    await caughtUp(client);
    expect(seqs).toEqual([]);
  });

  it('without an acknowledgement does no harm', async () => {
    const { open } = await serve();
    const client = open();
    const untyped = client as unknown as Socket;
    untyped.emit('sync', { epoch: '', last: 0 });
    untyped.emit('sync');
    expect(await sync(client, { epoch: '', last: 0 })).toMatchObject({ mode: 'snapshot' });
  });

  describe('of many newcomers at once', () => {
    const newcomer = { epoch: '', last: 0 };
    const served = async (count: number, state: HealthState) => {
      const server = await serve({ state });
      const clients = Array.from({ length: count }, () => server.open());
      await Promise.all(clients.map(helloOf));
      return { ...server, clients };
    };
    const nameIn = (answer: SyncAnswer): unknown =>
      'state' in answer ? answer.state.containers.map(({ name }) => name) : answer;

    it('is answered with one state, built once and made JSON of once', async () => {
      const state = new CountingState();
      const { clients, commit } = await served(50, state);
      await commit(2);
      const seqs = clients.map(eventsOf);
      const answers = await Promise.all(clients.map((client) => sync(client, newcomer)));
      expect([state.asked, state.serialised]).toEqual([1, 1]);
      expect(answers.map(nameIn)).toEqual(clients.map(() => ['lnd']));
      expect(answers.every((answer) => 'head' in answer && answer.head === 2)).toBe(true);
      await commit();
      await Promise.all(clients.map(caughtUp));
      expect(seqs).toEqual(clients.map(() => [3]));
    });

    it('is built anew after an event, a reading of memory, or a change of the store', async () => {
      const state = new CountingState();
      const { clients, stream, commit, store } = await served(5, state);
      const changes = [
        () => commit(),
        () => Promise.resolve(stream.tellMemory({ at: AT, samples: [] })),
        () => Promise.resolve(store.notify({ kind: 'reloaded', reason: '' })),
      ];
      await sync(clients[0]!, newcomer);
      for (const [index, change] of changes.entries()) {
        await change();
        await sync(clients[index + 1]!, newcomer);
        expect(state.asked).toBe(index + 2);
      }
    });

    it('is built anew a second later, for what changes without an event', async () => {
      const state = new CountingState();
      const { clients } = await served(1, state);
      const asked = async (): Promise<number> => {
        await sync(clients[0]!, newcomer);
        return state.asked;
      };
      expect([await asked(), await asked()]).toEqual([1, 1]);
      await expect.poll(asked, { interval: 400, timeout: 3_000 }).toBe(2);
    });
  });

  it('is answered ten times in ten seconds', async () => {
    const { open, clock } = await serve();
    const client = open();
    for (let count = 1; count <= 10; count++) await sync(client, { epoch: '', last: 0 });
    expect(await sync(client, { epoch: '', last: 0 })).toEqual({ error: 'At most 10 syncs in 10 seconds.' });
    clock.time += 10_000;
    expect(await sync(client, { epoch: '', last: 0 })).toMatchObject({ mode: 'snapshot' });
  });

  it('is answered one at a time', async () => {
    const { open, store, commit } = await serve();
    await commit(2);
    let letGo = (): void => undefined;
    store.held = new Promise((resolve) => (letGo = resolve));
    const client = open();
    const first = sync(client, { epoch: store.epoch, last: 0 });
    expect(await sync(client, { epoch: '', last: 0 })).toEqual({ error: 'A sync is already under way.' });
    letGo();
    expect(delta(await first)).toHaveLength(2);
  });

  it.each([
    ['is refused', () => null],
    ['fails', (store: TestStore) => ({ epoch: store.epoch, last: 1 })],
  ])('that %s changes nothing for one who hears events', async (_, request) => {
    const { open, store, commit } = await serve();
    await commit(2);
    const client = open();
    await sync(client, { epoch: '', last: 0 });
    const seqs = eventsOf(client);
    let letGo = (): void => undefined;
    const reading = new Promise<void>((resolve) => {
      store.events = () => {
        resolve();
        return new Promise((_resolve, reject) => (letGo = () => reject(new Error('disk full'))));
      };
    });
    const answer = sync(client, request(store));
    await Promise.race([reading, answer]);
    await commit();
    letGo();
    expect(await answer).toHaveProperty('error');
    await commit();
    await caughtUp(client);
    expect(seqs).toEqual([3, 4]);
  });

  it('says so when the state cannot be told, and the next one works', async () => {
    const { app, open } = await serve();
    const state = app.get(HealthState);
    const containers = state.containers.bind(state);
    state.containers = () => {
      throw new Error('broken');
    };
    const client = open();
    expect(await sync(client, { epoch: '', last: 0 })).toEqual({
      error: expect.stringContaining('log') as string,
    });
    state.containers = containers;
    expect(await sync(client, { epoch: '', last: 0 })).toMatchObject({ mode: 'snapshot' });
  });
});

describe('events', () => {
  it('that are committed while a sync reads the store come once: in the answer or live', async () => {
    const { open, store, commit } = await serve();
    await commit(2);
    let letGo = (): void => undefined;
    store.held = new Promise((resolve) => (letGo = resolve));
    const client = open();
    const seqs = eventsOf(client);
    const answer = sync(client, { epoch: store.epoch, last: 0 });
    await expect.poll(() => store.reads).toBe(1);
    await commit(2);
    letGo();
    seqs.push(...delta(await answer).map(({ seq }) => seq));
    await commit(2);
    await caughtUp(client);
    expect(seqs).toEqual(range(1, 6));
  });

  it('are neither lost nor doubled over reconnects while they are committed at full speed', async () => {
    const { open, store, commit } = await serve();
    await commit(50);
    const seen: number[][] = Array.from({ length: 5 }, () => range(1, 50));
    const snapshots: number[] = [];
    let syncs = 0;
    const following = seen.map((seqs) => {
      const client = open();
      client.on('event', ({ seq }) => seqs.push(seq));
      client.on('hello', () => {
        client.emit('sync', { epoch: store.epoch, last: seqs.at(-1)! }, (answer) => {
          syncs++;
          if ('mode' in answer && answer.mode === 'delta') seqs.push(...answer.events.map(({ seq }) => seq));
          else snapshots.push(seqs.at(-1)!);
        });
      });
      return client;
    });
    for (let round = 1; round <= 10; round++) {
      const deadline = Date.now() + 5_000;
      while (syncs < round * following.length && Date.now() < deadline) {
        // Faster than any client, but no one is ever so far behind that only a whole picture would help.
        const behind = store.head - Math.min(...seen.map((seqs) => seqs.at(-1)!));
        if (behind < 900) await Promise.all([commit(), commit(), commit(2)]);
        await nextTurn();
      }
      following.forEach((client) => client.io.engine.close());
    }
    await commit();
    const total = store.head;
    await expect
      .poll(() => seen.map((seqs) => seqs.at(-1)), { timeout: 10_000 })
      .toEqual(seen.map(() => total));
    expect(syncs).toBeGreaterThan(10 * following.length);
    expect(snapshots).toEqual([]);
    for (const seqs of seen) expect(seqs).toEqual(range(1, total));
  });

  it.each([
    ['the store tells so', 1, ({ store }: TestServer) => store.notify({ kind: 'reloaded', reason: '' })],
    ['the next event comes', 2, ({ commit }: TestServer) => void commit()],
  ])('of a log that began anew make everybody sync again, once %s', async (_, head, tell) => {
    const server = await serve();
    const { open, store, commit } = server;
    await commit();
    const client = open();
    const seqs = eventsOf(client);
    await sync(client, { epoch: '', last: 0 });
    const hello = helloOf(client);
    store.otherEpoch = 'later';
    tell(server);
    expect(await hello).toMatchObject({ epoch: 'later', head });
    await commit();
    const before = { epoch: 'before', last: 1 };
    expect(await sync(client, before)).toMatchObject({ mode: 'snapshot', epoch: 'later', head: head + 1 });
    await commit();
    await caughtUp(client);
    expect(seqs).toEqual([head + 2]);
  });

  it('are accompanied by memory figures, from the sync on', async () => {
    const { open, stream } = await serve();
    const client = open();
    const ticks: string[] = [];
    client.on('memory', ({ at }) => ticks.push(at));
    await helloOf(client);
    stream.tellMemory({ at: 'before', samples: [] });
    await sync(client, { epoch: '', last: 0 });
    stream.tellMemory({ at: 'after', samples: [] });
    await caughtUp(client);
    expect(ticks).toEqual(['after']);
  });
});

describe('a client that stops reading', () => {
  it('is dropped, while the others miss nothing, and can come back', async () => {
    const { app, open, store, commit } = await serve({ providers: [ConnectionCount] });
    const [stalled, healthy] = [open(), open()];
    const seqs = eventsOf(healthy);
    await Promise.all([stalled, healthy].map((client) => sync(client, { epoch: '', last: 0 })));
    const tcp = (
      stalled.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }
    ).ws._socket;
    tcp.pause();
    const connections = () => app.get(ConnectionCount).count();
    expect(connections()).toBe(2);
    const padding = 'x'.repeat(10_000);
    const deadline = Date.now() + 15_000;
    while (connections() === 2 && Date.now() < deadline) {
      await commit(10, padding);
      await nextTurn();
    }
    expect(connections()).toBe(1);
    await expect.poll(() => seqs.at(-1)).toBe(store.head);
    expect(seqs).toEqual(range(1, store.head));
    const hello = helloOf(stalled);
    tcp.resume();
    expect(await hello).toMatchObject({ head: store.head });
  });

  it('is not confused with one who is only served late, after a burst', async () => {
    const { open, commit } = await serve();
    const client = open();
    const seqs = eventsOf(client);
    await sync(client, { epoch: '', last: 0 });
    await commit(5_000, 'x'.repeat(500));
    await expect.poll(() => seqs.length, { timeout: 10_000 }).toBe(5_000);
    await caughtUp(client);
    expect(client.connected).toBe(true);
  });
});

describe("the host's Socket.IO", () => {
  @WebSocketGateway({ cors: { origin: 'https://host.example' } })
  class HostGateway {
    @SubscribeMessage('ping')
    ping(): string {
      return 'pong';
    }
  }
  @Module({ providers: [HostGateway] })
  class HostModule {}

  it('keeps its gateway and its options, and asks nobody for our token', async () => {
    const { open, url } = await serve({ imports: [HostModule] });
    const host = open({ auth: {} }, '/') as unknown as Socket;
    expect(await host.emitWithAck('ping')).toBe('pong');
    const headers = { origin: 'https://host.example' };
    const { headers: answered } = await fetch(`${url}/socket.io/?EIO=4&transport=polling`, { headers });
    expect(answered.get('access-control-allow-origin')).toBe('https://host.example');
    expect(await helloOf(open())).toMatchObject({ role: 'viewer' });
  });

  it('may live under another path', async () => {
    const { open } = await serve({ serverOptions: { path: '/admin/socket.io' } });
    expect(await helloOf(open({ path: '/admin/socket.io' }))).toMatchObject({ role: 'viewer' });
  });

  it('may be reached by long polling', async () => {
    const { open, commit } = await serve();
    const client = open({ transports: ['polling'] });
    const seqs = eventsOf(client);
    await sync(client, { epoch: '', last: 0 });
    await commit(3);
    await expect.poll(() => seqs).toEqual([1, 2, 3]);
  });

  it('may carry ours under another namespace', async () => {
    const { open } = await serve({ namespace: '/ops' });
    expect(await helloOf(open())).toMatchObject({ role: 'viewer' });
  });

  it('closes with the host, and lets clients come back', async () => {
    const { app, open } = await serve();
    const client = open();
    await helloOf(client);
    const reason = once(client as never, 'disconnect');
    await app.close();
    expect((await reason)[0]).toBe('transport close');
    expect(client.active).toBe(true);
  });
});
