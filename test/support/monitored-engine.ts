import { CheckLoop } from '../../src/health-monitor/cycle/check-loop.js';
import { rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { SystemClock } from '../../src/common/clock/index.js';
import { EventStream } from '../../src/common/store/index.js';
import {
  type ContainerView,
  type HealthEvent,
  type HealthStatus,
  type Notification,
} from '../../src/common/events/index.js';
import { HealthMonitorModule } from '../../src/health-monitor/health-monitor.module.js';
import { HealthMonitorService } from '../../src/health-monitor/health-monitor.service.js';
import { Host } from '../../src/health-monitor/host/index.js';
import type { HealthMonitorOptions, RuntimeOptions } from '../../src/common/options/index.js';
import { ContainerRuntime } from '../../src/health-monitor/runtime/index.js';
import { FakeHost } from './world.js';
import { Receiver } from '../webhooks/receiver.js';
import type { RealEngine } from './real-engine.js';

/** The machine may be busy with other things: what happens at all, happens within this. */
export const eventually = { timeout: 60_000, interval: 25 };

/** A command that on SIGTERM ends with this exit code; `null`: it does not end, so Podman kills it. */
export const endsWith = (code: number | null): readonly string[] => [
  'sh',
  '-c',
  `trap '${code === null ? '' : `exit ${code}`}' TERM; while :; do sleep 1000 & wait; done`,
];

/** One start or restart that the monitor asked the engine for. */
export interface Launch {
  readonly name: string;
  readonly kind: 'start' | 'restart';
  /** Milliseconds, monotonic. */
  readonly at: number;
}

export type MonitoredOptions = Omit<HealthMonitorOptions, 'runtime' | 'storage' | 'access' | 'webhooks'>;

/** A whole monitor in an app of its own, on a real engine of its own, with a webhook receiver and a simulated host. */
export class MonitoredEngine<E extends RealEngine> {
  readonly events: HealthEvent[] = [];
  readonly launches: Launch[] = [];
  engine!: E;
  receiver!: Receiver;
  host = new FakeHost(new SystemClock());
  /** How the monitor reaches the engine, where that is not directly. */
  way: RuntimeOptions = {};
  private app: INestApplication<Server> | null = null;
  /** Those of the latest `watch`, so that another one in the same test goes on with them. */
  private options: MonitoredOptions;
  private readonly names = new Map<string, string>();

  protected constructor(
    private readonly kind: 'podman' | 'docker',
    private readonly startEngine: () => Promise<E>,
    private readonly usual: MonitoredOptions,
  ) {
    this.options = usual;
  }

  /** Starts an engine, and nothing that watches it yet. */
  protected async prepared(): Promise<this> {
    [this.engine, this.receiver] = await Promise.all([this.startEngine(), Receiver.start()]);
    return this;
  }

  /** Is prepared before the tests that are described here, reset after each, and gone after the last. */
  protected forTheseTests(): this {
    beforeAll(() => this.prepared(), 120_000);
    afterEach(() => this.reset(), 60_000);
    afterAll(() => this.dispose(), 60_000);
    return this;
  }

  /** Starts the monitor in a new app. What an earlier one kept is there again. */
  async watch(options: MonitoredOptions = this.options): Promise<void> {
    this.options = options;
    const module = await Test.createTestingModule({
      imports: [
        ScheduleModule.forRoot(),
        HealthMonitorModule.forRoot({
          preset: 'none',
          ...options,
          check: { intervalMs: 1_000, startupDelayMs: 0, ...options.check },
          restart: { backoffMs: [500], tierSettleMs: 400, engineGraceMs: 1_000, ...options.restart },
          runtime: {
            kind: this.kind,
            ...(this.way.tcp === undefined ? { socketPath: this.engine.socketPath } : {}),
            ...this.way,
          },
          storage: { kind: 'sqlite', path: this.database },
          webhooks: {
            endpoints: [{ id: 'receiver', url: this.receiver.url }],
            allowCidrs: ['127.0.0.0/8'],
          },
          access: 'open',
          overrides: [{ provide: Host, useValue: this.host }],
        }),
      ],
    }).compile();
    const app = module.createNestApplication<INestApplication<Server>>({
      logger: process.env['SHOW_LOG'] ? ['error', 'warn', 'log'] : false,
    });
    this.app = app;
    this.noteLaunches(app.get(ContainerRuntime));
    app.get(EventStream).subscribe((events) => this.events.push(...events));
    await app.listen(0, '127.0.0.1');
    await vi.waitFor(() => expect(this.status.lastCheckAt).not.toBeNull(), eventually);
  }

  /** From now on the engine's events are not heard. */
  ignoreEvents(): void {
    vi.spyOn(CheckLoop.prototype, 'onEvent').mockReturnValue(undefined);
  }

  /** Ends the app in good order; containers go on. */
  async unwatch(): Promise<void> {
    const { app } = this;
    this.app = null;
    await app?.close();
  }

  /** Back to an engine without containers and a monitor that knows nothing, which does not watch yet. */
  async reset(): Promise<void> {
    await this.unwatch();
    this.options = this.usual;
    await this.engine.removeAll();
    for (const suffix of ['', '-wal', '-shm']) await rm(`${this.database}${suffix}`, { force: true });
    this.events.length = 0;
    this.launches.length = 0;
    this.receiver.received.length = 0;
    this.host = new FakeHost(new SystemClock());
  }

  async dispose(): Promise<void> {
    await this.unwatch().catch(() => undefined);
    await this.receiver?.stop();
    await this.engine?.dispose();
  }

  // ------------------------------------------------------------------------------------------------------ looking

  get monitor(): HealthMonitorService {
    return this.app!.get(HealthMonitorService);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.app!.getHttpServer().address() as AddressInfo).port}`;
  }

  get status(): HealthStatus {
    return this.monitor.status();
  }

  view(name: string): ContainerView {
    const view = this.monitor.containers().find((container) => container.name === name);
    if (!view) throw new Error(`There is no view of ${name}.`);
    return view;
  }

  /** Types of what happened to a container, in order; what only changed its view is left out. */
  typesOf(name: string): string[] {
    return this.events
      .filter(({ container, type }) => container === name && type.startsWith('container.'))
      .map(({ type }) => type)
      .filter((type) => type !== 'container.changed');
  }

  /** What people were told so far. */
  get told(): Notification[] {
    return this.events.flatMap((event) =>
      event.type === 'notification.created' ? [event.data.notification] : [],
    );
  }

  toldOf(appId: string): string[] {
    return this.told.filter((notification) => notification.appId === appId).map(({ type }) => type);
  }

  launchesOf(name: string): Launch[] {
    return this.launches.filter((launch) => launch.name === name);
  }

  // ------------------------------------------------------------------------------------------------------ waiting

  /** Waits until so many full checks more were made. */
  async checks(count: number): Promise<void> {
    for (let seen = 0; seen < count; seen++) {
      const last = this.status.lastCheckAt;
      await vi.waitFor(() => expect(this.status.lastCheckAt).not.toBe(last), eventually);
    }
  }

  /** Waits until it runs again, in another run than the one that the view shows now, started by the monitor. */
  async healed(name: string, launches = 1): Promise<void> {
    await vi.waitFor(() => {
      expect(this.launchesOf(name)).toHaveLength(launches);
      expect(this.view(name)).toMatchObject({ state: 'running', status: 'healthy' });
    }, eventually);
  }

  // ------------------------------------------------------------------------------------------------------- acting

  /** Runs containers, in this order. */
  async run(names: readonly string[], argsOf: (name: string) => readonly string[] = () => []): Promise<void> {
    for (const name of names) await this.engine.run(name, { args: argsOf(name) });
  }

  /** Makes its main process exit with `code`. It may run again before this resolves. */
  async crash(name: string, code: number): Promise<void> {
    const [pid] = await this.engine.pids([name]);
    await writeFile(`/proc/${pid}/root/exit-code`, String(code));
    process.kill(pid!, 'SIGUSR1');
  }

  /** Makes the main processes of containers exit with `code` at one moment. */
  async crashTogether(code: number, ...names: readonly string[]): Promise<void> {
    const pids = await this.engine.pids(names);
    for (const pid of pids) await writeFile(`/proc/${pid}/root/exit-code`, String(code));
    for (const pid of pids) process.kill(pid, 'SIGUSR1');
  }

  /** Kills the main processes of containers at one moment. They may run again before this resolves. */
  async kill(...names: readonly string[]): Promise<void> {
    for (const pid of await this.engine.pids(names)) process.kill(pid, 'SIGKILL');
  }

  /** Calls the monitor's REST API. */
  async post(path: string, body: unknown = {}): Promise<Response> {
    return fetch(`${this.url}/health-monitor/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  private get database(): string {
    return join(this.engine.directory, 'health-monitor.db');
  }

  private noteLaunches(runtime: ContainerRuntime): void {
    const real = {
      list: runtime.list.bind(runtime),
      start: runtime.start.bind(runtime),
      restart: runtime.restart.bind(runtime),
    };
    const note = (id: string, kind: Launch['kind']) =>
      this.launches.push({ name: this.names.get(id) ?? id, kind, at: performance.now() });
    vi.spyOn(runtime, 'list').mockImplementation(async (options) => {
      const listed = await real.list(options);
      for (const { id, name } of listed) this.names.set(id, name);
      return listed;
    });
    vi.spyOn(runtime, 'start').mockImplementation((id, options) => {
      note(id, 'start');
      return real.start(id, options);
    });
    vi.spyOn(runtime, 'restart').mockImplementation((id, options) => {
      note(id, 'restart');
      return real.restart(id, options);
    });
  }
}
