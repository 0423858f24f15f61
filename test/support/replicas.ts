import type { INestApplication } from '@nestjs/common';
import type { AddressInfo } from 'node:net';
import { HealthState, type HealthEvent } from '../../src/common/events/index.js';
import type { HealthMonitorOptions } from '../../src/common/options/index.js';
import { EventStream } from '../../src/common/store/index.js';
import { HealthMonitorScheduler } from '../../src/health-monitor/health-monitor.scheduler.js';
import { HealthMonitorService } from '../../src/health-monitor/health-monitor.service.js';
import {
  RuntimeFactory,
  type ContainerRuntime,
  type EngineInfo,
} from '../../src/health-monitor/runtime/index.js';
import { NotificationsService } from '../../src/notifications/index.js';
import { InMemoryRuntime, ManualClock, type ContainerSpec } from '../../src/testing/index.js';
import { WebhookService } from '../../src/webhooks/index.js';
import { FakeDatabase, type FakeSharedStore } from './fake-shared-store.js';
import { addRunning, FakeHost, monitorModule, settle } from './world.js';

/** One process: the whole module. */
export class Replica {
  readonly events: HealthEvent[] = [];
  /** What it has asked of the engine, but whether it answers. */
  readonly asked: string[];
  isAlive = true;

  constructor(
    readonly app: INestApplication,
    readonly store: FakeSharedStore,
    engine: { readonly asked: string[] },
  ) {
    this.asked = engine.asked;
    app.get(EventStream).subscribe((events) => this.events.push(...events));
  }

  get monitor(): HealthMonitorService {
    return this.app.get(HealthMonitorService);
  }

  get notifications(): NotificationsService {
    return this.app.get(NotificationsService);
  }

  get webhooks(): WebhookService {
    return this.app.get(WebhookService);
  }

  get url(): string {
    const { port } = this.app.getHttpServer().address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Everything that people and pages see, but for what each process says of itself. */
  get picture() {
    const state = this.app.get(HealthState);
    const { replica: _replica, ...status } = state.status();
    return {
      containers: state.containers(),
      externals: state.externals(),
      incidents: state.incidents(),
      notifications: this.notifications.list(),
      status,
      head: this.store.head,
    };
  }

  view(name: string) {
    const view = this.monitor.containers().find((container) => container.name === name);
    if (!view) throw new Error(`No view of ${name}.`);
    return view;
  }
}

/** Several replicas of the whole module on one engine, one database and one clock that is moved by hand. */
export class Replicas {
  readonly clock = new ManualClock();
  readonly runtime: InMemoryRuntime;
  /** That of the host `attic`, where the options have one. */
  readonly attic: InMemoryRuntime;
  readonly host: FakeHost;
  readonly database: FakeDatabase;
  readonly all: Replica[] = [];

  constructor(
    private readonly options: HealthMonitorOptions = {},
    tellsWhoStopped: EngineInfo['tellsWhoStopped'] = 'flag',
  ) {
    this.runtime = new InMemoryRuntime({ clock: this.clock, tellsWhoStopped });
    this.attic = new InMemoryRuntime({ clock: this.clock, tellsWhoStopped });
    this.host = new FakeHost(this.clock);
    this.database = new FakeDatabase(this.clock);
  }

  /** Containers that have been up for a day. */
  running(...containers: (string | ContainerSpec)[]): this {
    addRunning(this, containers);
    return this;
  }

  /** Starts one more. @param listen over HTTP and the socket, too */
  async add({ listen = false, options = {} } = {}): Promise<Replica> {
    const store = this.database.handle();
    const engine = heard(this.runtime);
    const module = await monitorModule(
      { clock: this.clock, runtime: engine.runtime, host: this.host, store },
      { access: 'open', ...this.options, ...options, ...(listen ? {} : { http: false, socket: false }) },
      [{ provide: RuntimeFactory, useValue: { create: () => this.attic } }],
    );
    const app = module.createNestApplication({ logger: process.env['SHOW_LOG'] ? undefined : false });
    if (listen) await app.listen(0, '127.0.0.1');
    else await app.init();
    const replica = new Replica(app, store, engine);
    this.all.push(replica);
    await this.advance(500);
    return replica;
  }

  /** So many, the first of which leads and has waited for the end of its start-up delay. */
  async start(count: number, how: Parameters<Replicas['add']>[0] = {}): Promise<Replica[]> {
    for (let index = 0; index < count; index++) await this.add(how);
    await this.advance(this.options.check?.startupDelayMs ?? 120_000, 10_000);
    return this.all;
  }

  /** Ends one as kill -9 does. */
  kill(replica: Replica): void {
    replica.isAlive = false;
    replica.store.kill();
  }

  /** Lets time pass, in steps shorter than a heartbeat. */
  async advance(ms: number, step = 250): Promise<void> {
    for (let passed = 0; passed < ms; passed += step) {
      this.clock.advance(Math.min(step, ms - passed));
      for (const { app, isAlive } of this.all) if (isAlive) app.get(HealthMonitorScheduler).beat();
      await settle();
    }
  }

  /** Waits for something that needs time to pass. */
  async during<T>(work: Promise<T>, ms = 15_000): Promise<T> {
    let isDone = false;
    const done = work.finally(() => (isDone = true));
    done.catch(() => undefined);
    for (let passed = 0; passed < ms && !isDone; passed += 250) await this.advance(250);
    return done;
  }

  /** Ends all. */
  async stop(): Promise<void> {
    for (const { app } of this.all) await app.close();
    this.all.length = 0;
  }

  get acts(): string[] {
    return this.runtime.acts.map(({ kind, name }) => `${kind} ${name}`);
  }
}

/** The engine, and what one process asked of it. */
function heard(runtime: InMemoryRuntime): { readonly runtime: ContainerRuntime; readonly asked: string[] } {
  const asked: string[] = [];
  const proxy = new Proxy(runtime, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown => {
        if (name !== 'disconnect' && name !== 'ping') asked.push(String(name));
        return (value as (...args: unknown[]) => unknown).apply(target, given);
      };
    },
  });
  return { runtime: proxy, asked };
}
