// A real app, to be killed: the built package on SQLite, watching an engine that another process plays.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { ContainerRuntime, HealthMonitorModule, RuntimeError } from '@archipelago/health-monitor';

const { ENGINE_URL, DATABASE, WEBHOOK_URL } = process.env;

/** Asks the engine of the test, call by call. It has no events: everything is found by looking. */
class RemoteRuntime extends ContainerRuntime {
  info = () => this.#ask('info');
  list = () => this.#ask('list');
  inspect = (id) => this.#ask('inspect', id);
  memory = () => this.#ask('memory');
  logs = (id, lines) => this.#ask('logs', id, lines);
  start = (id) => this.#ask('start', id);
  stop = (id, { timeoutMs }) => this.#ask('stop', id, { timeoutMs });
  restart = (id, { timeoutMs }) => this.#ask('restart', id, { timeoutMs });

  async *events({ signal }) {
    yield* [];
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }

  async #ask(call, ...args) {
    const response = await fetch(ENGINE_URL, { method: 'POST', body: JSON.stringify({ call, args }) });
    const answer = await response.json();
    if (answer.error) throw new RuntimeError(answer.error.kind, answer.error.message);
    return answer.value;
  }
}

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
      overrides: [{ provide: ContainerRuntime, useValue: new RemoteRuntime() }],
    }),
  ],
})(AppModule);

const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error'] });
process.on('SIGTERM', () => void app.close());
process.send?.('ready');
