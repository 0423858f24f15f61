import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { HealthMonitorModule } from '../../dist/index.js';

const LOGGING = { logger: ['error', 'warn'] };

const appWith = (options) => ({
  module: class {},
  imports: [ScheduleModule.forRoot(), HealthMonitorModule.forRoot(options)],
});

/** An app that watches and serves nobody: the module with these `options`, heals at once unless they say otherwise. */
export const startMonitor = (options) =>
  NestFactory.createApplicationContext(
    appWith({ http: false, socket: false, check: { startupDelayMs: 0 }, ...options }),
    LOGGING,
  );

/** An app that serves everybody on a free port of 127.0.0.1: the module with these `options`. */
export async function startServer(options) {
  const app = await NestFactory.create(appWith({ access: 'open', ...options }), LOGGING);
  await app.listen(0, '127.0.0.1');
  return app;
}
