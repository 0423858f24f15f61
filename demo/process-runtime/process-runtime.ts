import {
  ContainerRuntime,
  RuntimeError,
  type CallOptions,
  type Container,
  type EngineEvent,
  type EngineEventAction,
  type EngineInfo,
  type ListedContainer,
  type MemoryReading,
  type StopOptions,
} from '@archipelago/health-monitor';
import { EngineEvents } from './engine-events.js';
import { ProcessContainer } from './process-container.js';
import { residentMemory } from './process-memory.js';
import type { ServiceSpec } from './service-spec.js';
import { SupervisedProcess } from './supervised-process.js';

const START_DEADLINE_MS = 120_000;
const STOP_GRACE_MS = 30_000;
const READING_DEADLINE_MS = 10_000;
const HEALTH_TIMEOUT_MS = 2_000;
const LIMIT_CHECK_MS = 1_000;
/** From a death to the start that a restart policy causes. */
const POLICY_RESTART_MS = 100;

/**
 * A container engine in miniature: each container is a process of this machine. It shows what it takes to put
 * another engine behind the monitor's port.
 */
export class ProcessRuntime extends ContainerRuntime {
  private readonly containers = new Map<string, ProcessContainer>();
  /** What happened, whether anybody can reach the engine or not. */
  readonly record = new EngineEvents();
  private readonly killAll = (): void => {
    for (const { process } of this.containers.values()) process?.kill('SIGKILL');
  };
  private readonly limitChecks = setInterval(() => void this.enforceLimits(), LIMIT_CHECK_MS).unref();
  private closed = false;
  /** Aborted while nobody can reach it. */
  private link = new AbortController();

  constructor() {
    super();
    process.once('exit', this.killAll);
  }

  info(options?: CallOptions): Promise<EngineInfo> {
    return this.serve(READING_DEADLINE_MS, options, () => ({
      kind: 'processes',
      version: process.version.slice(1),
      rootless: process.getuid?.() !== 0,
      address: `the processes that ${process.pid} started`,
      tellsWhoStopped: 'flag',
      warning: null,
    }));
  }

  list(options?: CallOptions): Promise<readonly ListedContainer[]> {
    return this.serve(READING_DEADLINE_MS, options, () =>
      [...this.containers.values()].map((container) => container.listed()),
    );
  }

  inspect(id: string, options?: CallOptions): Promise<Container> {
    return this.serve(READING_DEADLINE_MS, options, () => this.byId(id).inspected());
  }

  memory(options?: CallOptions): Promise<readonly MemoryReading[]> {
    return this.serve(READING_DEADLINE_MS, options, async () =>
      (await this.residents()).map(({ container: { id, name, startedAt, spec }, usedBytes }) => ({
        id,
        name,
        startedAt,
        usedBytes,
        limitBytes: spec.memoryLimitBytes ?? null,
        figure: 'engine',
      })),
    );
  }

  logs(id: string, lines: number, options?: CallOptions): Promise<readonly string[]> {
    return this.serve(READING_DEADLINE_MS, options, () => {
      const { log } = this.byId(id);
      return log.slice(Math.max(0, log.length - lines));
    });
  }

  start(id: string, options?: CallOptions): Promise<'started' | 'already-running'> {
    return this.serve(START_DEADLINE_MS, options, async () =>
      (await this.bringUp(this.byId(id))) ? 'started' : 'already-running',
    );
  }

  stop(id: string, { timeoutMs, signal }: StopOptions): Promise<'stopped' | 'already-stopped'> {
    return this.serve(timeoutMs + STOP_GRACE_MS, { signal }, async () =>
      (await this.bringDown(this.byId(id), timeoutMs)) ? 'stopped' : 'already-stopped',
    );
  }

  restart(id: string, { timeoutMs, signal }: StopOptions): Promise<void> {
    return this.serve(timeoutMs + STOP_GRACE_MS, { signal }, async () => {
      const container = this.byId(id);
      this.tellEvent('restarted', container);
      await this.bringDown(container, timeoutMs);
      await this.bringUp(container);
    });
  }

  async *events({ since, signal }: { since?: number; signal: AbortSignal }): AsyncGenerator<EngineEvent> {
    const link = this.link.signal;
    yield* this.record.read({
      ...(since !== undefined && { since }),
      signal: AbortSignal.any([signal, link]),
    });
    if (link.aborted && !signal.aborted) throw unreachable();
  }

  /** Makes a container of a service, and returns its id. What it requires must have been added before. */
  add(spec: ServiceSpec): string {
    if (this.containers.has(spec.name)) throw new Error(`There is a service named ${spec.name} already.`);
    const requires = (spec.requires ?? []).map((name) => this.named(name).id);
    const container = new ProcessContainer(spec, requires);
    this.containers.set(spec.name, container);
    this.tellEvent('created', container);
    return container.id;
  }

  /** Starts a container by its name, as a person would by the engine's own means. */
  async startByHand(name: string): Promise<void> {
    await this.bringUp(this.named(name));
  }

  /** Stops a container by its name, as a person would by the engine's own means. */
  async stopByHand(name: string): Promise<void> {
    const container = this.named(name);
    await this.bringDown(container, container.stopTimeoutMs);
  }

  /** Writes a line to the service's standard input; nothing happens where it is down. */
  tell(name: string, line: string): void {
    this.named(name).process?.tell(line);
  }

  /** From now on nobody reaches it, as when the engine's service is stopped: what runs goes on without it. */
  goAway(): void {
    this.link.abort();
  }

  /** Can be reached again. */
  comeBack(): void {
    if (this.link.signal.aborted) this.link = new AbortController();
  }

  /** Ends all of them for good: asks first, kills what is left after `graceMs`. */
  async close(graceMs = 1_000): Promise<void> {
    this.closed = true;
    clearInterval(this.limitChecks);
    await Promise.allSettled(
      [...this.containers.values()].map((container) => this.bringDown(container, graceMs)),
    );
    process.off('exit', this.killAll);
  }

  private async serve<T>(
    deadlineMs: number,
    options: CallOptions | undefined,
    work: () => T | Promise<T>,
  ): Promise<T> {
    if (this.link.signal.aborted) throw unreachable();
    return answer(deadlineMs, options, work);
  }

  /** What runs, with its memory, as far as the system tells it. */
  private async residents(): Promise<{ container: ProcessContainer; usedBytes: number }[]> {
    const running = [...this.containers.values()].flatMap((container) =>
      container.process ? [{ container, pid: container.process.pid }] : [],
    );
    const used = await residentMemory(running.map(({ pid }) => pid));
    return running.flatMap(({ container, pid }) => {
      const usedBytes = used.get(pid);
      return usedBytes === undefined ? [] : [{ container, usedBytes }];
    });
  }

  /** Kills what has outgrown its limit, as the kernel does. */
  private async enforceLimits(): Promise<void> {
    for (const { container, usedBytes } of await this.residents()) {
      if (usedBytes <= (container.spec.memoryLimitBytes ?? Infinity)) continue;
      container.oomKilled = true;
      container.process?.kill('SIGKILL');
    }
  }

  /** False: it ran already. */
  private async bringUp(container: ProcessContainer): Promise<boolean> {
    if (container.process) return false;
    container.engineRestarts = 0;
    await this.startWithRequired(container);
    return true;
  }

  private async startWithRequired(container: ProcessContainer): Promise<void> {
    container.starting ??= this.spawn(container).finally(() => (container.starting = null));
    await container.starting;
  }

  private async spawn(container: ProcessContainer): Promise<void> {
    if (this.closed) throw new RuntimeError('refused', 'The runtime is closed: nothing is started any more.');
    for (const name of container.spec.requires ?? []) {
      const required = this.named(name);
      if (!required.process) await this.startWithRequired(required);
    }
    const supervised = await SupervisedProcess.start(container.spec.command, container.log).catch(
      (cause: Error) => {
        throw new RuntimeError('refused', `${container.name} cannot be started: ${cause.message}`, { cause });
      },
    );
    container.process = supervised;
    container.state = 'running';
    container.health = container.spec.healthCheck ? 'starting' : 'none';
    container.exitCode = 0;
    container.startedAt = Date.now();
    container.stoppedByUser = false;
    container.oomKilled = false;
    container.lastCheck = null;
    this.tellEvent('started', container);
    const checks = this.checkHealthOf(container, supervised);
    void supervised.exited.then((exitCode) => {
      clearInterval(checks);
      this.noteDeath(container, exitCode);
    });
    if (this.closed) supervised.kill('SIGKILL');
  }

  private noteDeath(container: ProcessContainer, exitCode: number): void {
    container.process = null;
    container.state = 'exited';
    container.exitCode = exitCode;
    container.exitedAt = Date.now();
    this.tellEvent('died', container, { exitCode });
    if (this.closed || container.stoppedByUser || !isRestartedByPolicy(container)) {
      this.tellEvent('cleaned-up', container);
      return;
    }
    this.tellEvent('restarted', container);
    setTimeout(() => {
      if (container.process || this.closed) return;
      container.engineRestarts += 1;
      this.startWithRequired(container).catch((error: Error) => container.log.push(error.message));
    }, POLICY_RESTART_MS).unref();
  }

  /** Asks it to end, and kills it after the timeout. False: it was down already. */
  private async bringDown(container: ProcessContainer, timeoutMs: number): Promise<boolean> {
    await container.starting?.catch(() => undefined);
    container.stoppedByUser = true;
    const supervised = container.process;
    if (!supervised) return false;
    container.state = 'stopping';
    supervised.kill('SIGTERM');
    const kill = setTimeout(() => supervised.kill('SIGKILL'), timeoutMs);
    await supervised.exited;
    clearTimeout(kill);
    return true;
  }

  private checkHealthOf(
    container: ProcessContainer,
    supervised: SupervisedProcess,
  ): NodeJS.Timeout | undefined {
    const { healthCheck } = container.spec;
    if (!healthCheck) return undefined;
    const check = async (): Promise<void> => {
      const answered = await supervised.askHealth(healthCheck.timeoutMs ?? HEALTH_TIMEOUT_MS);
      if (container.process !== supervised) return;
      container.lastCheck = { at: Date.now(), output: answered ?? 'It did not answer in time.' };
      const startsStill = Date.now() - (container.startedAt ?? 0) < (healthCheck.startPeriodMs ?? 0);
      if (answered === 'ok') container.health = 'healthy';
      else if (!startsStill) container.health = 'unhealthy';
      this.tellEvent('health-checked', container, { health: container.health });
    };
    return setInterval(() => void check(), healthCheck.intervalMs);
  }

  private tellEvent(
    action: EngineEventAction,
    { id, name }: ProcessContainer,
    { exitCode = null, health = null }: Partial<Pick<EngineEvent, 'exitCode' | 'health'>> = {},
  ): void {
    this.record.tell({ action, id, name, exitCode, health });
  }

  private named(name: string): ProcessContainer {
    const container = this.containers.get(name);
    if (!container) throw new Error(`There is no service named ${name}.`);
    return container;
  }

  private byId(id: string): ProcessContainer {
    for (const container of this.containers.values()) if (container.id === id) return container;
    throw new RuntimeError('not-found', `There is no container with the id ${id}.`);
  }
}

function isRestartedByPolicy({ spec: { restartPolicy = 'none' }, exitCode }: ProcessContainer): boolean {
  return restartPolicy === 'on-failure' ? exitCode !== 0 : restartPolicy !== 'none';
}

/** What every call of the port keeps to: a deadline, an abort signal, and errors of one kind. */
async function answer<T>(
  deadlineMs: number,
  { signal }: CallOptions = {},
  work: () => T | Promise<T>,
): Promise<T> {
  if (signal?.aborted) throw aborted();
  let cleanUp = (): void => undefined;
  const gaveUp = new Promise<never>((_, reject) => {
    const abort = (): void => reject(aborted());
    const deadline = setTimeout(
      () => reject(new RuntimeError('timeout', `No answer within ${deadlineMs / 1000} s.`)),
      deadlineMs,
    );
    signal?.addEventListener('abort', abort, { once: true });
    cleanUp = () => {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', abort);
    };
  });
  try {
    return await Promise.race([Promise.resolve().then(work), gaveUp]);
  } finally {
    cleanUp();
  }
}

function aborted(): RuntimeError {
  return new RuntimeError('aborted', 'The caller no longer waits for the answer.');
}

function unreachable(): RuntimeError {
  return new RuntimeError('outage', 'The engine of the demo is away.');
}
