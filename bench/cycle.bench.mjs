// How long one check takes: list all containers, decide, keep, tell; and how soon a crash among them is answered. From
// 100 to 10,000 containers in memory.
//
//   npm run build && node bench/cycle.bench.mjs
import 'reflect-metadata';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { Monitor } from '../dist/health-monitor/cycle/index.js';
import { ContainerRuntime, HealthMonitorModule } from '../dist/index.js';
import { InMemoryRuntime } from '../dist/testing/index.js';
import { crashToStart } from './lib/crash-to-start.mjs';
import { median, percentile, rounded } from './lib/statistics.mjs';

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
  const app = await NestFactory.createApplicationContext(
    {
      module: class {},
      imports: [
        ScheduleModule.forRoot(),
        HealthMonitorModule.forRoot({
          http: false,
          socket: false,
          check: { intervalMs: DAY, startupDelayMs: 0 },
          storage: { kind: 'memory' },
          overrides: [{ provide: ContainerRuntime, useValue: runtime }],
        }),
      ],
    },
    { logger: ['error'] },
  );
  const monitor = app.get(Monitor);
  // What an engine in memory itself takes to answer is no work of ours.
  let listing = 0;
  const list = runtime.list.bind(runtime);
  runtime.list = async () => {
    const began = performance.now();
    const listed = await list();
    listing = performance.now() - began;
    return listed;
  };
  const timed = async () => {
    const began = performance.now();
    await monitor.check('all');
    return performance.now() - began;
  };
  const first = await timed();
  // Until its events are heard, every container is looked at closely.
  await wait(500);
  for (let done = 0; done < WARM_UP; done++) await timed();
  const idle = [];
  const ours = [];
  const cpuBefore = process.cpuUsage();
  for (let done = 0; done < CYCLES; done++) {
    const all = await timed();
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
