// A real app, to be killed: the built package on SQLite, watching an engine that another process plays.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { ContainerRuntime, HealthMonitorModule } from '@archipelago/health-monitor';
import { RemoteRuntime } from '../support/remote-runtime.mjs';

const { ENGINE_URL, DATABASE, WEBHOOK_URL } = process.env;

class AppModule {}
Module({
  imports: [
    ScheduleModule.forRoot(),
    HealthMonitorModule.forRoot({
      http: false,
      socket: false,
      storage: { kind: 'sqlite', path: DATABASE },
      check: { intervalMs: 200, startupDelayMs: 0, events: false },
      restart: { backoffMs: [150, 300, 600], maxConcurrent: 8 },
      notifications: { keep: 1000 },
      webhooks: { allowCidrs: ['127.0.0.0/8'], endpoints: [{ id: 'test', url: WEBHOOK_URL }] },
      overrides: [{ provide: ContainerRuntime, useValue: new RemoteRuntime(ENGINE_URL) }],
    }),
  ],
})(AppModule);

const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error'] });
process.on('SIGTERM', () => void app.close());
process.send?.('ready');
