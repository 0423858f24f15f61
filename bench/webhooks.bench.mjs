// How fast a full outbox empties: 5,000 deliveries in SQLite, to a receiver in a process of its own.
//
//   npm run build && node bench/webhooks.bench.mjs
import 'reflect-metadata';
import { Buffer } from 'node:buffer';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const QUEUED = 5_000;

if (process.argv[2] === 'receiver') receive();
else await measure();

function receive() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200).end('ok'));
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
  process.on('disconnect', () => process.exit());
}

async function measure() {
  const { SystemClock } = await import('../dist/common/clock/index.js');
  const { EventStream } = await import('../dist/common/store/index.js');
  const { SqliteStore } = await import('../dist/common/store/index.js');
  const { Outbox } = await import('../dist/webhooks/outbox.js');
  const { WebhookDispatcher } = await import('../dist/webhooks/webhook-dispatcher.js');
  const { WebhookSender } = await import('../dist/webhooks/webhook-sender.js');
  const { WebhookService } = await import('../dist/webhooks/webhook.service.js');

  const receiver = fork(fileURLToPath(import.meta.url), ['receiver']);
  const [port] = await once(receiver, 'message');
  const rows = [];
  for (const count of [1, 10]) rows.push(await empty(count));
  console.table(rows);
  receiver.disconnect();

  async function empty(endpointCount) {
    const folder = mkdtempSync(join(tmpdir(), 'webhooks-bench-'));
    const clock = new SystemClock();
    const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
    const endpoints = Array.from({ length: endpointCount }, (_, index) => ({
      id: `e${index}`,
      url: `http://127.0.0.1:${port}/`,
      secret,
    }));
    const options = {
      nodeId: 'node-1',
      webhooks: { endpoints, egress: 'lan', allowCidrs: ['127.0.0.0/8'], denyCidrs: [] },
    };
    const store = new SqliteStore({ path: join(folder, 'bench.db'), clock, logger: console });
    const events = new EventStream(store);
    const sender = new WebhookSender(clock, options);
    const outbox = new Outbox(store, events, clock, options);
    const service = new WebhookService(
      store,
      outbox,
      new WebhookDispatcher(store, outbox, sender, clock),
      sender,
      clock,
      options,
    );
    await store.open();
    const notifications = Array.from({ length: QUEUED / endpointCount }, (_, index) =>
      notificationCreated(index),
    );
    await events.commit({ events: notifications });
    await outbox.load();
    const queued = service.status().queued;

    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const started = performance.now();
    const heartbeat = setInterval(() => service.heartbeat(), 250);
    service.heartbeat();
    while (service.status().queued > 0) await wait(5);
    await outbox.save();
    const seconds = (performance.now() - started) / 1_000;
    clearInterval(heartbeat);
    delay.disable();

    const idle = performance.now();
    for (let beat = 0; beat < 100_000; beat++) service.heartbeat();
    const idleMicroseconds = ((performance.now() - idle) / 100_000) * 1_000;

    await service.drain(1_000);
    await sender.onApplicationShutdown();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
    return {
      queued,
      endpoints: endpointCount,
      'deliveries a second (aim >= 500)': Math.round(queued / seconds),
      'event loop delay p99, ms': Math.round(delay.percentile(99) / 1e4) / 100,
      'idle heartbeat, microseconds': Math.round(idleMicroseconds * 100) / 100,
    };
  }
}

function notificationCreated(index) {
  const at = new Date().toISOString();
  const notification = {
    id: `health-app-${index}`,
    level: 'error',
    title: `app-${index} is unhealthy`,
    message:
      'Container restarted (3/3 attempts) and exited again with 1. May need manual attention. Next try at 14:05.',
    timestamp: at,
    appId: `app-${index}`,
    type: 'container.given_up',
    read: false,
    incidentId: `incident-${index}`,
  };
  const details = {
    container: `archy-app-${index}`,
    app_id: `app-${index}`,
    state: 'exited',
    attempt: 3,
    tier: 'dependent',
    exit_code: 1,
  };
  return { type: 'notification.created', at, data: { notification, details } };
}
