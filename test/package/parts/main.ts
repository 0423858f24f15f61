import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import {
  Clock,
  ContainerRuntime,
  HealthMonitorModule,
  HealthMonitorService,
  HealthStore,
  RestartPolicy,
  type ContainerView,
} from '@archipelago/health-monitor';
import { ManualClock } from '@archipelago/health-monitor/testing';
import { JsonFileStore } from './json-file.store.js';
import { QuietNights } from './quiet-nights.policy.js';
import { ToyEngineRuntime } from './toy-engine.runtime.js';
import { ToyEngine } from './toy-engine.js';

const clock = new ManualClock(new Date(2026, 0, 1, 6, 59, 50).getTime());
const engine = new ToyEngine(() => clock.now());

@Module({
  imports: [
    ScheduleModule.forRoot(),
    HealthMonitorModule.forRoot({
      http: false,
      socket: false,
      check: { startupDelayMs: 0 },
      overrides: [
        { provide: Clock, useValue: clock },
        { provide: ContainerRuntime, useFactory: () => new ToyEngineRuntime(engine) },
        { provide: HealthStore, useFactory: () => new JsonFileStore('health.json') },
        { provide: RestartPolicy, useFactory: () => new QuietNights() },
      ],
    }),
  ],
})
class AppModule {}

const robot = engine.make('robot');
engine.switchOn(robot);

const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
await shownAs(({ status }) => status === 'healthy');
engine.end(robot, 139);
const atNight = await shownAs(({ decision }) => decision.reason.includes('night'));
clock.advance(10_000);
const inTheMorning = await shownAs(({ state }) => state === 'running');
await app.close();
console.log(JSON.stringify({ atNight, inTheMorning }));

/** How the monitor shows the robot, once that is as it should be. */
async function shownAs(should: (robot: ContainerView) => boolean): Promise<ContainerView> {
  const monitor = app.get(HealthMonitorService, { strict: false });
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await pause(20)) {
    const [shown] = monitor.containers();
    if (shown && should(shown)) return shown;
  }
  throw new Error(`It is otherwise: ${JSON.stringify(monitor.containers())}`);
}
