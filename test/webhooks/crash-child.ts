import 'reflect-metadata';
import { SystemClock } from '../../src/common/clock/index.js';

import type { Notification } from '../../src/common/events/index.js';
import type { Put } from '../../src/common/store/index.js';
import { EventStream, SqliteStore } from '../../src/common/store/index.js';
import { Outbox } from '../../src/webhooks/outbox.js';
import { WebhookDispatcher } from '../../src/webhooks/webhook-dispatcher.js';
import { WebhookSender } from '../../src/webhooks/webhook-sender.js';
import { WebhookService } from '../../src/webhooks/webhook.service.js';
import { notification } from '../store/store-fixtures.js';
import { webhookOptions } from './webhooks-rig.js';

/**
 * A process to be killed: counts in a document, tells each count as a notification, and delivers what is told. It
 * prints a line for each commit that was kept. With `until`, it stops by itself at that count, when all is delivered.
 */
const [path = '', url = '', until = 'Infinity'] = process.argv.slice(2);
const COUNTER = 'counter';
/** So many counts belong to one incident, and may be merged. */
const INCIDENT = 5;

const clock = new SystemClock();
const say = (message: string): void => void process.stderr.write(`${message}\n`);
const store = new SqliteStore({ path, clock, logger: { log: say, warn: say, error: say } });
const events = new EventStream(store);
const options = webhookOptions({
  endpoints: [
    { id: 'home', url },
    { id: 'also', url: `${url}-also` },
  ],
});
const sender = new WebhookSender(clock, options);
const outbox = new Outbox(store, events, clock, options);
const dispatcher = new WebhookDispatcher(store, outbox, sender, clock);
const service = new WebhookService(store, outbox, dispatcher, sender, clock, options);

await store.open();
const heartbeat = setInterval(() => {
  service.heartbeat();
  void store.tick();
}, 5);

for (let count = await lastCount(); count < Number(until);) {
  count++;
  const counter: Put = {
    collection: 'notification',
    key: COUNTER,
    value: { ...notification(COUNTER), message: String(count) },
  };
  const told: Notification = {
    ...notification(`n${count}`),
    type: count % INCIDENT === 0 ? 'container.recovered' : 'container.restart_failed',
    incidentId: `incident-${Math.ceil(count / INCIDENT)}`,
    message: String(count),
  };
  const [event] = await events.commit({
    put: [counter],
    events: [
      {
        type: 'notification.created',
        at: new Date(clock.now()).toISOString(),
        data: { notification: told, details: { attempt: count } },
      },
    ],
  });
  process.stdout.write(`${event!.seq} ${count}\n`);
  await new Promise((resolve) => setTimeout(resolve, count % 5));
}
while ((service.status()?.queued ?? 1) > 0 || outbox.isStale) {
  const deliveries = [...outbox.all()].flatMap((lane) => lane.deliveries());
  for (const { id, nextAttemptAt } of deliveries) {
    if ((nextAttemptAt ?? 0) > clock.now()) await service.replay(id);
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}
clearInterval(heartbeat);
await service.drain(5_000);
await sender.onApplicationShutdown();
await store.close();

async function lastCount(): Promise<number> {
  const counter = (await store.all('notification')).find(({ id }) => id === COUNTER);
  return Number(counter?.message ?? 0);
}
