import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Clock, SystemClock } from '../common/clock/index.js';
import { HealthState } from '../common/events/index.js';
import {
  HEALTH_MONITOR_OPTIONS,
  resolveExtras,
  resolveOptions,
  type HealthMonitorExtras,
  type HealthMonitorOptions,
} from '../common/options/index.js';
import { HealthStore } from '../common/store/index.js';
import { NotificationsService } from '../notifications/index.js';
import { webhooksProviders, WebhookService } from '../webhooks/index.js';
import { ContainerActs } from './container-acts.js';
import { FollowedHosts, WatchByRole } from './following/index.js';
import { HealthMonitorScheduler } from './health-monitor.scheduler.js';
import { HealthMonitorService } from './health-monitor.service.js';
import { hostsProviders } from './hosts/index.js';
import { MemoryLeakService } from './memory/index.js';
import { RestartPolicy } from './policy/index.js';
import { ContainerRuntime } from './runtime/index.js';
import { servedParts } from './served-parts.js';
import { startLineProvider } from './start-line.js';
import { asUnopened, storeProviders } from './store.providers.js';
import { telemetryProviders } from './telemetry.providers.js';

/** What `forRootAsync` takes; `registerAs(…).asProvider()` of @nestjs/config gives `imports`, `inject` and `useFactory`. */
export interface HealthMonitorAsyncOptions extends HealthMonitorExtras {
  imports?: DynamicModule['imports'];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as Nest's own FactoryProvider has it
  useFactory: (...args: any[]) => HealthMonitorOptions | Promise<HealthMonitorOptions>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
  inject?: any[];
}

/** Watches containers, heals them, and tells people. The host imports `ScheduleModule.forRoot()` of @nestjs/schedule. */
@Module({})
export class HealthMonitorModule {
  /** @throws HealthMonitorOptionsError with every problem at once, when the app is created */
  static forRoot(options: HealthMonitorOptions & HealthMonitorExtras = {}): DynamicModule {
    const { http, socket, dashboard, metrics, decorators, overrides, isGlobal, ...rest } = options;
    const extras = { http, socket, dashboard, metrics, decorators, overrides, isGlobal };
    return this.forRootAsync({ ...extras, useFactory: () => rest });
  }

  /** As `forRoot`, with the options from a factory; what is written beside it is fixed before that runs. */
  static forRootAsync({ imports, useFactory, inject, ...extras }: HealthMonitorAsyncOptions): DynamicModule {
    const resolved = resolveExtras(extras);
    const served = servedParts(resolved);
    return {
      module: HealthMonitorModule,
      global: resolved.isGlobal,
      imports: imports ?? [],
      controllers: served.controllers,
      providers: [
        {
          provide: HEALTH_MONITOR_OPTIONS,
          useFactory: async (...args: unknown[]) => resolveOptions(await useFactory(...args), extras),
          inject: inject ?? [],
        },
        ...PROVIDERS,
        startLineProvider(resolved),
        ...telemetryProviders(resolved),
        ...served.providers,
        ...resolved.overrides.map(asUnopened),
      ],
      exports: EXPORTS,
    };
  }
}

const PROVIDERS: readonly Provider[] = [
  { provide: Clock, useClass: SystemClock },
  ...storeProviders,
  ...hostsProviders,
  FollowedHosts,
  WatchByRole,
  ContainerActs,
  HealthMonitorService,
  { provide: HealthState, useExisting: HealthMonitorService },
  HealthMonitorScheduler,
  NotificationsService,
  ...webhooksProviders,
];

const EXPORTS = [
  ContainerRuntime,
  RestartPolicy,
  MemoryLeakService,
  HealthMonitorService,
  HealthStore,
  NotificationsService,
  WebhookService,
];
