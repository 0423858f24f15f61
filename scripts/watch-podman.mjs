// Heals the containers of the Podman behind a socket until it is told to end. Says "ready" when it watches.
//
//   node watch-podman.mjs SOCKET
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { HealthMonitorModule } from '@archipelago/health-monitor';

class AppModule {}
Module({
  imports: [
    ScheduleModule.forRoot(),
    HealthMonitorModule.forRoot({
      preset: 'none',
      http: false,
      socket: false,
      storage: { kind: 'memory' },
      // As quick as it may be: what gets in somebody's way then gets there.
      check: { intervalMs: 1_000, startupDelayMs: 0 },
      restart: { backoffMs: [500] },
      runtime: { kind: 'podman', socketPath: process.argv[2] },
    }),
  ],
})(AppModule);

const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn', 'log'] });
process.on('SIGTERM', () => void app.close());
console.log('ready');
