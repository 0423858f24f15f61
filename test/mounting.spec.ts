import {
  Controller,
  Get,
  Inject,
  Injectable,
  Logger,
  Module,
  type INestApplication,
  type LoggerService,
  type Type,
} from '@nestjs/common';
import { MetadataScanner } from '@nestjs/core';
import { ConfigModule, registerAs } from '@nestjs/config';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ContainerRuntime,
  HealthMonitorModule,
  HealthMonitorService,
  HealthStore,
  leave,
  MemoryLeakService,
  NotificationsService,
  RestartPolicy,
  WebhookService,
  type Decision,
  type HealthMonitorOptions,
  type Situation,
} from '../src/index.js';
import { MemoryStore } from '../src/common/store/index.js';
import { InMemoryRuntime } from '../src/testing/index.js';

const OPTIONS: HealthMonitorOptions = {
  access: 'open',
  storage: { kind: 'memory' },
  check: { startupDelayMs: 0, intervalMs: 1_000 },
};

let app: INestApplication | undefined;
let runtime: InMemoryRuntime;
let log: string[];

/** Keeps what would be logged. */
const listening: LoggerService = {
  log: (message: unknown) => log.push(`log ${String(message)}`),
  warn: (message: unknown) => log.push(`warn ${String(message)}`),
  error: (message: unknown) => log.push(`error ${String(message)}`),
};

async function boot(
  ...imports: NonNullable<Parameters<typeof Test.createTestingModule>[0]['imports']>
): Promise<INestApplication> {
  const module = await Test.createTestingModule({ imports }).setLogger(listening).compile();
  app = module.createNestApplication({ logger: listening });
  Logger.overrideLogger(listening);
  await app.listen(0, '127.0.0.1');
  return app;
}

const onTheFake = () => ({ overrides: [{ provide: ContainerRuntime, useValue: runtime }] });

beforeEach(() => {
  log = [];
  runtime = new InMemoryRuntime();
  runtime.add({ name: 'web', state: 'running', startedAt: Date.now() - 3_600_000 });
});

afterEach(async () => {
  await app?.close();
  app = undefined;
});

/** The first part of every route under the path of REST. */
function restRoutes(): Set<string> {
  const { controllers = [] } = HealthMonitorModule.forRoot({ http: { path: 'base' } });
  const routes = controllers.flatMap((controller) => {
    const prototype = controller.prototype as Record<string, object>;
    const mount = Reflect.getMetadata('path', controller) as string;
    return new MetadataScanner()
      .getAllMethodNames(prototype)
      .flatMap((name) => Reflect.getMetadata('path', prototype[name]!) as string | string[])
      .map((path) => `${mount}/${path}`);
  });
  return new Set(routes.map((route) => route.split('/')[1]!));
}

describe('mounting the module', () => {
  it('leaves no route of REST to the page', () => {
    const routes = restRoutes();
    expect(routes).toContain('containers');
    for (const route of routes) {
      expect(() =>
        HealthMonitorModule.forRoot({ access: 'open', dashboard: { path: `health-monitor/${route}` } }),
      ).toThrow('dashboard.path: expected a path where REST does not answer');
    }
  });

  it('takes its options from a Nest configuration file', async () => {
    const config = registerAs('healthMonitor', (): HealthMonitorOptions => ({
      ...OPTIONS,
      nodeId: 'from-config',
    }));
    const host = await boot(
      ConfigModule.forRoot({ load: [config] }),
      ScheduleModule.forRoot(),
      HealthMonitorModule.forRootAsync({
        ...config.asProvider(),
        ...onTheFake(),
        http: { path: 'admin/health' },
      }),
    );
    const response = await fetch(`${await host.getUrl()}/admin/health/status`);
    expect(await response.json()).toMatchObject({ nodeId: 'from-config' });
  });

  it('gives hosts everything that is injectable', async () => {
    @Controller('host')
    class HostController {
      constructor(
        @Inject(HealthMonitorService) private readonly monitor: HealthMonitorService,
        private readonly policy: RestartPolicy,
        private readonly leaks: MemoryLeakService,
        private readonly webhooks: WebhookService,
        private readonly notifications: NotificationsService,
        private readonly store: HealthStore,
        private readonly engine: ContainerRuntime,
      ) {}

      @Get()
      all(): boolean[] {
        return [
          this.monitor,
          this.policy,
          this.leaks,
          this.webhooks,
          this.notifications,
          this.store,
          this.engine,
        ].map(Boolean);
      }
    }
    @Module({ controllers: [HostController] })
    class HostModule {}
    const host = await boot(
      ScheduleModule.forRoot(),
      HostModule,
      HealthMonitorModule.forRoot({ ...OPTIONS, ...onTheFake(), isGlobal: true }),
    );
    const response = await fetch(`${await host.getUrl()}/host`);
    expect(await response.json()).toEqual(Array(7).fill(true));
  });

  it('lets the host decide otherwise', async () => {
    @Injectable()
    class Lazy extends RestartPolicy {
      override decide(situation: Situation): Decision {
        return situation.container.state === 'exited'
          ? leave('left-by-policy', 'Too lazy.')
          : super.decide(situation);
      }
    }
    const host = await boot(
      ScheduleModule.forRoot(),
      HealthMonitorModule.forRoot({
        ...OPTIONS,
        overrides: [...onTheFake().overrides, { provide: RestartPolicy, useClass: Lazy as Type }],
      }),
    );
    const monitor = host.get(HealthMonitorService, { strict: false });
    await expect.poll(() => monitor.containers()).toHaveLength(1);
    runtime.crash('web', 1);
    await expect.poll(() => monitor.containers()[0]?.decision.reason).toBe('Too lazy.');
    expect(runtime.acts).toEqual([]);
  });

  it('says clearly at boot that the host forgot ScheduleModule, and heals nothing by half', async () => {
    const hearing = vi.spyOn(runtime, 'events');
    await boot(HealthMonitorModule.forRoot({ ...OPTIONS, ...onTheFake() }));
    expect(log).toContainEqual(
      expect.stringMatching(/^error Nothing will be checked: import ScheduleModule\.forRoot\(\)/),
    );
    expect(hearing).not.toHaveBeenCalled();
  });

  it('says in one line at boot what it does, where it keeps things and where it is served', async () => {
    await boot(ScheduleModule.forRoot(), HealthMonitorModule.forRoot({ ...OPTIONS, ...onTheFake() }));
    expect(log.filter((line) => line.includes('Kept in'))).toEqual([
      'log Mode heal: what goes down is brought back. Kept in memory, until this process ends. Served: REST at ' +
        "/health-monitor (behind the app's global prefix, where it has one).",
    ]);
  });

  it('opens a store of the host’s own before anybody is given it', async () => {
    const calls: string[] = [];
    class Own extends MemoryStore {
      override open(): Promise<void> {
        calls.push('open');
        return super.open();
      }
      override commit(...change: Parameters<MemoryStore['commit']>): ReturnType<MemoryStore['commit']> {
        calls.push('commit');
        return super.commit(...change);
      }
    }
    const host = await boot(
      ScheduleModule.forRoot(),
      HealthMonitorModule.forRoot({
        ...OPTIONS,
        overrides: [...onTheFake().overrides, { provide: HealthStore, useFactory: () => new Own() }],
      }),
    );
    await expect.poll(() => calls.slice(0, 2)).toEqual(['open', 'commit']);
    expect(calls.filter((call) => call === 'open')).toHaveLength(1);
    expect(host.get(HealthStore, { strict: false })).toBeInstanceOf(Own);
  });

  it('can be mounted once for each engine', async () => {
    const other = new InMemoryRuntime();
    other.add({ name: 'immich', state: 'running', startedAt: Date.now() - 3_600_000 });
    const host = await boot(
      ScheduleModule.forRoot(),
      HealthMonitorModule.forRoot({ ...OPTIONS, ...onTheFake() }),
      HealthMonitorModule.forRoot({
        ...OPTIONS,
        http: { path: 'users-health' },
        socket: { namespace: '/users-health' },
        overrides: [{ provide: ContainerRuntime, useValue: other }],
      }),
    );
    const namesAt = async (path: string) => {
      const response = await fetch(`${await host.getUrl()}/${path}/containers`);
      return ((await response.json()) as { name: string }[]).map(({ name }) => name);
    };
    await expect.poll(() => namesAt('health-monitor')).toEqual(['web']);
    await expect.poll(() => namesAt('users-health')).toEqual(['immich']);
    other.crash('immich', 1);
    await expect.poll(() => other.acts).toMatchObject([{ kind: 'start', name: 'immich' }]);
    expect(runtime.acts).toEqual([]);
  });

  it('refuses to boot without access, and says what to write', async () => {
    await expect(boot(ScheduleModule.forRoot(), HealthMonitorModule.forRoot(onTheFake()))).rejects.toThrow(
      /access/,
    );
  });

  it('boots without an engine, and tells people what to do', async () => {
    runtime.goAway('Nothing listens at the socket. Start it with `systemctl enable --now podman.socket`.');
    const host = await boot(
      ScheduleModule.forRoot(),
      HealthMonitorModule.forRoot({ ...OPTIONS, ...onTheFake() }),
    );
    const notifications = host.get(NotificationsService, { strict: false });
    await expect
      .poll(() => notifications.list())
      .toMatchObject([
        {
          type: 'engine.unreachable',
          title: 'The engine does not answer',
          message: expect.stringContaining('systemctl enable --now') as string,
        },
      ]);
  });

  it('is checked by the host’s scheduler alone, and leaves no timer behind', async () => {
    const host = await boot(
      ScheduleModule.forRoot(),
      HealthMonitorModule.forRoot({ ...OPTIONS, ...onTheFake() }),
    );
    const monitor = host.get(HealthMonitorService, { strict: false });
    await expect.poll(() => monitor.status().lastCheckAt).not.toBeNull();
    await host.close();
    app = undefined;
    const before = monitor.status().lastCheckAt;
    runtime.crash('web', 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(monitor.status().lastCheckAt).toBe(before);
    expect(runtime.acts).toEqual([]);
    expect(
      process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length,
    ).toBeLessThanOrEqual(2);
  });

  it('waits at shutdown for what is under way', async () => {
    const host = await boot(
      ScheduleModule.forRoot(),
      HealthMonitorModule.forRoot({ ...OPTIONS, ...onTheFake() }),
    );
    const monitor = host.get(HealthMonitorService, { strict: false });
    await expect.poll(() => monitor.containers()).toHaveLength(1);
    const release = runtime.hang('start', 'web');
    runtime.crash('web', 1);
    await expect.poll(() => monitor.containers()[0]?.attempts).toBe(1);
    const closed = host.close();
    app = undefined;
    setImmediate(release);
    await closed;
    expect(runtime.peek('web').state).toBe('running');
  });
});
