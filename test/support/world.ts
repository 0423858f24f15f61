import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { SchedulerRegistry } from '@nestjs/schedule';
import type { INestApplicationContext, Provider } from '@nestjs/common';
import { Clock } from '../../src/common/clock/index.js';
import { type HealthEvent, type Notification } from '../../src/common/events/index.js';
import { HealthMonitorModule } from '../../src/health-monitor/health-monitor.module.js';
import { HealthMonitorScheduler } from '../../src/health-monitor/health-monitor.scheduler.js';
import { HealthMonitorService } from '../../src/health-monitor/health-monitor.service.js';
import { Host, type FileSystemSpace } from '../../src/health-monitor/host/index.js';
import type { HealthMonitorExtras, HealthMonitorOptions } from '../../src/common/options/index.js';
import { ContainerRuntime } from '../../src/health-monitor/runtime/index.js';
import { EventStream, HealthStore, MemoryStore } from '../../src/common/store/index.js';
import {
  InMemoryRuntime,
  ManualClock,
  type ContainerSpec,
  type InMemoryRuntimeOptions,
} from '../../src/testing/index.js';

export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;

export class FakeHost extends Host {
  boot = 'boot-1';
  upSince: number;
  shuttingDown = false;
  own: string | null = null;
  /** Its file systems, and the folders on each. */
  disks: Omit<FileSystemSpace, 'readOnlyPaths'>[] = [];
  readOnly = new Set<string>();
  pressure: number | null = null;

  constructor(clock: Clock) {
    super();
    this.upSince = clock.now() - 30 * 24 * 3_600_000;
  }

  bootId(): Promise<string | null> {
    return Promise.resolve(this.boot);
  }

  bootedAt(): number {
    return this.upSince;
  }

  isShuttingDown(): Promise<boolean> {
    return Promise.resolve(this.shuttingDown);
  }

  ownContainerId(): Promise<string | null> {
    return Promise.resolve(this.own);
  }

  override space(paths: readonly string[]): Promise<readonly FileSystemSpace[]> {
    const asked = this.disks.map((disk) => {
      const on = paths.filter((path) => disk.paths.some((folder) => path.startsWith(folder)));
      return { ...disk, paths: on, readOnlyPaths: this.readOnly.has(disk.mount) ? on : [] };
    });
    return Promise.resolve(asked.filter((disk) => disk.paths.length > 0));
  }

  override memoryPressure(): Promise<number | null> {
    return Promise.resolve(this.pressure);
  }

  /** Adds a file system of 100 GiB, with these folders on it, or changes what is free on it. */
  disk(mount: string, freeBytes: number, ...paths: string[]): void {
    const known = this.disks.find((disk) => disk.mount === mount);
    const disk = {
      mount,
      sizeBytes: 100 * GIB,
      freeBytes,
      freeFilesShare: null,
      paths: known?.paths ?? paths,
    };
    this.disks = [...this.disks.filter((other) => other !== known), disk];
  }
}

export interface WorldOptions extends HealthMonitorOptions {
  readonly engine?: InMemoryRuntimeOptions;
  readonly overrides?: Provider[];
}

const SILENT = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** A whole monitor on an engine in memory and a clock moved by hand. */
export class World {
  readonly clock: ManualClock;
  readonly runtime: InMemoryRuntime;
  readonly host: FakeHost;
  /** What the next start opens. */
  store: HealthStore = new MemoryStore();
  readonly events: HealthEvent[] = [];
  private app: INestApplicationContext | null = null;

  constructor(private readonly options: WorldOptions = {}) {
    this.clock = new ManualClock();
    this.runtime = new InMemoryRuntime({ clock: this.clock, tellsWhoStopped: 'flag', ...options.engine });
    this.host = new FakeHost(this.clock);
  }

  /** Containers that have been up for a day. */
  running(...containers: (string | ContainerSpec)[]): this {
    addRunning(this, containers);
    return this;
  }

  /** Starts the monitor; `healing` waits for the end of the start-up delay, too. */
  async start({ healing = true } = {}): Promise<this> {
    const { engine: _engine, overrides = [], ...options } = this.options;
    const module = await monitorModule(this, { ...options, http: false, socket: false }, overrides);
    this.app = await module.init();
    this.app.get(EventStream).subscribe((events) => this.events.push(...events));
    await this.advance(500);
    if (healing) await this.advance(options.check?.startupDelayMs ?? 120_000, 10_000);
    return this;
  }

  /** Ends the monitor as a crash would, or in good order; containers go on. */
  async stop(): Promise<void> {
    await this.app?.close();
    this.app = null;
  }

  async restart(): Promise<this> {
    await this.stop();
    return this.start();
  }

  /** The host reboots, which takes a minute, and the monitor comes up with it. */
  async reboot({ withShutdown = false } = {}): Promise<this> {
    if (withShutdown) {
      this.host.shuttingDown = true;
      for (const { name, state } of await this.runtime.list()) {
        if (state === 'running') await this.runtime.userStop(name);
      }
      await this.advance(2_000);
    }
    await this.stop();
    this.runtime.reboot();
    this.clock.advance(60_000);
    this.host.shuttingDown = false;
    this.host.boot = `${this.host.boot}+`;
    this.host.upSince = this.clock.now() - 10_000;
    return this.start();
  }

  get monitor(): HealthMonitorService {
    return this.app!.get(HealthMonitorService);
  }

  get<T>(token: abstract new (...args: never[]) => T): T {
    return this.app!.get<T>(token);
  }

  /** Lets time pass, in steps shorter than a heartbeat. */
  async advance(ms: number, step = 250): Promise<void> {
    for (let passed = 0; passed < ms; passed += step) {
      this.clock.advance(Math.min(step, ms - passed));
      this.app?.get(HealthMonitorScheduler).beat();
      await settle();
    }
  }

  /** Lets time pass in which its health check, run twice a minute, fails. */
  async ailing(name: string, ms: number, output: string | null = null): Promise<void> {
    for (let passed = 0; passed < ms; passed += 30_000) {
      const container = this.runtime.peek(name);
      if (container.state === 'running' && container.health !== 'starting') {
        this.runtime.setHealth(name, 'unhealthy', output);
      }
      await this.advance(Math.min(30_000, ms - passed), 1_000);
    }
  }

  /** Lets a full check happen. */
  async check(): Promise<void> {
    await this.advance(this.options.check?.intervalMs ?? 60_000, 5_000);
  }

  async settle(): Promise<void> {
    await settle();
  }

  view(name: string) {
    const view = this.monitor.containers().find((container) => container.name === name);
    if (!view) throw new Error(`No view of ${name}.`);
    return view;
  }

  get notifications(): Notification[] {
    return this.events.flatMap((event) =>
      event.type === 'notification.created' ? [event.data.notification] : [],
    );
  }

  /** Types of the notifications so far, with the app they are about. */
  get told(): string[] {
    return this.notifications.map(({ type, appId }) => (appId === undefined ? type : `${type} ${appId}`));
  }

  typesOf(name: string): string[] {
    return this.events
      .filter(({ container, type }) => container === name && type.startsWith('container.'))
      .map(({ type }) => type);
  }

  /** Names of the containers that were started or restarted by anybody but the engine, in order. */
  get acts(): string[] {
    return this.runtime.acts.map(({ kind, name }) => `${kind} ${name}`);
  }
}

/** Adds containers that have been up for a day. */
export function addRunning(
  { clock, runtime }: Pick<World, 'clock' | 'runtime'>,
  containers: readonly (string | ContainerSpec)[],
): void {
  const startedAt = clock.now() - 24 * 3_600_000;
  for (const container of containers) {
    const spec = typeof container === 'string' ? { name: container } : container;
    runtime.add({ state: 'running', startedAt, ...spec });
  }
}

/** What a monitor of a test stands on. */
export interface Parts {
  readonly clock: Clock;
  readonly runtime: ContainerRuntime;
  readonly host: Host;
  readonly store: HealthStore;
}

/** The whole module on these parts, without a word. */
export async function monitorModule(
  { clock, runtime, host, store }: Parts,
  options: HealthMonitorOptions & HealthMonitorExtras,
  overrides: readonly Provider[] = [],
): Promise<TestingModule> {
  const module = await Test.createTestingModule({
    imports: [
      HealthMonitorModule.forRoot({
        preset: 'none',
        ...options,
        storage: { kind: 'memory' },
        overrides: [
          { provide: Clock, useValue: clock },
          { provide: ContainerRuntime, useValue: runtime },
          { provide: Host, useValue: host },
          { provide: HealthStore, useValue: store },
          // Stands for the host's ScheduleModule: the heart is beaten by hand.
          { provide: SchedulerRegistry, useValue: {} },
          ...overrides,
        ],
      }),
    ],
  })
    .setLogger(SILENT)
    .compile();
  if (!process.env['SHOW_LOG']) Logger.overrideLogger(false);
  return module;
}

/** Lets everything that is under way come to its next wait for time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
}
