import { SystemClock, type Clock } from '../common/clock/index.js';
import type { Health } from '../common/events/index.js';
import {
  ContainerRuntime,
  type ActOptions,
  type CallOptions,
  type Container,
  type EngineEvent,
  type EngineInfo,
  type EventOptions,
  type Execution,
  type ListedContainer,
  type MemoryReading,
  type StopOptions,
} from '../health-monitor/runtime/index.js';
import { EngineConnection, type Call } from './engine-connection.js';
import type { InMemoryContainer, ContainerSpec } from './in-memory-container.js';
import { InMemoryEngine, type CommandScript, type Signal } from './in-memory-engine.js';
import type { StartBehaviour } from './start-script.js';
import { Timers } from './timers.js';

export interface InMemoryRuntimeOptions {
  /** Default: the system's clock, and real timers. */
  readonly clock?: Clock;
  /** How far its own clock is ahead of that, in milliseconds; negative: behind. Default 0. */
  readonly clockAheadMs?: number;
  /**
   * How it tells that a person stopped a container: as Podman 5.4 (`flag`, default), 4.3 (`events`), 4.6 (`never`) or
   * Docker (`signals`) does.
   */
  readonly tellsWhoStopped?: EngineInfo['tellsWhoStopped'];
  /** Whether inspecting tells of an end for want of memory. Default: not with `events`, as Podman 4.3 on cgroup v1. */
  readonly tellsOom?: boolean;
  /** Whether it restarts containers by their own restart policy. Default true. */
  readonly appliesRestartPolicies?: boolean;
  /** The folder in which it keeps images and containers, as it says. Default: it says none. */
  readonly storageRoot?: string;
  /** Deadline of each reading call, milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
}

/** Something that was done through the port. */
export interface Act {
  readonly kind: 'start' | 'stop' | 'restart';
  readonly name: string;
  /** Wall-clock time of the call, milliseconds since 1970. */
  readonly at: number;
}

const VERSIONS = { flag: '5.4.2', events: '4.3.1', never: '4.6.2', signals: '26.1.5' } as const;
const START_DEADLINE_MS = 120_000;
const STOP_GRACE_MS = 30_000;
const LINE_LENGTH = 1_000;

/**
 * A container engine for tests: containers are added and made to crash, ail and be stopped by a person; it
 * answers the port and tells events as Podman does, or Docker (`signals`). With a `ManualClock`, what takes time happens as that clock
 * is advanced.
 */
export class InMemoryRuntime extends ContainerRuntime {
  /** What was done through the port, in order. */
  readonly acts: Act[] = [];

  private readonly timers: Timers;
  private readonly engine: InMemoryEngine;
  private readonly connection: EngineConnection;
  private readonly storageRoot: string | undefined;
  private readonly timeoutMs: number;

  constructor({
    clock = new SystemClock(),
    clockAheadMs = 0,
    tellsWhoStopped = 'flag',
    tellsOom = tellsWhoStopped !== 'events',
    appliesRestartPolicies = true,
    storageRoot,
    timeoutMs = 10_000,
  }: InMemoryRuntimeOptions = {}) {
    super();
    this.timers = new Timers(clock, clockAheadMs);
    this.engine = new InMemoryEngine({ tellsWhoStopped, tellsOom, appliesRestartPolicies }, this.timers);
    this.connection = new EngineConnection(this.engine.log, this.timers);
    this.storageRoot = storageRoot;
    this.timeoutMs = timeoutMs;
  }

  // The port

  info(options?: CallOptions): Promise<EngineInfo> {
    return this.ask('info', null, options, () => {
      const { tellsWhoStopped } = this.engine.traits;
      const { aheadMs } = this.timers;
      return {
        kind: 'in-memory',
        version: VERSIONS[tellsWhoStopped],
        rootless: false,
        address: 'in this process',
        tellsWhoStopped,
        ...(this.storageRoot === undefined ? {} : { storageRoot: this.storageRoot }),
        machineUpSince: this.engine.upSince - aheadMs,
        ...(aheadMs === 0 ? {} : { clockAheadMs: aheadMs }),
        ...(tellsWhoStopped === 'signals' ? this.memoryOfEvents : {}),
        warning: null,
      };
    });
  }

  list(options?: CallOptions): Promise<readonly ListedContainer[]> {
    return this.ask('list', null, options, () =>
      [...this.engine.containers]
        .filter(({ infraOf }) => infraOf === null)
        .map((container) => this.engine.listed(container)),
    );
  }

  inspect(id: string, options?: CallOptions): Promise<Container> {
    return this.ask('inspect', id, options, () => this.engine.inspect(this.engine.containers.withId(id)));
  }

  memory(options?: CallOptions): Promise<readonly MemoryReading[]> {
    return this.ask('memory', null, options, () =>
      [...this.engine.containers]
        .filter(({ isRunning, infraOf }) => isRunning && infraOf === null)
        .map(({ id, name, startedAt, usedBytes, limitBytes }) => ({
          id,
          name,
          startedAt,
          usedBytes,
          limitBytes,
          figure: 'engine',
        })),
    );
  }

  logs(id: string, lines: number, options?: CallOptions): Promise<readonly string[]> {
    return this.ask('logs', id, options, () => {
      const { log } = this.engine.containers.withId(id);
      return log.slice(Math.max(0, log.length - lines)).map((line) => line.slice(0, LINE_LENGTH));
    });
  }

  override exec(id: string, command: readonly string[], options?: CallOptions): Promise<Execution> {
    return this.ask('exec', id, options, () => this.engine.exec(this.engine.containers.withId(id), command));
  }

  start(id: string, options?: ActOptions): Promise<'started' | 'already-running'> {
    return this.act('start', id, START_DEADLINE_MS, options, async (container) =>
      (await this.engine.lifecycle.start(container)) ? 'started' : 'already-running',
    );
  }

  stop(id: string, options: StopOptions): Promise<'stopped' | 'already-stopped'> {
    return this.act('stop', id, options.timeoutMs + STOP_GRACE_MS, options, async (container) =>
      (await this.engine.lifecycle.stop(container, options.timeoutMs)) ? 'stopped' : 'already-stopped',
    );
  }

  restart(id: string, options: StopOptions): Promise<void> {
    return this.act('restart', id, options.timeoutMs + STOP_GRACE_MS, options, (container) =>
      this.engine.lifecycle.restart(container, options.timeoutMs),
    );
  }

  events(options: EventOptions): AsyncIterable<EngineEvent> {
    return this.connection.events(options);
  }

  // What a test lets happen

  /** Adds a container, running unless it says otherwise, and returns its id. */
  add(spec: ContainerSpec): string {
    return this.engine.add(spec).id;
  }

  /** Gives it another name, which nobody may have, as `podman rename` does. */
  rename(name: string, to: string): void {
    this.engine.rename(name, to);
  }

  /** Removes it, as `podman rm -f` does. */
  remove(name: string): void {
    this.engine.remove(name);
  }

  /** Removes it and adds it again under its name, with a new id, and what `changes` says. */
  recreate(name: string, changes: Partial<Omit<ContainerSpec, 'name'>> = {}): string {
    return this.engine.recreate(name, changes).id;
  }

  /** Lets it end by itself: with `exitCode`, default 1; with `oomKilled` by the kernel for want of memory, 137. */
  crash(name: string, exitCode?: number, { oomKilled }: { oomKilled?: boolean } = {}): void {
    this.engine.crash(name, { exitCode, oomKilled });
  }

  /** Its health check says this from now on, until it says something else or the container is started again. */
  setHealth(name: string, health: Health, output: string | null = null): void {
    this.engine.setHealth(name, health, output);
  }

  /** A person stops it by the engine's own means. Resolves when it is down. */
  userStop(name: string): Promise<void> {
    return this.engine.userStop(name);
  }

  /** A person starts it by the engine's own means. */
  userStart(name: string): Promise<void> {
    return this.engine.userStart(name);
  }

  /** A person restarts it by the engine's own means. */
  userRestart(name: string): Promise<void> {
    return this.engine.userRestart(name);
  }

  /** A person sends it a signal by the engine's own means. SIGHUP, SIGUSR1 and SIGUSR2 do not end it. */
  userKill(name: string, signal: Signal = 'SIGKILL'): void {
    this.engine.userKill(name, signal);
  }

  pause(name: string): void {
    this.engine.pause(name);
  }

  unpause(name: string): void {
    this.engine.unpause(name);
  }

  /** Its conmon was killed: the process is gone, and the engine neither says so nor starts it before a stop. */
  vanish(name: string): void {
    this.engine.vanish(name);
  }

  /** Every later start is refused with this reason; `null` allows starts again. */
  refuseStart(name: string, reason: string | null): void {
    this.engine.script.refuse(name, reason);
  }

  /** What it does at its next starts, one behaviour a start; the last one holds for all after it. */
  onStart(name: string, ...behaviours: StartBehaviour[]): void {
    this.engine.script.plan(name, behaviours);
  }

  /** What commands in it do from now on, also in one that is re-created. Without, each ends with 0 and writes nothing. */
  onExec(name: string, script: CommandScript): void {
    this.engine.answerCommands(name, script);
  }

  setMemory(name: string, usedBytes: number, limitBytes?: number | null): void {
    this.engine.setMemory(name, usedBytes, limitBytes);
  }

  /** Adds lines to what it wrote. */
  write(name: string, ...lines: string[]): void {
    this.engine.write(name, lines);
  }

  /** The engine stops answering: calls fail, event streams break. Its containers go on, and so does its event log. */
  goAway(reason = 'The engine does not answer.'): void {
    this.connection.lose(reason);
  }

  comeBack(): void {
    this.connection.restore();
  }

  /** Breaks the event streams, and nothing else. */
  loseEventStream(): void {
    this.connection.breakStreams('The event stream broke.');
  }

  /** Its service is started anew as another version: the event streams break, and nothing else. */
  becomeVersion(tellsWhoStopped: EngineInfo['tellsWhoStopped']): void {
    this.engine.traits.tellsWhoStopped = tellsWhoStopped;
    this.loseEventStream();
  }

  /**
   * Docker itself ends (`signals`). By SIGTERM, as for an upgrade, it takes all its containers down, which looks as if a
   * person stopped them; by SIGKILL they run on until it comes up again. Calls fail until `beginEngine`.
   */
  async endEngine(by: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (by === 'SIGTERM') await this.engine.endAll();
    this.goAway('The engine has ended.');
  }

  /** It comes up again, with no memory of events: what still runs is ended, and what its policies say is started. */
  async beginEngine(): Promise<void> {
    await this.engine.comeUp();
    this.comeBack();
  }

  /** Its clock is set to be so far ahead of the `clock` that it was given, in milliseconds; negative: behind. */
  setClockAhead(ms: number): void {
    this.timers.aheadMs = ms;
  }

  /** From now on no event is sent, nor kept to be sent; `muteEvents(false)` ends that. */
  muteEvents(muted = true): void {
    this.engine.log.muted = muted;
  }

  /** Sends the latest `count` events once more, as Podman does when its log rotates. */
  redeliverEvents(count: number): void {
    this.engine.log.redeliver(count);
  }

  /**
   * Calls of this kind, about this container only where `name` is given, get no answer until the returned
   * function is called; callers give up at their deadlines. What they asked for is done then all the same.
   */
  hang(call: Call, name?: string): () => void {
    return this.connection.hang(call, name);
  }

  /** The host reboots: nothing runs afterwards. With `events`, running ones become `created`, as in Podman before 5.0. */
  reboot(): void {
    this.connection.breakStreams('The host reboots.');
    this.engine.reboot();
  }

  /** The container as the engine has it now, whether or not the engine answers. */
  peek(name: string): Container {
    return this.engine.inspect(this.engine.containers.named(name));
  }

  private get memoryOfEvents(): Pick<EngineInfo, 'remembersSince' | 'remembersAll'> {
    const { oldestAt } = this.engine.log;
    return {
      remembersAll: true,
      ...(oldestAt === null ? {} : { remembersSince: oldestAt - this.timers.aheadMs }),
    };
  }

  /** A call that only reads. */
  private ask<T>(
    call: Call,
    id: string | null,
    options: CallOptions | undefined,
    work: () => T | Promise<T>,
  ): Promise<T> {
    return this.call(call, id, this.timeoutMs, options, work);
  }

  /** A call that changes a container, and is recorded. */
  private async act<T>(
    kind: Act['kind'],
    id: string,
    deadlineMs: number,
    options: ActOptions | undefined,
    work: (container: InMemoryContainer) => Promise<T>,
  ): Promise<T> {
    options?.beforeAsking?.();
    return this.call(kind, id, deadlineMs, options, () => {
      const container = this.engine.containers.withId(id);
      this.acts.push({ kind, name: container.name, at: this.timers.now() - this.timers.aheadMs });
      return work(container);
    });
  }

  private call<T>(
    call: Call,
    id: string | null,
    deadlineMs: number,
    { signal }: CallOptions = {},
    work: () => T | Promise<T>,
  ): Promise<T> {
    const container = id === null ? undefined : this.engine.containers.find(id)?.name;
    return this.connection.answer({ call, container, deadlineMs, signal }, work);
  }
}
