// How long one check takes: list all containers, decide, keep, tell; and how soon a crash among them is answered. From
// 100 to 10,000 containers in memory.
//
//   npm run build && node bench/cycle.bench.mjs
import { setTimeout as wait } from 'node:timers/promises';
import { WatchedHosts } from '../dist/health-monitor/hosts/index.js';
import { ContainerRuntime } from '../dist/index.js';
import { InMemoryRuntime } from '../dist/testing/index.js';
import { crashToStart } from './lib/crash-to-start.mjs';
import { startMonitor } from './lib/monitored-app.mjs';
import { median, percentile, rounded, timed } from './lib/statistics.mjs';

const SIZES = process.env.SIZES?.split(',').map(Number) ?? [100, 300, 1_000, 3_000, 10_000];
const CYCLES = 60;
const CRASHES = 30;
/** Until the code is compiled, cycles say little of those that follow. */
const WARM_UP = 30;
const DAY = 24 * 60 * 60_000;

const rows = {};
for (const size of SIZES) rows[size] = await measure(size);
console.log(
  'One check of containers in memory, over the list itself (aims: 1,000 in 3 ms, 10,000 in 30 ms), how it grows, and\n' +
    'how long after its end is told one crashed container is being started (aim: 5 ms among 1,000):',
);
console.table(rows);

async function measure(size) {
  const runtime = new InMemoryRuntime();
  for (let index = 0; index < size; index++) {
    runtime.add({
      name: `app-${index}`,
      startedAt: Date.now() - DAY,
      // Every second one needs the one before it.
      labels: index % 2 === 1 ? { 'health-monitor.depends-on': `app-${index - 1}` } : {},
    });
  }
  const app = await startMonitor({
    check: { intervalMs: DAY, startupDelayMs: 0 },
    storage: { kind: 'memory' },
    overrides: [{ provide: ContainerRuntime, useValue: runtime }],
  });
  const [{ monitor }] = app.get(WatchedHosts).all;
  // What an engine in memory itself takes to answer is no work of ours.
  let listing = 0;
  const list = runtime.list.bind(runtime);
  runtime.list = async () => {
    let listed;
    listing = await timed(async () => (listed = await list()));
    return listed;
  };
  const check = () => monitor.check('all');
  const first = await timed(check);
  // Until its events are heard, every container is looked at closely.
  await wait(500);
  for (let done = 0; done < WARM_UP; done++) await check();
  const idle = [];
  const ours = [];
  const cpuBefore = process.cpuUsage();
  for (let done = 0; done < CYCLES; done++) {
    const all = await timed(check);
    idle.push(all);
    ours.push(all - listing);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpuMs = (user + system) / 1_000 / CYCLES;
  const answers = [];
  for (let done = 0; done < CRASHES; done++) answers.push(await crashToStart(runtime, `app-${done * 2}`));
  await app.close();
  return {
    'first check, ms': rounded(first),
    'nothing changed, ms': rounded(median(idle), 2),
    fastest: rounded(Math.min(...idle), 2),
    '95 of 100': rounded(percentile(idle, 0.95), 2),
    'without the engine, ms': rounded(median(ours), 2),
    'crash to start, ms': rounded(median(answers), 2),
    '95 of 100 crashes': rounded(percentile(answers, 0.95), 2),
    'processor, ms': rounded(cpuMs, 2),
    'processor, µs a container': rounded((cpuMs / size) * 1_000, 2),
  };
}
