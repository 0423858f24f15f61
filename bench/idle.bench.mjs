// What it costs to watch 100 idle containers: processor time and memory, over a Nest app without the module.
//
//   npm run build && sudo node bench/idle.bench.mjs        (SECONDS=120 CONTAINERS=100)
//
// Each app runs in a process of its own, all at the same time, with the module's default options. Two apps are measured
// without it: a bare one, and one that stands on the module's peer dependencies already, as an admin app does.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { rounded } from './lib/statistics.mjs';

const SECONDS = Number(process.env.SECONDS ?? 120);
const CONTAINERS = Number(process.env.CONTAINERS ?? 100);
/** Compiling and the first check are not idling. */
const SETTLE_MS = 10_000;

const HOSTS = {
  bare: { hasPeers: false, watches: false },
  'with-peers': { hasPeers: true, watches: false },
  watching: { hasPeers: true, watches: true },
};
const [, , role, directory] = process.argv;
if (role === undefined) await measure();
else await host(HOSTS[role], directory);

async function host({ hasPeers, watches }, directory) {
  await import('reflect-metadata');
  const { ValidationPipe } = await import('@nestjs/common');
  const { NestFactory } = await import('@nestjs/core');
  const { ScheduleModule } = await import('@nestjs/schedule');
  const imports = [ScheduleModule.forRoot()];
  const providers = [];
  if (hasPeers) {
    const { WebSocketGateway } = await import('@nestjs/websockets');
    const Gateway = class {};
    WebSocketGateway({ namespace: '/admin' })(Gateway);
    providers.push(Gateway);
  }
  if (watches) {
    const { HealthMonitorModule } = await import('../dist/index.js');
    imports.push(
      HealthMonitorModule.forRoot({
        access: 'open',
        runtime: { kind: 'podman', socketPath: join(directory, 'podman.sock') },
        storage: { kind: 'sqlite', path: join(directory, 'bench.db') },
      }),
    );
  }
  const app = await NestFactory.create({ module: class {}, imports, providers }, { logger: ['error'] });
  if (hasPeers) app.useGlobalPipes(new ValidationPipe());
  await app.listen(0, '127.0.0.1');
  let before = process.cpuUsage();
  const commands = {
    begin: () => void (before = process.cpuUsage()),
    end: async () => {
      const { user, system } = process.cpuUsage(before);
      const { rss } = process.memoryUsage();
      globalThis.gc();
      // What was collected is given back to the system a moment later.
      await wait(1_000);
      return { cpuMs: (user + system) / 1_000, rss, rssAfterGc: process.memoryUsage().rss };
    },
  };
  process.on('message', async (command) => {
    const result = await commands[command]();
    process.send({ result });
  });
  process.on('disconnect', () => process.exit());
  process.send({ ready: true });
}

async function measure() {
  const { startPodman } = await import('./lib/bench-engine.mjs');
  const engine = await startPodman();
  const apps = [];
  try {
    for (let index = 0; index < CONTAINERS; index++) await engine.run(`idle-${index}`);
    const begin = async (role) => {
      const child = fork(fileURLToPath(import.meta.url), [role, engine.directory], {
        execArgv: ['--expose-gc'],
      });
      apps.push(child);
      const ended = once(child, 'exit').then(() => {
        throw new Error(`The app ${role} ended too soon.`);
      });
      ended.catch(() => undefined);
      const heard = async () => (await Promise.race([once(child, 'message'), ended]))[0];
      await heard();
      return async (command) => {
        const answer = heard();
        child.send(command);
        return (await answer).result;
      };
    };
    const ask = [];
    for (const role of Object.keys(HOSTS)) ask.push(await begin(role));
    const askAll = (command) => Promise.all(ask.map((askOne) => askOne(command)));
    await wait(SETTLE_MS);
    const engineBefore = await engine.serviceCpuMs();
    await askAll('begin');
    await wait(SECONDS * 1_000);
    const [bare, withPeers, watching] = await askAll('end');
    const engineMs = (await engine.serviceCpuMs()) - engineBefore;

    const row = ({ cpuMs, rss, rssAfterGc }) => ({
      'processor, % of a core': rounded(cpuMs / SECONDS / 10, 3),
      'resident, MB': rounded(rss / 1e6),
      'after a collection, MB': rounded(rssAfterGc / 1e6),
    });
    const over = (other) => ({
      cpuMs: watching.cpuMs - other.cpuMs,
      rss: watching.rss - other.rss,
      rssAfterGc: watching.rssAfterGc - other.rssAfterGc,
    });
    console.log(`${CONTAINERS} idle containers, ${SECONDS} s:`);
    console.table({
      'a bare Nest app': row(bare),
      'one with Socket.IO and class-validator': row(withPeers),
      'the latter, watching': row(watching),
      'over the one with both (aim: <= 0.3 %, <= 30 MB)': row(over(withPeers)),
      'over the bare one': row(over(bare)),
      "Podman's API service": { 'processor, % of a core': rounded(engineMs / SECONDS / 10, 3) },
    });
  } finally {
    for (const child of apps) child.kill();
    await engine.dispose();
  }
}
