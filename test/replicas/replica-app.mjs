// A real replica, to be killed, frozen and cut off: the built package on PostgreSQL, watching an engine that the test plays.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { ContainerRuntime, HealthMonitorModule } from '@archipelago/health-monitor';
import { RemoteRuntime } from '../support/remote-runtime.mjs';

const { ENGINE_URL, DATABASE_URL, WEBHOOK_URL, REPLICA, PORT, PATIENT } = process.env;
/** Those that are never given up: they end far more often than anything real. */
const patient = PATIENT.split(',').map((name) => [name, { maxAttempts: 100 }]);

class AppModule {}
Module({
  imports: [
    ScheduleModule.forRoot(),
    HealthMonitorModule.forRoot({
      access: 'open',
      preset: 'none',
      nodeId: 'node',
      storage: { kind: 'postgres', url: DATABASE_URL },
      check: { intervalMs: 500, startupDelayMs: 0, events: false },
      restart: { backoffMs: [150, 300, 600], maxConcurrent: 8, tierSettleMs: 0 },
      containers: Object.fromEntries(patient),
      notifications: { keep: 1000 },
      webhooks: { allowCidrs: ['127.0.0.0/8'], endpoints: [{ id: 'test', url: WEBHOOK_URL }] },
      overrides: [{ provide: ContainerRuntime, useValue: new RemoteRuntime(ENGINE_URL, REPLICA) }],
    }),
  ],
})(AppModule);

const app = await NestFactory.create(AppModule, { logger: process.env['SHOW_LOG'] ? undefined : ['error'] });
await app.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => void app.close().then(() => process.exit()));
process.send?.('ready');
