// How long events take to 500 sockets, what 50 clients cost that stop reading, and for how long 50 that come back at once
// keep everything else waiting.
//
//   npm run build && node bench/sockets.bench.mjs
//
// The server runs in a process of its own, the clients in this one; both clocks are the machine's.
import { fork } from 'node:child_process';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from './lib/statistics.mjs';

const SOCKETS = 500;
const EVENTS = 1_000;
const EVENTS_A_SECOND = 10;
const STALLED = 50;
const FLOOD = 10_000;
const RETURNING = 50;
const CONTAINERS = 2_000;

const now = () => performance.timeOrigin + performance.now();
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

if (process.argv[2] === 'server') await serve();
else await measure();

async function serve() {
  await import('reflect-metadata');
  const { NestFactory } = await import('@nestjs/core');
  const { createHealthMonitorGateway, NotificationsService } = await import('../dist/notifications/index.js');
  const { Clock, SystemClock } = await import('../dist/common/clock/index.js');
  const { HealthState } = await import('../dist/common/events/index.js');
  const { EventStream } = await import('../dist/common/store/index.js');
  const { HEALTH_MONITOR_OPTIONS, resolveOptions } = await import('../dist/common/options/index.js');
  const { HealthStore, MemoryStore } = await import('../dist/common/store/index.js');

  let fleet = [];
  const state = {
    containers: () => fleet.map((view) => ({ ...view })),
    externals: () => [],
    incidents: () => [],
    status: () => ({ nodeId: 'bench' }),
  };
  class BenchModule {}
  const app = await NestFactory.create(
    {
      module: BenchModule,
      providers: [
        createHealthMonitorGateway('/health-monitor'),
        EventStream,
        NotificationsService,
        { provide: HealthStore, useValue: new MemoryStore() },
        { provide: Clock, useClass: SystemClock },
        { provide: HealthState, useValue: state },
        { provide: HEALTH_MONITOR_OPTIONS, useValue: resolveOptions({ access: 'open' }) },
      ],
    },
    { logger: ['error'] },
  );
  await app.listen(0, '127.0.0.1');
  const stream = app.get(EventStream);

  // About the size of a container's view with a day of spans.
  const view = {
    spans: Array.from({ length: 24 }, () => ({ from: new Date(0).toISOString(), status: 'healthy' })),
  };
  const emit = () =>
    stream.commit({
      events: [
        {
          type: 'container.changed',
          at: new Date().toISOString(),
          container: 'lnd',
          data: { reason: String(now()), view },
        },
      ],
    });
  const memory = () => {
    const { rss, heapUsed, external } = process.memoryUsage();
    return { rss, used: heapUsed + external };
  };
  const delays = monitorEventLoopDelay({ resolution: 1 });
  const commands = {
    async beginDelays({ containers }) {
      const memory = { usedBytes: 73_400_320, limitBytes: null, leak: null };
      fleet = Array.from({ length: containers }, (_, number) => ({
        name: `container-${number}`,
        memory,
        ...view,
      }));
      delays.enable();
      // Longer than a snapshot from before is kept.
      await wait(1_100);
      delays.reset();
    },
    async longestDelay() {
      delays.disable();
      fleet = [];
      return delays.max / 1e6;
    },
    async emit({ count, perSecond }) {
      const from = now();
      const usage = process.cpuUsage();
      for (let sent = 1; sent <= count; sent++) {
        await emit();
        await wait(Math.max(0, from + (sent * 1_000) / perSecond - now()));
      }
      const { user, system } = process.cpuUsage(usage);
      return (user + system) / 1_000 / count;
    },
    async baseline() {
      globalThis.gc();
      await wait(200);
      globalThis.gc();
      return memory();
    },
    async flood({ count }) {
      const peak = { rss: 0, used: 0 };
      for (let sent = 1; sent <= count; sent++) {
        await emit();
        if (sent % 10 === 0) await wait(5);
        if (sent % 500 !== 0) continue;
        globalThis.gc();
        const { rss, used } = memory();
        peak.rss = Math.max(peak.rss, rss);
        peak.used = Math.max(peak.used, used);
      }
      return peak;
    },
  };
  process.on('message', async ({ command, ...details }) =>
    process.send({ done: command, result: await commands[command](details) }),
  );
  process.on('disconnect', () => process.exit());
  process.send({ url: await app.getUrl() });
}

async function measure() {
  const { io } = await import('socket.io-client');
  const server = fork(fileURLToPath(import.meta.url), ['server'], { execArgv: ['--expose-gc'] });
  server.on('exit', (code, signal) => console.log(`The server ended: ${signal ?? code}.`));
  const heard = () => new Promise((resolve) => server.once('message', resolve));
  const { url } = await heard();
  const ask = async (command, details) => {
    const answer = heard();
    server.send({ command, ...details });
    return (await answer).result;
  };
  const connect = async (onEvent) => {
    const socket = io(`${url}/health-monitor`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
    socket.on('event', onEvent);
    await new Promise((resolve) => socket.once('hello', resolve));
    await socket.emitWithAck('sync', { epoch: '', last: 0 });
    return socket;
  };

  const delays = [];
  const heads = [];
  let missedOrDoubled = 0;
  const sockets = [];
  for (let index = 0; index < SOCKETS; index++) {
    heads.push(0);
    sockets.push(
      await connect(({ seq, data }) => {
        delays.push(now() - Number(data.reason));
        if (seq !== heads[index] + 1) missedOrDoubled++;
        heads[index] = seq;
      }),
    );
  }
  const serverTime = await ask('emit', { count: EVENTS, perSecond: EVENTS_A_SECOND });
  for (let tries = 0; heads.some((head) => head < EVENTS) && tries < 100; tries++) await wait(100);
  sockets.forEach((socket) => socket.disconnect());
  const delay = (share) => `${percentile(delays, share).toFixed(1)} ms`;
  console.table({
    sockets: SOCKETS,
    [`events, at ${EVENTS_A_SECOND} a second`]: EVENTS,
    'deliveries missing': SOCKETS * EVENTS - delays.length,
    'out of order, missed or doubled': missedOrDoubled,
    "the server's processor time an event": `${serverTime.toFixed(1)} ms`,
    'delay, median': delay(0.5),
    'delay, 95 of 100 (aim: at most 100 ms)': delay(0.95),
    'delay, longest': delay(1),
  });

  // Fills the log, so that its growth is not taken for the clients'.
  await ask('flood', { count: FLOOD });
  let dropped = 0;
  for (let index = 0; index < STALLED; index++) {
    const socket = await connect(() => undefined);
    socket.on('disconnect', () => dropped++);
    sockets.push(socket);
  }
  const baseline = await ask('baseline');
  const stalled = sockets.slice(SOCKETS).map((socket) => socket.io.engine.transport.ws._socket);
  stalled.forEach((tcp) => tcp.pause());
  const peak = await ask('flood', { count: FLOOD });
  const after = await ask('baseline');
  stalled.forEach((tcp) => tcp.resume());
  for (let tries = 0; dropped < STALLED && tries < 100; tries++) await wait(100);
  console.table({
    'clients that stop reading': STALLED,
    'events meanwhile': FLOOD,
    'dropped by the server': dropped,
    'memory in use before': megabytes(baseline.used),
    'most in use, over that (aim: at most 20 MB)': megabytes(peak.used - baseline.used),
    'in use afterwards, over that': megabytes(after.used - baseline.used),
    'most resident, over before': megabytes(peak.rss - baseline.rss),
  });
  sockets.splice(0).forEach((socket) => socket.disconnect());
  const returning = [];
  for (let index = 0; index < RETURNING; index++) returning.push(await connect(() => undefined));
  await ask('beginDelays', { containers: CONTAINERS });
  const from = now();
  const answers = await Promise.all(
    returning.map((socket) => socket.emitWithAck('sync', { epoch: '', last: 0 })),
  );
  const took = now() - from;
  const blocked = await ask('longestDelay');
  console.table({
    'clients that sync at once': RETURNING,
    containers: CONTAINERS,
    'complete answers': answers.filter((answer) => answer.state?.containers.length === CONTAINERS).length,
    'size of an answer': megabytes(JSON.stringify(answers[0]).length),
    'the server is blocked, longest (aim: at most 100 ms)': `${blocked.toFixed(1)} ms`,
    'all are answered, and read, after': `${took.toFixed(0)} ms`,
  });
  server.disconnect();
  process.exit();
}
