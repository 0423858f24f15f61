import type { Health } from '../common/events/index.js';
import { RuntimeError } from '../health-monitor/runtime/index.js';
import type { Container, Execution, ListedContainer, Namespace } from '../health-monitor/runtime/index.js';
import { ContainerLifecycle, type Death } from './container-lifecycle.js';
import { ContainerSet } from './container-set.js';
import { EngineEventLog } from './engine-event-log.js';
import type { EngineTraits } from './engine-traits.js';
import { InMemoryContainer, type ContainerSpec } from './in-memory-container.js';
import { StartScript } from './start-script.js';
import type { Timers } from './timers.js';

/** Of an engine that ends, for each container. */
const STOP_TIMEOUT_MS = 10_000;
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGUSR1: 10, SIGUSR2: 12, SIGTERM: 15 } as const;
/** What an ordinary service takes without ending. */
const HARMLESS: ReadonlySet<string> = new Set(['SIGHUP', 'SIGUSR1', 'SIGUSR2']);

/** For so long the machine had been up. */
const BEFORE_MS = 30 * 24 * 60 * 60_000;

/** What those in a pod share, unless its maker says otherwise. */
const IN_POD: readonly Namespace[] = ['network', 'ipc'];

/** What a command in a container does. It may take its time. */
export type CommandScript = (command: readonly string[]) => Execution | Promise<Execution>;

export type Signal = keyof typeof SIGNALS;

/**
 * A simulated container engine: its containers, what happens to them by themselves, and what a person does to them at its
 * command line. A name that no container has, or a state that does not fit, is a mistake of the test and an `Error`; what
 * the engine refuses is a `RuntimeError`.
 */
export class InMemoryEngine {
  readonly containers = new ContainerSet();
  readonly script = new StartScript();
  readonly log: EngineEventLog;
  readonly lifecycle: ContainerLifecycle;
  private readonly commands = new Map<string, CommandScript>();
  private generation = 0;
  private bootedAt: number;

  constructor(
    readonly traits: EngineTraits,
    private readonly timers: Timers,
  ) {
    this.bootedAt = timers.now() - BEFORE_MS;
    this.log = new EngineEventLog(timers);
    this.lifecycle = new ContainerLifecycle(traits, this.containers, this.script, this.log, timers);
  }

  inspect(container: InMemoryContainer): Container {
    return container.inspected(this.traits.tellsWhoStopped === 'flag');
  }

  /** What commands in this container do from now on. */
  answerCommands(name: string, script: CommandScript): void {
    this.commands.set(name, script);
  }

  async exec({ name, state, isRunning }: InMemoryContainer, command: readonly string[]): Promise<Execution> {
    if (!isRunning) throw new RuntimeError('refused', `${name} is ${state}: container state improper.`);
    return (await this.commands.get(name)?.(command)) ?? { exitCode: 0, output: '' };
  }

  add(spec: ContainerSpec): InMemoryContainer {
    if (this.containers.has(spec.name)) throw new Error(`There is a container named ${spec.name} already.`);
    const infra = spec.pod === undefined ? null : this.infraMadeFor(spec.pod, spec);
    const taken = { ...spec.sharesNamespaces, ...(infra && { [infra.name]: IN_POD }) };
    const shares = Object.entries(taken).map(([name, which]) => ({
      of: this.containers.named(name).id,
      which,
    }));
    const required = (spec.requires ?? []).map((name) => this.containers.named(name).id);
    const requires = [...new Set([...required, ...shares.map(({ of }) => of)])];
    return this.put(new InMemoryContainer(spec, requires, shares, ++this.generation, this.timers.now()));
  }

  /** As a list shows it. */
  listed(container: InMemoryContainer): ListedContainer {
    const infra = this.infraRequiredBy(container);
    const pod = infra && { name: infra.infraOf!, infra: infra.listed() };
    return { ...container.listed(), ...(pod && { pod }) };
  }

  private infraRequiredBy({ requires }: InMemoryContainer): InMemoryContainer | undefined {
    return requires
      .map((id) => this.containers.find(id))
      .find((required) => required && required.infraOf !== null);
  }

  private infraMadeFor(pod: string, { state, startedAt }: ContainerSpec): InMemoryContainer {
    const name = `${pod}-infra`;
    if (this.containers.has(name)) return this.containers.named(name);
    const spec = { name, state, startedAt };
    return this.put(new InMemoryContainer(spec, [], [], ++this.generation, this.timers.now(), pod));
  }

  private put(container: InMemoryContainer): InMemoryContainer {
    const { spec } = container;
    this.containers.add(container);
    if (spec.startedAt === undefined) {
      this.log.append('created', container);
      if (container.isUp) this.log.append('started', container);
    }
    return container;
  }

  rename(name: string, to: string): void {
    if (this.containers.has(to)) throw new Error(`There is a container named ${to} already.`);
    const container = this.containers.named(name);
    this.containers.rename(container, to);
    this.log.append('renamed', container);
  }

  remove(name: string): void {
    this.lifecycle.remove(this.containers.named(name));
  }

  recreate(name: string, changes: Partial<Omit<ContainerSpec, 'name'>>): InMemoryContainer {
    const { spec } = this.containers.named(name);
    this.remove(name);
    const anew = { state: 'running', startedAt: undefined, exitedAt: undefined } as const;
    return this.add({ ...spec, ...anew, ...changes, name });
  }

  // By itself

  crash(name: string, death: Death): void {
    this.lifecycle.die(this.containers.up(name), death);
  }

  setHealth(name: string, health: Health, output: string | null): void {
    this.lifecycle.checkHealth(this.containers.named(name), health, output);
  }

  setMemory(name: string, usedBytes: number, limitBytes?: number | null): void {
    const container = this.containers.named(name);
    container.usedBytes = usedBytes;
    if (limitBytes !== undefined) container.limitBytes = limitBytes;
  }

  write(name: string, lines: readonly string[]): void {
    this.containers.named(name).log.push(...lines);
  }

  vanish(name: string): void {
    this.containers.up(name).processVanished = true;
  }

  /** When the machine came up. Milliseconds since 1970. */
  get upSince(): number {
    return this.bootedAt;
  }

  reboot(): void {
    this.bootedAt = this.timers.now();
    for (const container of this.containers) {
      container.stoppedByUser = false;
      container.engineRestarts = 0;
      if (!container.isUp) continue;
      container.state = this.traits.tellsWhoStopped === 'flag' ? 'exited' : 'created';
      container.pid = null;
      container.run += 1;
    }
  }

  // The engine itself

  /** It asks all to end, as a person does who stops them, and waits for that. */
  async endAll(): Promise<void> {
    await this.lifecycle.endAll(STOP_TIMEOUT_MS);
  }

  /** It comes up, ends what it finds running, and starts what its policies say. */
  async comeUp(): Promise<void> {
    this.log.forget();
    await this.endAll();
    await this.lifecycle.beginAll();
  }

  // At its command line

  async userStart(name: string): Promise<void> {
    await this.lifecycle.start(this.containers.named(name));
  }

  async userStop(name: string): Promise<void> {
    const container = this.containers.named(name);
    await this.lifecycle.stop(container, container.stopTimeoutMs);
  }

  async userRestart(name: string): Promise<void> {
    const container = this.containers.named(name);
    await this.lifecycle.restart(container, container.stopTimeoutMs);
  }

  userKill(name: string, signal: Signal): void {
    const container = this.containers.up(name);
    container.stoppedByUser = true;
    const told = this.traits.tellsWhoStopped === 'signals' ? { asksToEnd: !HARMLESS.has(signal) } : {};
    this.log.append('killed', container, told);
    if (!HARMLESS.has(signal)) this.lifecycle.die(container, { exitCode: 128 + SIGNALS[signal] });
  }

  pause(name: string): void {
    const container = this.containers.up(name);
    container.state = 'paused';
    this.log.append('paused', container);
  }

  unpause(name: string): void {
    const container = this.containers.named(name);
    container.state = 'running';
    this.log.append('unpaused', container);
  }
}
