import { Controller, Get, type INestApplication } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryStore } from '../src/common/store/index.js';
import { Clock, ContainerRuntime, HealthMonitorModule, HealthStore } from '../src/index.js';
import { HealthMonitorScheduler } from '../src/health-monitor/health-monitor.scheduler.js';
import { HealthMonitorIndicator } from '../src/terminus/index.js';
import { InMemoryRuntime, ManualClock } from '../src/testing/index.js';

@Controller('health')
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly monitor: HealthMonitorIndicator,
  ) {}

  @Get()
  @HealthCheck()
  check() {
    return this.health.check([() => this.monitor.isHealthy('health-monitor')]);
  }
}

/** One whose disk is full at times. */
class Store extends MemoryStore {
  say(kind: 'degraded' | 'recovered'): Promise<void> {
    return this.announce({ kind, reason: 'The disk of /srv is full.' });
  }
}

const MINUTE = 60_000;
const BEAT_MS = 1_000;
/** Some checks ask the host, in a process that takes real time. */
const SOON = { timeout: 10_000 };

let app: INestApplication;
let runtime: InMemoryRuntime;
let clock: ManualClock;
let store: Store;

async function ask(): Promise<{ status: number; text: string; monitor: any }> {
  const response = await fetch(`${await app.getUrl()}/health`);
  const text = await response.text();
  return { status: response.status, text, monitor: JSON.parse(text).details['health-monitor'] };
}

beforeEach(async () => {
  clock = new ManualClock();
  runtime = new InMemoryRuntime({ clock });
  store = new Store();
  for (const name of ['db', 'web']) {
    runtime.add({ name, state: 'running', startedAt: clock.now() - 60 * MINUTE });
  }
  const module = await Test.createTestingModule({
    imports: [
      TerminusModule.forRoot({ logger: false }),
      HealthMonitorModule.forRoot({
        access: 'open',
        check: { startupDelayMs: 0 },
        overrides: [
          { provide: ContainerRuntime, useValue: runtime },
          { provide: Clock, useValue: clock },
          { provide: HealthStore, useValue: store },
          // Stands for the host's ScheduleModule: the heart is beaten by hand.
          { provide: SchedulerRegistry, useValue: {} },
        ],
      }),
    ],
    controllers: [HealthController],
    providers: [HealthMonitorIndicator],
  }).compile();
  app = module.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  await expect.poll(monitorLater, SOON).toMatchObject({ containers: { total: 2, healthy: 2 } });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await app.close();
});

/** So many milliseconds go by, and what is due is done. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= BEAT_MS) {
    await clock.advanceAsync(Math.min(left, BEAT_MS));
    app.get(HealthMonitorScheduler, { strict: false }).beat();
    await clock.advanceAsync(0);
  }
}

async function monitorLater(): Promise<any> {
  await pass(BEAT_MS);
  return (await ask()).monitor;
}

describe('the indicator of terminus', () => {
  it('is up, with how the monitor is', async () => {
    const { status, monitor } = await ask();
    expect(status).toBe(200);
    expect(monitor).toMatchObject({
      status: 'up',
      mode: 'heal',
      engine: { kind: 'in-memory', reachable: true },
      lastCheckAt: expect.stringMatching(/^2026-/),
      store: { kind: 'memory', durable: true },
      containers: { total: 2, healthy: 2 },
      incidents: { open: 0, wrong: 0 },
    });
  });

  it('is up while an app is down, and counts it', async () => {
    runtime.refuseStart('db', 'a volume is gone');
    runtime.crash('db', 1);
    await expect
      .poll(monitorLater, SOON)
      .toMatchObject({ status: 'up', containers: { healthy: 1 }, incidents: { wrong: 1 } });
    const { status, text } = await ask();
    expect(status).toBe(200);
    expect(text).not.toContain('volume');
  });

  it('is up while the engine does not answer, and says so', async () => {
    runtime.goAway('The socket /run/podman.sock is gone.');
    await pass(10 * MINUTE);
    const { status, text, monitor } = await ask();
    expect(monitor).toMatchObject({ status: 'up', engine: { reachable: false } });
    expect(status).toBe(200);
    expect(text).not.toContain('podman.sock');
  });

  it('is down while no check comes to an end', async () => {
    let giveUp = (_: Error): void => undefined;
    vi.spyOn(runtime, 'list').mockReturnValue(new Promise((_, reject) => (giveUp = reject)));
    await pass(4 * MINUTE);
    expect((await ask()).monitor.status).toBe('up');
    await pass(2 * MINUTE);
    const { status, text } = await ask();
    expect(status).toBe(503);
    expect(text).toContain('No check has come to an end for 6 minutes.');
    giveUp(new Error('The test is over.'));
  });

  it('is down while checks fail by an error of its own, and up again after that', async () => {
    const list = vi.spyOn(runtime, 'list').mockRejectedValue(new TypeError('name of a secret'));
    await pass(2 * MINUTE);
    const { status, text } = await ask();
    expect(status).toBe(503);
    expect(text).toContain('Checks fail by an error of the monitor');
    expect(text).not.toContain('name of a secret');
    list.mockRestore();
    await pass(MINUTE);
    expect((await ask()).status).toBe(200);
  });

  it('is down while the store cannot be written', async () => {
    await store.say('degraded');
    const { status, text } = await ask();
    expect(status).toBe(503);
    expect(text).toContain('The store cannot be written');
    expect(text).not.toContain('/srv');
    await store.say('recovered');
    expect((await ask()).status).toBe(200);
  });
});
