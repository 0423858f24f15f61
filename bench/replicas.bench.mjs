// How long an event takes from the leader to the clients of another replica on one PostgreSQL: woken by LISTEN, and by
// asking now and then, behind a PgBouncer in transaction mode. And 3 replicas with 100 clients each beside one with 300, in the same run.
//
//   npm run build && node bench/replicas.bench.mjs        (EVENTS=300)
//
// Every replica is a process of its own with a database connection of its own; all clients are in this one.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { percentile, rounded } from './lib/statistics.mjs';

const CLIENTS = 300;
const EVENTS = Number(process.env.EVENTS ?? 300);
const EVENTS_A_SECOND = 10;

if (process.argv[2] === 'replica') await serve(JSON.parse(process.argv[3]));
else await measure();

async function serve({ url, schema }) {
  const { startServer } = await import('./lib/monitored-app.mjs');
  const { ContainerRuntime } = await import('../dist/index.js');
  const { InMemoryRuntime } = await import('../dist/testing/index.js');
  const { EventStream } = await import('../dist/common/store/index.js');
  const app = await startServer({
    preset: 'none',
    storage: { kind: 'postgres', url, schema },
    overrides: [{ provide: ContainerRuntime, useValue: new InMemoryRuntime() }],
  });
  const stream = app.get(EventStream);
  process.on('message', async ({ count, perSecond }) => {
    const from = Date.now();
    for (let sent = 1; sent <= count; sent++) {
      const at = new Date().toISOString();
      await stream.commit({
        events: [
          { type: 'container.changed', at, container: 'bench', data: { reason: `bench ${Date.now()}` } },
        ],
      });
      await wait(Math.max(0, from + (sent * 1_000) / perSecond - Date.now()));
    }
    process.send({ done: true });
  });
  process.on('disconnect', () => process.exit());
  process.send({ url: await app.getUrl() });
}

/** How late events are for the clients of each replica, and how many never came. */
async function run({ replicas, url, schema }) {
  const { io } = await import('socket.io-client');
  const children = [];
  const urls = [];
  for (let index = 0; index < replicas; index++) {
    const child = fork(fileURLToPath(import.meta.url), ['replica', JSON.stringify({ url, schema })]);
    const [{ url: address }] = await once(child, 'message');
    children.push(child);
    urls.push(address);
  }
  const late = urls.map(() => []);
  let heard = 0;
  const sockets = await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      const replica = client % replicas;
      const socket = io(`${urls[replica]}/health-monitor`, { transports: ['websocket'], forceNew: true });
      await once(socket, 'hello');
      socket.on('event', ({ data: { reason } }) => {
        if (!reason.startsWith('bench ')) return;
        heard++;
        late[replica].push(Date.now() - Number(reason.slice(6)));
      });
      await socket.emitWithAck('sync', { epoch: '', last: 0 });
      return socket;
    }),
  );
  children[0].send({ count: EVENTS, perSecond: EVENTS_A_SECOND });
  await once(children[0], 'message');
  for (const until = Date.now() + 5_000; heard < EVENTS * CLIENTS && Date.now() < until;) await wait(50);
  for (const socket of sockets) socket.disconnect();
  for (const child of children) {
    child.disconnect();
    await once(child, 'exit');
  }
  const all = late.flat();
  const others = late.slice(1).flat();
  return {
    missed: EVENTS * CLIENTS - heard,
    'p50 ms': rounded(percentile(all, 0.5)),
    'p95 ms': rounded(percentile(all, 0.95)),
    "other replicas' p95 ms": others.length === 0 ? null : rounded(percentile(others, 0.95)),
  };
}

async function measure() {
  const { startPostgres } = await import('./lib/postgres-server.mjs');
  const { url, pooledUrl, stop } = await startPostgres();
  try {
    console.log(`${CLIENTS} clients, ${EVENTS} events, ${EVENTS_A_SECOND} a second; from commit to client.`);
    console.table({
      'one replica': await run({ replicas: 1, url, schema: 'one' }),
      'three replicas, LISTEN': await run({ replicas: 3, url, schema: 'listening' }),
      'three replicas, asking': await run({ replicas: 3, url: pooledUrl, schema: 'asking' }),
    });
  } finally {
    await stop();
  }
}
