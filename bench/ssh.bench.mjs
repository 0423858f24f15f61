// What a way over SSH costs: the same Podman, asked on its socket and through a tunnel to it, in one run, in turn.
//
//   npm run build && sudo node bench/ssh.bench.mjs        (CRASHES=20 LISTS=100 CONTAINERS=10)
//
// Down: by Podman's own clock, from `FinishedAt` to `StartedAt`, each healed by a monitor of its own that ignores the
// other's. The network in between is this machine's own: a real one adds its round trips, one a call.
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ContainerRuntime } from '../dist/index.js';
import { startPodman } from './lib/bench-engine.mjs';
import { downtime } from './lib/downtime.mjs';
import { load } from './lib/load.mjs';
import { startMonitor } from './lib/monitored-app.mjs';
import { median, percentile, rounded, timed } from './lib/statistics.mjs';

const CRASHES = Number(process.env.CRASHES ?? 20);
const LISTS = Number(process.env.LISTS ?? 100);
const CONTAINERS = Number(process.env.CONTAINERS ?? 10);
const BETWEEN_MS = 1_500;

const { SshServer } = await load('test/connection/ssh-server.ts');
const engine = await startPodman();
const server = await SshServer.start();
const apps = {};
try {
  for (const name of ['local', 'ssh']) await engine.run(name);
  for (let index = 2; index < CONTAINERS; index++) await engine.run(`other-${index}`);
  apps.local = await watch('local', 'ssh', {});
  apps.ssh = await watch('ssh', 'local', { ssh: 'attic', sshConfig: server.config() });
  await wait(5_000);

  const figures = { local: {}, ssh: {} };
  const lists = await inTurn(LISTS, (way) => timed(() => apps[way].get(ContainerRuntime).list()));
  const events = heard();
  const down = await inTurn(CRASHES, async (way) => {
    const ms = await downtime(engine, way, 139);
    await wait(BETWEEN_MS);
    return ms;
  });
  const delays = events.stop();
  for (const way of ['local', 'ssh']) {
    figures[way] = {
      ...row('list', lists[way]),
      ...row('event after it happened', delays[way]),
      ...row('died → started', down[way]),
    };
  }
  const ratio = Object.fromEntries(
    Object.keys(figures.local).map((key) => [key, rounded(figures.ssh[key] / figures.local[key], 2)]),
  );
  console.log(`${CONTAINERS} containers, ${LISTS} lists and ${CRASHES} crashes each; milliseconds:`);
  console.table({
    'on its socket': figures.local,
    'over SSH': figures.ssh,
    'ratio (aim: down <= 1.3)': ratio,
  });
} finally {
  for (const app of Object.values(apps)) await app.close();
  await server.stop();
  await engine.dispose();
}

function watch(own, other, way) {
  return startMonitor({
    preset: 'none',
    runtime: { kind: 'podman', ...way, socketPath: engine.socketPath },
    restart: { maxAttempts: 100, backoffMs: [0] },
    containers: { [other]: { ignore: true } },
    storage: { kind: 'sqlite', path: join(engine.directory, `bench-${own}.db`) },
  });
}

async function inTurn(count, measure) {
  const values = { local: [], ssh: [] };
  for (let index = 0; index < count; index++)
    for (const way of index % 2 === 0 ? ['local', 'ssh'] : ['ssh', 'local'])
      values[way].push(await measure(way));
  return values;
}

/** Both ways listen to the same deaths: how long after Podman's own time each is heard. */
function heard() {
  const closing = new AbortController();
  const delays = { local: [], ssh: [] };
  for (const way of ['local', 'ssh'])
    void (async () => {
      const stream = apps[way].get(ContainerRuntime).events({ signal: closing.signal });
      for await (const { action, at } of stream) if (action === 'died') delays[way].push(Date.now() - at);
    })();
  return {
    stop: () => {
      closing.abort();
      return delays;
    },
  };
}

function row(name, values) {
  return {
    [`${name}: median`]: rounded(median(values)),
    [`${name}: 95 of 100`]: rounded(percentile(values, 0.95)),
  };
}
