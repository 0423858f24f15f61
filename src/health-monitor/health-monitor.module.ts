import {
  applyDecorators,
  Logger,
  Module,
  type DynamicModule,
  type Provider,
  type Type,
} from '@nestjs/common';
import { mountControllers } from '../common/access/index.js';
import { Clock, ServerTimes, SystemClock } from '../common/clock/index.js';
import { Monitor, NotificationIds, type MonitorParts } from './cycle/index.js';
import { HealthState } from '../common/events/index.js';
import { LOCAL_HOST } from '../common/reference/index.js';
import { HealthMonitorController } from './health-monitor.controller.js';
import { HealthMonitorScheduler } from './health-monitor.scheduler.js';
import { HealthMonitorService } from './health-monitor.service.js';
import { Host, SystemHost } from './host/index.js';
import { EngineHost, HostStore, knownContainerIds, watchHost, WatchedHosts } from './hosts/index.js';
import { MonitorMeter, tracedActs } from './measure/index.js';
import { MemoryLeakService } from './memory/index.js';
import {
  HEALTH_MONITOR_OPTIONS,
  isElsewhere,
  optionsOfHost,
  resolveExtras,
  resolveOptions,
  type HealthMonitorExtras,
  type HealthMonitorOptions,
  type ResolvedExtras,
  type ResolvedOptions,
} from '../common/options/index.js';
import { RestartPolicy } from './policy/index.js';
import { BuiltInRuntimes, ContainerRuntime, RuntimeFactory } from './runtime/index.js';
import { EventStream, createHealthStore, HealthStore } from '../common/store/index.js';
import { createDashboardController, DashboardPage } from '../dashboard/index.js';
import { createMetricsController, Figures, measuredStore, MetricsService } from '../metrics/index.js';
import {
  createHealthMonitorGateway,
  type HealthMonitorGateway,
  NotificationsController,
  NotificationsService,
} from '../notifications/index.js';
import { MountedApi, OpenApiController } from '../openapi/index.js';
import {
  loadApi,
  MetricInstruments,
  tracedDeliveries,
  Tracing,
  type OpenTelemetryApi,
} from '../opentelemetry/index.js';
import { AROUND_ATTEMPT, webhooksControllers, webhooksProviders, WebhookService } from '../webhooks/index.js';

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
    const gateway = gatewayFor(resolved);
    const answering = rest(resolved);
    const controllers = [...answering, ...dashboardController(resolved)];
    controllers.forEach((controller) => applyDecorators(...resolved.decorators)(controller));
    return {
      module: HealthMonitorModule,
      global: resolved.isGlobal,
      imports: imports ?? [],
      controllers,
      providers: [
        {
          provide: HEALTH_MONITOR_OPTIONS,
          useFactory: async (...args: unknown[]) => resolveOptions(await useFactory(...args), extras),
          inject: inject ?? [],
        },
        ...PROVIDERS,
        ...(resolved.metrics === null ? [] : METRICS_PROVIDERS),
        mountedApi(resolved, answering),
        ...(gateway ? [gateway, ...dashboardPage(resolved, gateway)] : []),
        ...resolved.overrides.map(asUnopened),
      ],
      exports: EXPORTS,
    };
  }
}

const CONTROLLERS = [HealthMonitorController, NotificationsController, ...webhooksControllers];

/** The store of our making or the host's. */
const UNOPENED_STORE = Symbol('UNOPENED_STORE');

/** The engine as the monitor asks it; where metrics are on, it is measured. */
const ASKED_RUNTIME = Symbol('ASKED_RUNTIME');

/** `@opentelemetry/api` of the host; `null` where it has none. */
const OPEN_TELEMETRY = Symbol('OPEN_TELEMETRY');

/** They are there only where metrics are on; what takes them as optional does without. */
const METRICS_PROVIDERS: Provider[] = [
  Figures,
  MonitorMeter,
  MetricsService,
  {
    provide: MetricInstruments,
    useFactory: (api: OpenTelemetryApi | null, metrics: MetricsService, figures: Figures) =>
      api && new MetricInstruments(api, metrics, figures),
    inject: [OPEN_TELEMETRY, MetricsService, Figures],
  },
];

const PROVIDERS: Provider[] = [
  { provide: OPEN_TELEMETRY, useFactory: loadApi },
  {
    provide: Tracing,
    useFactory: (api: OpenTelemetryApi | null) => api && new Tracing(api),
    inject: [OPEN_TELEMETRY],
  },
  { provide: Clock, useClass: SystemClock },
  {
    provide: Host,
    useFactory: ({ runtime }: ResolvedOptions, engine: ContainerRuntime) =>
      isElsewhere(runtime) ? new EngineHost(engine, new SystemHost()) : new SystemHost(),
    inject: [HEALTH_MONITOR_OPTIONS, ContainerRuntime],
  },
  { provide: ServerTimes, useFactory: (clock: Clock) => new ServerTimes(clock), inject: [Clock] },
  {
    provide: UNOPENED_STORE,
    useFactory: ({ storage }: ResolvedOptions, clock: Clock) =>
      createHealthStore(storage, { clock, logger: new Logger('HealthStore') }),
    inject: [HEALTH_MONITOR_OPTIONS, Clock],
  },
  {
    provide: HealthStore,
    // Opened here, so that it is open for whoever is given it.
    useFactory: async (store: HealthStore) => {
      await store.open();
      return store;
    },
    inject: [UNOPENED_STORE],
  },
  NotificationIds,
  { provide: RuntimeFactory, useClass: BuiltInRuntimes },
  {
    provide: ContainerRuntime,
    useFactory: (runtimes: RuntimeFactory, { runtime }: ResolvedOptions, store: HealthStore) =>
      runtimes.create(runtime, LOCAL_HOST, () => knownContainerIds(new HostStore(store, null))),
    inject: [RuntimeFactory, HEALTH_MONITOR_OPTIONS, HealthStore],
  },
  {
    provide: ASKED_RUNTIME,
    useFactory: (runtime: ContainerRuntime, meter?: MonitorMeter) => meter?.measured(runtime) ?? runtime,
    inject: [ContainerRuntime, { token: MonitorMeter, optional: true }],
  },
  {
    provide: EventStream,
    useFactory: (store: HealthStore, clock: Clock, figures?: Figures) =>
      new EventStream(figures ? measuredStore(store, clock, figures) : store),
    inject: [HealthStore, Clock, { token: Figures, optional: true }],
  },
  RestartPolicy,
  {
    provide: MemoryLeakService,
    useFactory: (runtime: ContainerRuntime, clock: Clock, options: ResolvedOptions) =>
      new MemoryLeakService(runtime, clock, options),
    inject: [ASKED_RUNTIME, Clock, HEALTH_MONITOR_OPTIONS],
  },
  {
    provide: Monitor,
    useFactory: (
      runtime: ContainerRuntime,
      policy: RestartPolicy,
      memory: MemoryLeakService,
      store: HealthStore,
      stream: EventStream,
      notificationIds: NotificationIds,
      clock: Clock,
      host: Host,
      serverTimes: ServerTimes,
      all: ResolvedOptions,
      tracing: Tracing | null,
      meter?: MonitorMeter,
    ) => {
      const parts: MonitorParts = {
        runtime,
        policy,
        memory,
        store: new HostStore(store, null),
        stream,
        notificationIds,
        clock,
        host,
        serverTimes,
        options: optionsOfHost(all, null),
        isRemote: isElsewhere(all.runtime),
      };
      return new Monitor({
        ...parts,
        ...(meter && { onStep: (...heard) => meter.onStep(...heard) }),
        ...(tracing && { aroundAct: tracedActs(tracing) }),
      });
    },
    inject: [
      ASKED_RUNTIME,
      RestartPolicy,
      MemoryLeakService,
      HealthStore,
      EventStream,
      NotificationIds,
      Clock,
      Host,
      ServerTimes,
      HEALTH_MONITOR_OPTIONS,
      Tracing,
      { token: MonitorMeter, optional: true },
    ],
  },
  {
    provide: WatchedHosts,
    useFactory: (
      monitor: Monitor,
      memory: MemoryLeakService,
      options: ResolvedOptions,
      runtimes: RuntimeFactory,
      policy: RestartPolicy,
      store: HealthStore,
      stream: EventStream,
      notificationIds: NotificationIds,
      clock: Clock,
      localHost: Host,
      tracing: Tracing | null,
      figures?: Figures,
    ) => {
      const watched = (engine: ContainerRuntime, key: string) => ({
        ...(figures ? new MonitorMeter(clock, figures).between(engine) : { runtime: engine }),
        ...(tracing && { aroundAct: tracedActs(tracing, key) }),
      });
      const shared = {
        options,
        runtimes,
        policy,
        store,
        stream,
        notificationIds,
        clock,
        localHost,
        watched,
      };
      return new WatchedHosts(
        { name: null, monitor, memory },
        Object.keys(options.hosts).map((key) => watchHost(key, shared)),
      );
    },
    inject: [
      Monitor,
      MemoryLeakService,
      HEALTH_MONITOR_OPTIONS,
      RuntimeFactory,
      RestartPolicy,
      HealthStore,
      EventStream,
      NotificationIds,
      Clock,
      Host,
      Tracing,
      { token: Figures, optional: true },
    ],
  },
  HealthMonitorService,
  { provide: HealthState, useExisting: HealthMonitorService },
  HealthMonitorScheduler,
  NotificationsService,
  {
    provide: AROUND_ATTEMPT,
    useFactory: (tracing: Tracing | null) => tracing && tracedDeliveries(tracing),
    inject: [Tracing],
  },
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

function rest({ http, metrics }: ResolvedExtras): Type[] {
  if (http === null) return [];
  const ofMetrics = metrics === null ? [] : [createMetricsController(metrics.access)];
  return mountControllers(http.path, [...CONTROLLERS, ...ofMetrics, OpenApiController]);
}

/** What the document of REST is about; where that is switched off, nothing. */
function mountedApi({ http }: ResolvedExtras, controllers: readonly Type[]): Provider {
  return {
    provide: MountedApi,
    useFactory: ({ access }: ResolvedOptions) => new MountedApi(http?.path ?? '', controllers, access),
    inject: [HEALTH_MONITOR_OPTIONS],
  };
}

function dashboardController({ dashboard: page }: ResolvedExtras): Type[] {
  return page === null ? [] : [createDashboardController(page.path)];
}

/** The page lives on the socket, and is told by it where the host serves Socket.IO. */
function dashboardPage(
  { dashboard: page, http, socket }: ResolvedExtras,
  gateway: Type<HealthMonitorGateway>,
): Provider[] {
  if (page === null) return [];
  return [
    {
      provide: DashboardPage,
      useFactory: (live: HealthMonitorGateway) =>
        new DashboardPage(page.path, {
          http: http?.path ?? null,
          socket: socket?.namespace ?? null,
          socketPath: () => live.serverPath,
        }),
      inject: [gateway],
    },
  ];
}

function gatewayFor({ socket }: ResolvedExtras): Type<HealthMonitorGateway> | null {
  return socket === null ? null : createHealthMonitorGateway(socket.namespace);
}

/** A host's own store is opened as ours is. */
function asUnopened(override: Provider): Provider {
  return typeof override === 'object' && override.provide === HealthStore
    ? { ...override, provide: UNOPENED_STORE }
    : override;
}
