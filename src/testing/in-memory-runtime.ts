import { SystemClock, type Clock } from '../common/clock/index.js';
import type { Health } from '../common/events/index.js';
import {
  ContainerRuntime,
  RuntimeError,
  type CallOptions,
  type Container,
  type EngineEvent,
  type EngineEventAction,
  type EngineInfo,
  type EventOptions,
  type ListedContainer,
  type MemoryReading,
  type StopOptions,
} from '../health-monitor/runtime/index.js';
import { EngineEventLog } from './engine-event-log.js';
import { InMemoryContainer, type ContainerSpec, type StartBehaviour } from './in-memory-container.js';
import { ManualClock } from './manual-clock.js';

export interface InMemoryRuntimeOptions {
  /** Default: the system's clock, and real timers. */
  readonly clock?: Clock;
  /**
   * How it tells that a person stopped a container: as Podman 5.4 (`flag`, default), 4.3 (`events`) or 4.6
   * (`never`) does.
   */
  readonly tellsWhoStopped?: EngineInfo['tellsWhoStopped'];
  /** Whether inspecting tells of an end for want of memory. Default: not with `events`, as Podman 4.3 on cgroup v1. */
  readonly tellsOom?: boolean;
  /** Whether it restarts containers by their own restart policy. Default true. */
  readonly appliesRestartPolicies?: boolean;
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

/** A call of the port that can be made to hang. */
export type Call = 'info' | 'list' | 'inspect' | 'memory' | 'logs' | 'start' | 'stop' | 'restart';

const VERSIONS = { flag: '5.4.2', events: '4.3.1', never: '4.6.2' } as const;
/** From a death to the start that the engine's own restart policy causes. */
const POLICY_RESTART_MS = 100;
/** From the first to the second `cleaned-up` event after a person's stop, where there are two. */
const SECOND_CLEANUP_MS = 150;
const FIRST_HEALTH_CHECK_MS = 1_000;
const START_DEADLINE_MS = 120_000;
const STOP_GRACE_MS = 30_000;
const LINE_LENGTH = 1_000;
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGUSR1: 10, SIGUSR2: 12, SIGTERM: 15 } as const;
/** What an ordinary service takes without ending. */
const HARMLESS: ReadonlySet<string> = new Set(['SIGHUP', 'SIGUSR1', 'SIGUSR2']);

/**
 * A container engine for tests: containers are added and made to crash, ail and be stopped by a person; it
 * answers the port and tells events as Podman does. With a `ManualClock`, what takes time happens as that clock
 * is advanced.
 */
export class InMemoryRuntime extends ContainerRuntime {
  /** What was done through the port, in order. */
  readonly acts: Act[] = [];

  private readonly clock: Clock;
  private tellsWhoStopped: EngineInfo['tellsWhoStopped'];
  private readonly tellsOom: boolean;
  private readonly appliesRestartPolicies: boolean;
  private readonly timeoutMs: number;
  private readonly containers = new Map<string, InMemoryContainer>();
  private readonly behaviours = new Map<string, StartBehaviour[]>();
  private readonly refusals = new Map<string, string>();
  private readonly log = new EngineEventLog();
  private readonly hangs = new Set<Hang>();
  private readonly unanswered = new Set<(error: RuntimeError) => void>();
  private outage: string | null = null;
  private muted = false;
  private generation = 0;
  private lastEventAt = 0;

  constructor(options: InMemoryRuntimeOptions = {}) {
    super();
    this.clock = options.clock ?? new SystemClock();
    this.tellsWhoStopped = options.tellsWhoStopped ?? 'flag';
    this.tellsOom = options.tellsOom ?? this.tellsWhoStopped !== 'events';
    this.appliesRestartPolicies = options.appliesRestartPolicies ?? true;
    this.timeoutMs = options.timeoutMs ?? 10_000;
  }

  // The port

  info(options?: CallOptions): Promise<EngineInfo> {
    return this.answer('info', null, this.timeoutMs, options, () => ({
      kind: 'in-memory',
      version: VERSIONS[this.tellsWhoStopped],
      rootless: false,
      address: 'in this process',
      tellsWhoStopped: this.tellsWhoStopped,
      warning: null,
    }));
  }

  list(options?: CallOptions): Promise<readonly ListedContainer[]> {
    return this.answer('list', null, this.timeoutMs, options, () =>
      [...this.containers.values()].map((container) => container.listed()),
    );
  }

  inspect(id: string, options?: CallOptions): Promise<Container> {
    return this.answer('inspect', id, this.timeoutMs, options, () =>
      this.byId(id).inspected(this.tellsWhoStopped === 'flag'),
    );
  }

  memory(options?: CallOptions): Promise<readonly MemoryReading[]> {
    return this.answer('memory', null, this.timeoutMs, options, () =>
      [...this.containers.values()]
        .filter(({ isRunning }) => isRunning)
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
    return this.answer('logs', id, this.timeoutMs, options, () => {
      const { log } = this.byId(id);
      return log.slice(Math.max(0, log.length - lines)).map((line) => line.slice(0, LINE_LENGTH));
    });
  }

  start(id: string, options?: CallOptions): Promise<'started' | 'already-running'> {
    return this.answer('start', id, START_DEADLINE_MS, options, async () => {
      const container = this.byId(id);
      this.note('start', container);
      return (await this.bringUp(container)) ? 'started' : 'already-running';
    });
  }

  stop(id: string, options: StopOptions): Promise<'stopped' | 'already-stopped'> {
    return this.answer('stop', id, options.timeoutMs + STOP_GRACE_MS, options, async () => {
      const container = this.byId(id);
      this.note('stop', container);
      return (await this.bringDown(container, options.timeoutMs)) ? 'stopped' : 'already-stopped';
    });
  }

  restart(id: string, options: StopOptions): Promise<void> {
    return this.answer('restart', id, options.timeoutMs + STOP_GRACE_MS, options, async () => {
      const container = this.byId(id);
      this.note('restart', container);
      await this.bringBack(container, options.timeoutMs);
    });
  }

  events(options: EventOptions): AsyncIterable<EngineEvent> {
    const events = this.log.read(options);
    if (this.outage !== null) this.log.disconnect(new RuntimeError('outage', this.outage));
    return events;
  }

  // What a test lets happen

  /** Adds a container, running unless it says otherwise, and returns its id. */
  add(spec: ContainerSpec): string {
    if (this.containers.has(spec.name)) throw new Error(`There is a container named ${spec.name} already.`);
    const requires = (spec.requires ?? []).map((name) => this.named(name).id);
    const container = new InMemoryContainer(spec, requires, ++this.generation, this.clock.now());
    this.containers.set(spec.name, container);
    if (spec.startedAt === undefined) {
      this.emit('created', container);
      if (container.isUp) this.emit('started', container);
    }
    return container.id;
  }

  /** Removes it, as `podman rm -f` does. */
  remove(name: string): void {
    const container = this.named(name);
    if (container.isUp) {
      container.ended(this.clock.now(), 137);
      this.emit('died', container, { exitCode: 137 });
    }
    this.forget(container);
  }

  /** Removes it and adds it again under its name, with a new id, and what `changes` says. */
  recreate(name: string, changes: Partial<Omit<ContainerSpec, 'name'>> = {}): string {
    const { spec } = this.named(name);
    this.remove(name);
    return this.add({
      ...spec,
      state: 'running',
      startedAt: undefined,
      exitedAt: undefined,
      ...changes,
      name,
    });
  }

  /** Lets it end by itself: with `exitCode`, default 1; with `oomKilled` by the kernel for want of memory, 137. */
  crash(name: string, exitCode?: number, { oomKilled = false }: { oomKilled?: boolean } = {}): void {
    this.die(this.running(name), exitCode ?? (oomKilled ? 137 : 1), oomKilled);
  }

  /** Its health check says this from now on, until it says something else or the container is started again. */
  setHealth(name: string, health: Health, output: string | null = null): void {
    const container = this.named(name);
    if (!container.healthCheck)
      throw new Error(`${name} has no health check: add it with a health or a healthCheck.`);
    const before = container.health;
    container.health = health;
    container.healthCheck = { ...container.healthCheck, lastRunAt: this.clock.now(), lastOutput: output };
    // Podman 4 tells what it was before the check.
    this.emit('health-checked', container, { health: this.tellsWhoStopped === 'flag' ? health : before });
  }

  /** A person stops it by the engine's own means. Resolves when it is down. */
  async userStop(name: string): Promise<void> {
    const container = this.named(name);
    await this.bringDown(container, container.spec.stopTimeoutMs ?? 10_000);
  }

  /** A person starts it by the engine's own means. */
  async userStart(name: string): Promise<void> {
    await this.bringUp(this.named(name));
  }

  /** A person restarts it by the engine's own means. */
  async userRestart(name: string): Promise<void> {
    const container = this.named(name);
    await this.bringBack(container, container.spec.stopTimeoutMs ?? 10_000);
  }

  /** A person sends it a signal by the engine's own means. SIGHUP, SIGUSR1 and SIGUSR2 do not end it. */
  userKill(name: string, signal: keyof typeof SIGNALS = 'SIGKILL'): void {
    const container = this.running(name);
    container.stoppedByUser = true;
    this.emit('killed', container);
    if (!HARMLESS.has(signal)) this.die(container, 128 + SIGNALS[signal], false);
  }

  pause(name: string): void {
    this.running(name).state = 'paused';
    this.emit('paused', this.named(name));
  }

  unpause(name: string): void {
    this.named(name).state = 'running';
    this.emit('unpaused', this.named(name));
  }

  /** Its conmon was killed: the process is gone, and the engine neither says so nor starts it before a stop. */
  vanish(name: string): void {
    this.running(name).processVanished = true;
  }

  /** Every later start is refused with this reason; `null` allows starts again. */
  refuseStart(name: string, reason: string | null): void {
    if (reason === null) this.refusals.delete(name);
    else this.refusals.set(name, reason);
  }

  /** What it does at its next starts, one behaviour a start; the last one holds for all after it. */
  onStart(name: string, ...behaviours: StartBehaviour[]): void {
    this.behaviours.set(name, behaviours);
  }

  setMemory(name: string, usedBytes: number, limitBytes?: number | null): void {
    const container = this.named(name);
    container.usedBytes = usedBytes;
    if (limitBytes !== undefined) container.limitBytes = limitBytes;
  }

  /** Adds lines to what it wrote. */
  write(name: string, ...lines: string[]): void {
    this.named(name).log.push(...lines);
  }

  /** The engine stops answering: calls fail, event streams break. Its containers go on, and so does its event log. */
  goAway(reason = 'The engine does not answer.'): void {
    this.outage = reason;
    const error = new RuntimeError('outage', reason);
    this.log.disconnect(error);
    for (const fail of this.unanswered) fail(error);
  }

  comeBack(): void {
    this.outage = null;
  }

  /** Breaks the event streams, and nothing else. */
  loseEventStream(): void {
    this.log.disconnect(new RuntimeError('outage', 'The event stream broke.'));
  }

  /** Its service is started anew as another version: the event streams break, and nothing else. */
  becomeVersion(tellsWhoStopped: EngineInfo['tellsWhoStopped']): void {
    this.tellsWhoStopped = tellsWhoStopped;
    this.loseEventStream();
  }

  /** From now on nothing is told, nor kept to be told; `muteEvents(false)` ends that. */
  muteEvents(muted = true): void {
    this.muted = muted;
  }

  /** Tells the latest `count` events once more, as Podman does when its log rotates. */
  redeliverEvents(count: number): void {
    this.log.redeliver(count);
  }

  /**
   * Calls of this kind, about this container only where `name` is given, get no answer until the returned
   * function is called; callers give up at their deadlines. What they asked for is done then all the same.
   */
  hang(call: Call, name?: string): () => void {
    const hang = new Hang(call, name);
    this.hangs.add(hang);
    return () => {
      this.hangs.delete(hang);
      hang.release();
    };
  }

  /** The host reboots: nothing runs afterwards. With `events`, running ones become `created`, as in Podman before 5.0. */
  reboot(): void {
    this.log.disconnect(new RuntimeError('outage', 'The host reboots.'));
    for (const container of this.containers.values()) {
      container.stoppedByUser = false;
      container.engineRestarts = 0;
      if (!container.isUp) continue;
      container.state = this.tellsWhoStopped === 'flag' ? 'exited' : 'created';
      container.pid = null;
      container.run += 1;
    }
  }

  /** The container as the engine has it now, whether or not the engine answers. */
  peek(name: string): Container {
    return this.named(name).inspected(this.tellsWhoStopped === 'flag');
  }

  // The engine

  /** Starts what it requires, then itself. False: it ran already. */
  private async bringUp(container: InMemoryContainer): Promise<boolean> {
    if (container.isRunning) return false;
    refuseUnless(!['paused', 'stopping', 'removing'].includes(container.state), container);
    for (const id of container.requires) {
      const required = this.byId(id);
      if (!required.isRunning) await this.bringUp(required);
    }
    const behaviour = this.nextBehaviour(container.name);
    if (behaviour.takesMs) await this.elapse(behaviour.takesMs);
    if (container.isRunning) return false;
    const refusal = this.refusals.get(container.name) ?? behaviour.refusal;
    if (refusal !== undefined) {
      if (this.tellsWhoStopped === 'events') this.emit('cleaned-up', container);
      throw new RuntimeError('refused', refusal);
    }
    container.engineRestarts = 0;
    this.begin(container, behaviour);
    return true;
  }

  private begin(container: InMemoryContainer, behaviour: StartBehaviour): void {
    container.began(this.clock.now());
    this.emit('started', container);
    if (behaviour.diesAfterMs !== undefined) {
      this.later(container, behaviour.diesAfterMs, () =>
        this.die(
          container,
          behaviour.exitCode ?? (behaviour.oomKilled ? 137 : 1),
          behaviour.oomKilled ?? false,
        ),
      );
    }
    if (behaviour.cleansUpAfterMs !== undefined)
      this.schedule(behaviour.cleansUpAfterMs, () => this.emit('cleaned-up', container));
    if (container.healthCheck) {
      this.later(container, behaviour.healthAfterMs ?? FIRST_HEALTH_CHECK_MS, () =>
        this.setHealth(container.name, behaviour.health ?? 'healthy'),
      );
    }
  }

  /** Asks it to end, and kills it after the timeout. False: it was down already. */
  private async bringDown(container: InMemoryContainer, timeoutMs: number): Promise<boolean> {
    if (!container.isUp) {
      container.stoppedByUser = true;
      return false;
    }
    refuseUnless(container.state !== 'paused', container);
    if (container.processVanished) {
      container.ended(this.clock.now(), -1);
      throw new RuntimeError('refused', `The process of ${container.name} is gone already.`);
    }
    container.stoppedByUser = true;
    const cleansUpTwice =
      this.tellsWhoStopped === 'events' && !container.spec.autoRemove && !container.stopping;
    await this.end(container, timeoutMs);
    if (cleansUpTwice) this.schedule(SECOND_CLEANUP_MS, () => this.emit('cleaned-up', container));
    return true;
  }

  private async bringBack(container: InMemoryContainer, timeoutMs: number): Promise<void> {
    const missing = container.requires.map((id) => this.byId(id)).find(({ isRunning }) => !isRunning);
    if (missing)
      throw new RuntimeError('refused', `${container.name} requires ${missing.name}, which does not run.`);
    this.emit('restarted', container);
    if (container.isUp) {
      container.stoppedByUser = true;
      await this.end(container, timeoutMs);
    }
    await this.bringUp(container);
  }

  private end(container: InMemoryContainer, timeoutMs: number): Promise<void> {
    container.stopping ??= this.endOnce(container, timeoutMs).finally(() => (container.stopping = null));
    return container.stopping;
  }

  private async endOnce(container: InMemoryContainer, timeoutMs: number): Promise<void> {
    const { takesMs = 0, exitCode = 0 } = container.spec.onStop ?? {};
    const { run } = container;
    container.state = 'stopping';
    const killed = takesMs > timeoutMs;
    const wait = Math.min(takesMs, timeoutMs);
    if (wait > 0) await this.elapse(wait);
    if (container.run === run) this.die(container, killed ? 137 : exitCode, false);
  }

  private die(container: InMemoryContainer, exitCode: number, oomKilled: boolean): void {
    container.ended(this.clock.now(), exitCode);
    // Podman never resets this flag.
    if (oomKilled && this.tellsOom) container.oomKilled = true;
    this.emit('died', container, { exitCode });
    if (container.spec.autoRemove) {
      this.containers.delete(container.name);
      this.emit('removed', container);
    } else if (this.appliesPolicyTo(container)) {
      this.restartByPolicy(container);
    } else {
      this.emit('cleaned-up', container);
    }
  }

  private appliesPolicyTo({ spec, stoppedByUser, exitCode, engineRestarts }: InMemoryContainer): boolean {
    if (!this.appliesRestartPolicies || stoppedByUser) return false;
    if (spec.restartPolicy !== 'on-failure') return (spec.restartPolicy ?? 'none') !== 'none';
    return exitCode !== 0 && engineRestarts < (spec.maxRestarts ?? Infinity);
  }

  private restartByPolicy(container: InMemoryContainer): void {
    this.emit('restarted', container);
    this.later(container, POLICY_RESTART_MS, () => {
      container.engineRestarts += 1;
      const behaviour = this.nextBehaviour(container.name);
      const refused = this.refusals.has(container.name) || behaviour.refusal !== undefined;
      if (!refused) this.begin(container, behaviour);
    });
  }

  private forget(container: InMemoryContainer): void {
    container.run += 1;
    this.containers.delete(container.name);
    this.emit('removed', container);
  }

  private nextBehaviour(name: string): StartBehaviour {
    const behaviours = this.behaviours.get(name) ?? [];
    return (behaviours.length > 1 ? behaviours.shift() : behaviours[0]) ?? {};
  }

  private named(name: string): InMemoryContainer {
    const container = this.containers.get(name);
    if (!container) throw new Error(`There is no container named ${name}.`);
    return container;
  }

  private running(name: string): InMemoryContainer {
    const container = this.named(name);
    if (!container.isUp) throw new Error(`${name} does not run: it is ${container.state}.`);
    return container;
  }

  private byId(id: string): InMemoryContainer {
    for (const container of this.containers.values()) if (container.id === id) return container;
    throw new RuntimeError('not-found', `There is no container with the id ${id}.`);
  }

  private note(kind: Act['kind'], { name }: InMemoryContainer): void {
    this.acts.push({ kind, name, at: this.clock.now() });
  }

  private emit(
    action: EngineEventAction,
    { id, name }: InMemoryContainer,
    { exitCode = null, health = null }: Partial<Pick<EngineEvent, 'exitCode' | 'health'>> = {},
  ): void {
    if (this.muted) return;
    // Engines tell nanoseconds: two events of one millisecond differ.
    const now = this.clock.now();
    const at = Math.floor(this.lastEventAt) === Math.floor(now) ? this.lastEventAt + 0.001 : now;
    this.lastEventAt = at;
    this.log.append({ action, id, name, at, exitCode, health });
  }

  /** Does something in this run of the container, or not at all. */
  private later(container: InMemoryContainer, ms: number, act: () => void): void {
    const { run } = container;
    this.schedule(ms, () => {
      if (container.run === run) act();
    });
  }

  private elapse(ms: number): Promise<void> {
    return new Promise((resolve) => this.schedule(ms, resolve));
  }

  private schedule(ms: number, act: () => void): () => void {
    if (this.clock instanceof ManualClock) return this.clock.after(ms, act);
    const timer = setTimeout(act, ms);
    timer.unref();
    return () => clearTimeout(timer);
  }

  /** Answers a call as an engine at the other end of a wire would: perhaps never, perhaps too late. */
  private async answer<T>(
    call: Call,
    id: string | null,
    deadlineMs: number,
    { signal }: CallOptions = {},
    work: () => T | Promise<T>,
  ): Promise<T> {
    if (signal?.aborted) throw aborted();
    if (this.outage !== null) throw new RuntimeError('outage', this.outage);
    const answered = this.hold(call, id).then(work);
    // Who gave up waiting does not hear of it any more.
    answered.catch(() => undefined);
    let cleanUp = (): void => undefined;
    const gaveUp = new Promise<never>((_, reject) => {
      const abort = (): void => reject(aborted());
      this.unanswered.add(reject);
      const late = (): void =>
        reject(new RuntimeError('timeout', `The engine did not answer within ${deadlineMs / 1000} s.`));
      const cancelDeadline = this.schedule(deadlineMs, late);
      signal?.addEventListener('abort', abort, { once: true });
      cleanUp = (): void => {
        cancelDeadline();
        this.unanswered.delete(reject);
        signal?.removeEventListener('abort', abort);
      };
    });
    try {
      return await Promise.race([answered, gaveUp]);
    } finally {
      cleanUp();
    }
  }

  private async hold(call: Call, id: string | null): Promise<void> {
    const name = [...this.containers.values()].find((container) => container.id === id)?.name;
    for (const hang of this.hangs) if (hang.concerns(call, name)) await hang.released;
  }
}

class Hang {
  release!: () => void;
  readonly released = new Promise<void>((resolve) => (this.release = resolve));

  constructor(
    private readonly call: Call,
    private readonly name: string | undefined,
  ) {}

  concerns(call: Call, name: string | undefined): boolean {
    return this.call === call && (this.name === undefined || this.name === name);
  }
}

function refuseUnless(allowed: boolean, { name, state }: InMemoryContainer): void {
  if (!allowed) throw new RuntimeError('refused', `${name} is ${state}: container state improper.`);
}

function aborted(): RuntimeError {
  return new RuntimeError('aborted', 'The caller no longer waits for the answer.');
}
