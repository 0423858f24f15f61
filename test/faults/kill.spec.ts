import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/common/clock/index.js';
import { RuntimeError } from '../../src/health-monitor/runtime/index.js';
import { createHealthStore } from '../../src/common/store/index.js';
import { InMemoryRuntime } from '../../src/testing/index.js';

/** How often the process is killed. More by hand: `KILLS=200 npx vitest run test/faults`. */
const KILLS = Number(process.env['KILLS'] ?? 20);
const MAX_ATTEMPTS = 3;

interface Received {
  readonly id: string;
  readonly event: string;
  readonly container: string;
}

let folder: string;
let engine: InMemoryRuntime;
let servers: Server[];
let received: Received[];
let child: ChildProcess | undefined;
let environment: NodeJS.ProcessEnv;

async function serve(
  handle: (body: string, headers: NodeJS.Dict<string | string[]>) => Promise<[number, unknown]>,
): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void handle(Buffer.concat(chunks).toString(), request.headers).then(([status, answer]) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer));
      });
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** The engine goes on, whatever happens to those who watch it. */
async function playEngine(body: string): Promise<[number, unknown]> {
  const { call, args } = JSON.parse(body) as { call: 'info' | 'start'; args: [string] };
  try {
    return [200, { value: await engine[call](...args) }];
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    return [200, { error: { kind: error.kind, message: error.message } }];
  }
}

function receive(body: string, headers: NodeJS.Dict<string | string[]>): Promise<[number, unknown]> {
  const { event, details } = JSON.parse(body) as { event: string; details: { container: string } };
  received.push({ id: String(headers['webhook-id']), event, container: details.container });
  return Promise.resolve([200, {}]);
}

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
  servers = [];
  received = [];
  environment = {
    ...process.env,
    ENGINE_URL: await serve(playEngine),
    WEBHOOK_URL: await serve(receive),
    DATABASE: path.join(folder, 'state', 'health.db'),
  };
});

afterEach(async () => {
  child?.kill('SIGKILL');
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
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
          received.filter(({ event }) => event === 'container.given_up').map(({ container }) => container),
        );
      // A start that was written down, and perhaps never asked for, is waited for two minutes.
      await expect
        .poll(() => names.filter((name) => !gaveUp().has(name)), { timeout: 180_000, interval: 250 })
        .toEqual([]);
      child.kill('SIGTERM');
      await once(child, 'exit');

      const store = createHealthStore(
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
      expect(new Set(received.map(({ id }) => id)).size, 'messages, repeats dropped by id').toBe(
        notifications,
      );
    },
    KILLS * 5_000 + 210_000,
  );
});
