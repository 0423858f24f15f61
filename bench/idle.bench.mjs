// What it costs to watch 100 idle containers: processor time and memory, over a bare Nest app with the same imports.
//
//   npx nest build && sudo node bench/idle.bench.mjs        (SECONDS=120 CONTAINERS=100)
//
// Each app runs in a process of its own, both at the same time, with the module's default options.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { rounded } from './lib/statistics.mjs';

const SECONDS = Number(process.env.SECONDS ?? 120);
const CONTAINERS = Number(process.env.CONTAINERS ?? 100);
/** Compiling and the first check are not idling. */
const SETTLE_MS = 10_000;

const [, , role, directory] = process.argv;
if (role === undefined) await measure();
else await host(role === 'watching', directory);

async function host(watching, directory) {
  await import('reflect-metadata');
  const { NestFactory } = await import('@nestjs/core');
  const { ScheduleModule } = await import('@nestjs/schedule');
  const imports = [ScheduleModule.forRoot()];
  if (watching) {
    const { HealthMonitorModule } = await import('../dist/index.js');
    imports.push(
      HealthMonitorModule.forRoot({
        access: 'open',
        runtime: { kind: 'podman', socketPath: join(directory, 'podman.sock') },
        storage: { kind: 'sqlite', path: join(directory, 'bench.db') },
      }),
    );
  }
  const app = await NestFactory.create({ module: class {}, imports }, { logger: ['error'] });
  await app.listen(0, '127.0.0.1');
  let before = process.cpuUsage();
  const commands = {
    begin: () => void (before = process.cpuUsage()),
    end: () => {
      const { user, system } = process.cpuUsage(before);
      const { rss } = process.memoryUsage();
      globalThis.gc();
      return { cpuMs: (user + system) / 1_000, rss, rssAfterGc: process.memoryUsage().rss };
    },
  };
  process.on('message', (command) => process.send({ result: commands[command]() ?? null }));
  process.on('disconnect', () => void app.close().then(() => process.exit()));
  process.send({ ready: true });
}

async function measure() {
  const { PodmanEngine } = await import('./lib/podman-engine.mjs');
  const engine = await PodmanEngine.start();
  const apps = [];
  try {
    for (let index = 0; index < CONTAINERS; index++) await engine.run(`idle-${index}`);
    const begin = async (role) => {
      const child = fork(fileURLToPath(import.meta.url), [role, engine.directory], {
        execArgv: ['--expose-gc'],
      });
      apps.push(child);
      const heard = () => new Promise((resolve) => child.once('message', resolve));
      await heard();
      return async (command) => {
        const answer = heard();
        child.send(command);
        return (await answer).result;
      };
    };
    const askBare = await begin('bare');
    const askWatching = await begin('watching');
    await wait(SETTLE_MS);
    const engineBefore = await engine.serviceCpuMs();
    await Promise.all([askBare('begin'), askWatching('begin')]);
    await wait(SECONDS * 1_000);
    const [bare, watching] = await Promise.all([askBare('end'), askWatching('end')]);
    const engineMs = (await engine.serviceCpuMs()) - engineBefore;

    const row = ({ cpuMs, rss, rssAfterGc }) => ({
      'processor, % of a core': rounded(cpuMs / SECONDS / 10, 3),
      'resident, MB': rounded(rss / 1e6),
      'after a collection, MB': rounded(rssAfterGc / 1e6),
    });
    console.log(`${CONTAINERS} idle containers, ${SECONDS} s:`);
    console.table({
      'a bare Nest app': row(bare),
      'the same, watching': row(watching),
      'over it (aim: <= 0.3 %, <= 30 MB)': row({
        cpuMs: watching.cpuMs - bare.cpuMs,
        rss: watching.rss - bare.rss,
        rssAfterGc: watching.rssAfterGc - bare.rssAfterGc,
      }),
      "Podman's API service": { 'processor, % of a core': rounded(engineMs / SECONDS / 10, 3) },
    });
  } finally {
    for (const child of apps) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await ended;
    }
    await engine.dispose();
  }
}
