import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/common/clock/index.js';
import { createHealthStore } from '../../src/common/store/index.js';
import { InMemoryRuntime } from '../../src/testing/index.js';
import { EngineServer } from '../support/engine-server.js';
import { Receiver } from '../webhooks/receiver.js';

/** How often the process is killed. More by hand: `KILLS=200 npx vitest run test/faults`. */
const KILLS = Number(process.env['KILLS'] ?? 20);
const MAX_ATTEMPTS = 3;

let folder: string;
let engine: InMemoryRuntime;
let engineServer: EngineServer;
let receiver: Receiver;
let child: ChildProcess | undefined;
let environment: NodeJS.ProcessEnv;

function start(): ChildProcess {
  return fork(path.join(import.meta.dirname, 'monitored-app.mjs'), {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** A service that crashes shortly after each start. */
function addCrashing(name: string): void {
  engine.add({ name, state: 'running', startedAt: Date.now() - 1_000 });
  engine.onStart(
    name,
    ...Array.from({ length: 20 }, () => ({ diesAfterMs: 50 + Math.random() * 200, exitCode: 3 })),
  );
  engine.crash(name, 3);
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'health-monitor-kill-'));
  engine = new InMemoryRuntime();
  engineServer = await EngineServer.start(engine);
  receiver = await Receiver.start();
  environment = {
    ...process.env,
    ENGINE_URL: engineServer.url,
    WEBHOOK_URL: receiver.url,
    DATABASE: path.join(folder, 'state', 'health.db'),
  };
});

afterEach(async () => {
  child?.kill('SIGKILL');
  engineServer.stop();
  await receiver.stop();
  await rm(folder, { recursive: true, force: true });
});

describe(`a process that is killed ${KILLS} times at random moments`, () => {
  it(
    'forgets no attempt, makes none twice, and tells everything',
    async () => {
      const names: string[] = [];
      for (let kill = 0; kill < KILLS; kill++) {
        const name = `service-${kill}`;
        names.push(name);
        addCrashing(name);
        child = start();
        const ready = once(child, 'message');
        // Half of them while it starts up, half while it heals and tells.
        if (kill % 2 === 1) await ready;
        await delay(Math.random() * (kill % 2 === 1 ? 700 : 500));
        child.kill('SIGKILL');
        await once(child, 'exit');
      }

      child = start();
      const gaveUp = () =>
        new Set(
          receiver.received
            .filter(({ body }) => body['event'] === 'container.given_up')
            .map(({ body }) => (body['details'] as { container: string }).container),
        );
      // A start that was written down, and perhaps never asked for, is waited for two minutes.
      await expect
        .poll(() => names.filter((name) => !gaveUp().has(name)), { timeout: 180_000, interval: 250 })
        .toEqual([]);
      child.kill('SIGTERM');
      await once(child, 'exit');

      const store = await createHealthStore(
        { kind: 'sqlite', path: environment['DATABASE']! },
        {
          clock: new SystemClock(),
          logger: { log: () => undefined, warn: () => undefined, error: () => undefined },
        },
      );
      await store.open();
      const events = await store.events({ after: 0, limit: 1_000_000 });
      await store.close();

      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      for (const name of names) {
        const starts = engine.acts.filter((act) => act.kind === 'start' && act.name === name);
        expect(starts.length, `starts of ${name}`).toBeLessThanOrEqual(MAX_ATTEMPTS);
        const told = events.flatMap((event) => (event.type === 'notification.created' ? [event.data] : []));
        const verdicts = told.filter(
          ({ notification, details }) =>
            notification.type === 'container.given_up' && details.container === name,
        );
        expect(verdicts, `verdicts on ${name}`).toHaveLength(1);
      }
      const notifications = events.filter(({ type }) => type === 'notification.created').length;
      expect(
        new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size,
        'messages, repeats dropped by id',
      ).toBe(notifications);
    },
    KILLS * 5_000 + 210_000,
  );
});
