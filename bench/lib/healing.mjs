import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { downtime } from './downtime.mjs';
import { startMonitor } from './monitored-app.mjs';
import { median, percentile, rounded } from './statistics.mjs';

const ALWAYS = ['--restart', 'always'];

/**
 * Prints how long crashed containers are down: healed by us, and restarted by the engine's own `--restart=always`. They
 * crash in turn, in one run, and both are measured by the engine's clock.
 *
 * @param start gives the engine
 * @param kind `podman` or `docker`
 * @param crashes how often each of both crashes
 * @param codes exit codes; a table each
 * @param pairs how many containers of each take turns
 * @param upMs a container has been up for so long when it crashes
 * @param aim what the ratio is to be at most, by exit code
 */
export async function measureHealing(start, { kind, crashes, codes, pairs, upMs, aim }) {
  const engine = await start();
  let app;
  try {
    for (const name of names(codes, pairs, 'ours')) await engine.run(name);
    for (const name of names(codes, pairs, 'engine')) await engine.run(name, ...ALWAYS);
    app = await watch(engine, kind);
    for (const code of codes) {
      const down = { ours: [], engine: [] };
      for (let crash = 0; crash < crashes; crash++) {
        for (const whose of crash % 2 === 0 ? ['ours', 'engine'] : ['engine', 'ours']) {
          const name = `${whose}-${code}-${crash % pairs}`;
          await hasBeenUp(engine, name, upMs);
          down[whose].push(await downtime(engine, name, code));
        }
      }
      print(code, down, aim[code]);
    }
  } finally {
    await app?.close();
    await engine.dispose();
  }
}

const names = (codes, pairs, whose) =>
  codes.flatMap((code) => Array.from({ length: pairs }, (_, index) => `${whose}-${code}-${index}`));

async function watch(engine, kind) {
  const app = await startMonitor({
    runtime: { kind, socketPath: engine.socketPath },
    restart: { maxAttempts: 100, backoffMs: [0] },
    storage: { kind: 'sqlite', path: join(engine.directory, 'bench.db') },
  });
  await wait(3_000);
  return app;
}

async function hasBeenUp(engine, name, upMs) {
  const { StartedAt } = (await engine.inspect(name)).State;
  await wait(Math.max(0, Date.parse(StartedAt) + upMs - Date.now()));
}

function print(code, down, aim) {
  const row = (values) => ({
    crashes: values.length,
    'median, ms': rounded(median(values)),
    '95 of 100, ms': rounded(percentile(values, 0.95)),
    'worst, ms': rounded(Math.max(...values)),
  });
  console.log(`Down after an exit with ${code}:`);
  console.table({
    'healed by us': row(down.ours),
    '--restart=always': row(down.engine),
    [aim === undefined ? 'ratio' : `ratio (aim: ${aim})`]: {
      'median, ms': rounded(median(down.ours) / median(down.engine), 2),
      '95 of 100, ms': rounded(percentile(down.ours, 0.95) / percentile(down.engine, 0.95), 2),
      'worst, ms': rounded(Math.max(...down.ours) / Math.max(...down.engine), 2),
    },
  });
}
