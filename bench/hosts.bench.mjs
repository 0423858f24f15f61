// What it takes to watch many hosts from one app: an idle check of all of them, how memory grows with their number, and
// whether one that hangs slows another. Engines in memory with 40 containers each.
//
//   npm run build && node --expose-gc bench/hosts.bench.mjs
import { setTimeout as wait } from 'node:timers/promises';
import { WatchedHosts } from '../dist/health-monitor/hosts/index.js';
import { ContainerRuntime, RuntimeFactory } from '../dist/index.js';
import { InMemoryRuntime } from '../dist/testing/index.js';
import { crashToStart } from './lib/crash-to-start.mjs';
import { startMonitor } from './lib/monitored-app.mjs';
import { median, percentile, rounded, timed } from './lib/statistics.mjs';

const SIZES = process.env.SIZES?.split(',').map(Number) ?? [1, 10, 25, 50];
const CONTAINERS = 40;
const CYCLES = 60;
const WARM_UP = 30;
const CRASHES = 40;
const DAY = 24 * 60 * 60_000;
const MIB = 1024 * 1024;

const rows = {};
for (const size of SIZES) rows[size] = await measure(size);
console.log(
  `Hosts with ${CONTAINERS} containers each: one idle check of all over the lists themselves (aim: 50 hosts in 30 ms), memory,\n` +
    'and how long after its end is told a crashed container is being started, while all answer and while one host hangs:',
);
console.table(rows);

async function measure(size) {
  const engines = new Map(
    Array.from({ length: size }, (_, index) => [index === 0 ? 'local' : `host-${index}`, engine()]),
  );
  await collect();
  const heapBefore = process.memoryUsage().heapUsed;
  const others = [...engines.keys()].slice(1);
  const app = await startMonitor({
    check: { intervalMs: DAY, startupDelayMs: 0 },
    storage: { kind: 'memory' },
    hosts: Object.fromEntries(others.map((host) => [host, { runtime: { socketPath: `/run/${host}.sock` } }])),
    overrides: [
      { provide: ContainerRuntime, useValue: engines.get('local') },
      { provide: RuntimeFactory, useValue: { create: (_, host) => engines.get(host) } },
    ],
  });
  const monitors = app.get(WatchedHosts).all.map(({ monitor }) => monitor);
  const check = () => Promise.all(monitors.map((monitor) => monitor.check('all')));
  await check();
  // Until its events are heard, every container is looked at closely.
  await wait(500);
  for (let done = 0; done < WARM_UP; done++) await check();
  const ours = [];
  for (let done = 0; done < CYCLES; done++)
    ours.push((await timed(check)) - (await timed(() => listAll(engines))));
  await collect();
  const heap = process.memoryUsage().heapUsed - heapBefore;
  const target = [...engines.values()].at(-1);
  const answers = await crashes(target, 0);
  const release = size === 1 ? () => undefined : engines.get('local').hang('list');
  if (size > 1) void monitors[0].check('all').catch(() => undefined);
  const besideOneThatHangs = await crashes(target, CRASHES / 2);
  release();
  await app.close();
  return {
    'idle check, ms': rounded(median(ours), 2),
    '95 of 100': rounded(percentile(ours, 0.95), 2),
    'memory, MiB': rounded(heap / MIB),
    'KiB a container': rounded(heap / 1024 / size / CONTAINERS),
    'crash to start, ms': rounded(median(answers), 2),
    'while one hangs, ms': rounded(median(besideOneThatHangs), 2),
  };
}

function engine() {
  const runtime = new InMemoryRuntime();
  for (let index = 0; index < CONTAINERS; index++)
    runtime.add({ name: `app-${index}`, startedAt: Date.now() - DAY });
  return runtime;
}

function listAll(engines) {
  return Promise.all([...engines.values()].map((one) => one.list()));
}

async function collect() {
  globalThis.gc?.();
  await wait(50);
  globalThis.gc?.();
}

async function crashes(runtime, first) {
  const answers = [];
  for (let index = first; index < first + CRASHES / 2; index++)
    answers.push(await crashToStart(runtime, `app-${index}`));
  return answers;
}
