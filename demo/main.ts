import 'reflect-metadata';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ContainerRuntime, RuntimeError } from '@archipelago/health-monitor';
import { AppModule } from './app.module.js';
import { fleet } from './fleet.js';
import { ProcessRuntime } from './process-runtime/index.js';
import { openReceiver } from './receiver.js';
import { Scenario, watchList } from './scenario.js';
import { TerminalLogger } from './terminal-logger.js';
import { SettingsError, USAGE, readSettings, type Settings } from './settings.js';

const HOST = '127.0.0.1';
const terminal = new TerminalLogger();
/** Whatever closing waits for, the demo is gone after that. */
const CLOSING_MS = 4_000;

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2), process.env);
  if (!settings) return console.log(USAGE);
  await (settings.engine === 'podman' ? showPodman(settings) : showFleet(settings));
}

async function showFleet(settings: Settings): Promise<void> {
  const runtime = new ProcessRuntime();
  for (const service of fleet) {
    runtime.add(service);
    await runtime.startByHand(service.name);
  }
  const receiver = await openReceiver();
  const app = await createApp(settings, runtime, receiver.url);
  const origin = await listen(app, settings);
  const scenario = new Scenario({ runtime, hold: holdOver(origin, settings) });
  endOnSignal(async () => {
    scenario.end();
    await app.close();
    receiver.close();
    await runtime.close();
  });
  console.log(
    `${fleet.length} processes stand in for containers. What to watch, and when:\n\n${watchList}\n`,
  );
  invite(origin, settings);
  receiver.onMessage = (title) => console.log(`      Webhook: ${title}`);
  scenario.begin((line) => console.log(line));
}

async function showPodman(settings: Settings): Promise<void> {
  const app = await createApp(settings, null, null);
  await app.init();
  const { kind, version, address } = await app.get(ContainerRuntime, { strict: false }).info();
  const origin = await listen(app, settings);
  endOnSignal(() => app.close());
  const intent = settings.heal ? 'Crashed ones are healed.' : 'Nothing is touched; --heal changes that.';
  console.log(`The containers of this machine: ${kind} ${version} at ${address}. ${intent}\n`);
  invite(origin, settings);
}

function createApp(
  settings: Settings,
  runtime: ContainerRuntime | null,
  receiverUrl: string | null,
): Promise<INestApplication> {
  return NestFactory.create(AppModule.with(settings, runtime, receiverUrl), {
    logger: terminal,
    abortOnError: false,
    // A browser keeps connections open that it does not use; closing would wait for those.
    forceCloseConnections: true,
  });
}

async function listen(app: INestApplication, { port }: Settings): Promise<string> {
  await app.init();
  // By hand, since Nest prints a failure's stack before it throws it.
  const server = app.getHttpServer() as Server;
  await once(server.listen(port, HOST), 'listening');
  return `http://${HOST}:${(server.address() as AddressInfo).port}`;
}

function invite(origin: string, { token }: Settings): void {
  console.log(`Open ${origin}/#token=${encodeURIComponent(token)}\nCtrl-C ends it.\n`);
  terminal.show();
}

/** Holds over REST, as a backup script would. */
function holdOver(origin: string, { token }: Settings) {
  return async (name: string, reason: string): Promise<void> => {
    const answer = await fetch(`${origin}/health-monitor/containers/${name}/hold`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ reason }),
    });
    if (!answer.ok) throw new Error(`hold of ${name}: ${answer.status} ${await answer.text()}`);
  };
}

function endOnSignal(end: () => Promise<void>): void {
  let endingSince: number | null = null;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Asked twice: at once; the fleet is killed on exit in any case. npm may pass one Ctrl-C on as a second.
      if (endingSince !== null) return Date.now() - endingSince > 1_000 ? process.exit(1) : undefined;
      endingSince = Date.now();
      setTimeout(() => process.exit(1), CLOSING_MS).unref();
      end().then(() => process.exit(0), fail);
    });
  }
}

function fail(error: unknown): void {
  console.error(sentenceFor(error));
  process.exit(1);
}

function sentenceFor(error: unknown): string {
  const { code, port } = error as { code?: string; port?: number };
  if (error instanceof SettingsError) return error.message;
  if (error instanceof RuntimeError) return `There is no Podman to show: ${error.message}`;
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use: choose another one, such as PORT=${(port ?? 0) + 1}.`;
  if (code === 'EACCES')
    return `Port ${port} may not be used without more rights: choose one from 1024 on with PORT.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().catch(fail);
