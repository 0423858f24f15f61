// How long a crashed container is down: healed by us, and restarted by Podman's own `--restart=always`.
//
//   npm run build && sudo node bench/healing.bench.mjs        (CRASHES=30)
//
// Both are measured alike, by Podman's own clock: from `FinishedAt` to `StartedAt`. They crash in turn, in one run.
import 'reflect-metadata';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { HealthMonitorModule } from '../dist/index.js';
import { downtime } from './lib/downtime.mjs';
import { PodmanEngine } from './lib/podman-engine.mjs';
import { median, percentile, rounded } from './lib/statistics.mjs';

const CRASHES = Number(process.env.CRASHES ?? 30);
const BETWEEN_MS = 1_500;

const engine = await PodmanEngine.start();
let app;
try {
  for (const code of [139, 1]) {
    await engine.run(`ours-${code}`);
    await engine.run(`podmans-${code}`, '--restart', 'always');
  }
  app = await NestFactory.createApplicationContext(
    {
      module: class {},
      imports: [
        ScheduleModule.forRoot(),
        HealthMonitorModule.forRoot({
          http: false,
          socket: false,
          runtime: { kind: 'podman', socketPath: engine.socketPath },
          check: { startupDelayMs: 0 },
          restart: { maxAttempts: 100, backoffMs: [0] },
          storage: { kind: 'sqlite', path: join(engine.directory, 'bench.db') },
        }),
      ],
    },
    { logger: ['error', 'warn'] },
  );
  await wait(3_000);

  for (const code of [139, 1]) {
    const down = { ours: [], podmans: [] };
    for (let crash = 0; crash < CRASHES; crash++) {
      for (const whose of crash % 2 === 0 ? ['ours', 'podmans'] : ['podmans', 'ours']) {
        down[whose].push(await downtime(engine, `${whose}-${code}`, code));
        await wait(BETWEEN_MS);
      }
    }
    const row = (values) => ({
      crashes: values.length,
      'median, ms': rounded(median(values)),
      '95 of 100, ms': rounded(percentile(values, 0.95)),
      'worst, ms': rounded(Math.max(...values)),
    });
    console.log(`Down after an exit with ${code}:`);
    console.table({
      'healed by us': row(down.ours),
      '--restart=always': row(down.podmans),
      [code === 139 ? 'ratio (aim: median <= 1.3, worst <= 2)' : 'ratio']: {
        'median, ms': rounded(median(down.ours) / median(down.podmans), 2),
        '95 of 100, ms': rounded(percentile(down.ours, 0.95) / percentile(down.podmans, 0.95), 2),
        'worst, ms': rounded(Math.max(...down.ours) / Math.max(...down.podmans), 2),
      },
    });
  }
} finally {
  await app?.close();
  await engine.dispose();
}
