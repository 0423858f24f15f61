import type { Health } from '../common/events/index.js';
import { RuntimeError } from '../health-monitor/runtime/index.js';
import type { ContainerSet } from './container-set.js';
import type { EngineEventLog } from './engine-event-log.js';
import type { EngineTraits } from './engine-traits.js';
import type { InMemoryContainer } from './in-memory-container.js';
import type { StartBehaviour, StartScript } from './start-script.js';
import type { Timers } from './timers.js';

/** From a death to the start that the engine's own restart policy causes. */
const POLICY_RESTART_MS = 100;
/** From the first to the second `cleaned-up` event after a person's stop, where there are two. */
const SECOND_CLEANUP_MS = 150;
const FIRST_HEALTH_CHECK_MS = 1_000;
const KILLED = 137;

/** How a process ends. `exitCode` is 1 by default, and 137 when the kernel kills it for want of memory. */
export type Death = Pick<StartBehaviour, 'exitCode' | 'oomKilled'>;

/** How the containers of an engine start and end, by whoever's act, by themselves, or by their restart policies. */
export class ContainerLifecycle {
  private endsItself = false;

  constructor(
    private readonly traits: EngineTraits,
    private readonly containers: ContainerSet,
    private readonly script: StartScript,
    private readonly log: EngineEventLog,
    private readonly timers: Timers,
  ) {}

  /** Starts what it requires, then itself. False: it ran already. */
  async start(container: InMemoryContainer): Promise<boolean> {
    if (container.isRunning) return false;
    refuseUnless(!['paused', 'stopping', 'removing'].includes(container.state), container);
    for (const id of container.requires) {
      const required = this.containers.withId(id);
      if (!required.isRunning) await this.start(required);
    }
    const behaviour = this.script.next(container.name);
    if (behaviour.takesMs) await this.timers.elapse(behaviour.takesMs);
    if (container.isRunning) return false;
    const refusal = this.script.refusal(container.name, behaviour);
    if (refusal !== undefined) {
      if (this.traits.tellsWhoStopped === 'events') this.log.append('cleaned-up', container);
      throw new RuntimeError('refused', refusal);
    }
    container.engineRestarts = 0;
    this.begin(container, behaviour);
    return true;
  }

  /** Asks it to end, and kills it after the timeout. False: it was down already. */
  async stop(container: InMemoryContainer, timeoutMs: number): Promise<boolean> {
    if (!container.isUp) {
      container.stoppedByUser = true;
      return false;
    }
    refuseUnless(container.state !== 'paused', container);
    if (container.processVanished) {
      container.ended(this.timers.now(), -1);
      throw new RuntimeError('refused', `The process of ${container.name} is gone already.`);
    }
    container.stoppedByUser = true;
    const cleansUpTwice =
      this.traits.tellsWhoStopped === 'events' && !container.spec.autoRemove && !container.stopping;
    await this.endAsAsked(container, timeoutMs);
    if (cleansUpTwice) this.timers.after(SECOND_CLEANUP_MS, () => this.log.append('cleaned-up', container));
    return true;
  }

  async restart(container: InMemoryContainer, timeoutMs: number): Promise<void> {
    const required = container.requires.map((id) => this.containers.withId(id));
    const missing = required.find(({ isRunning }) => !isRunning);
    if (missing)
      throw new RuntimeError('refused', `${container.name} requires ${missing.name}, which does not run.`);
    if (!this.tellsSignals) this.log.append('restarted', container);
    if (container.isUp) {
      container.stoppedByUser = true;
      await this.endAsAsked(container, timeoutMs);
    }
    await this.start(container);
  }

  /** Its process ends. */
  die(container: InMemoryContainer, { oomKilled = false, exitCode = oomKilled ? KILLED : 1 }: Death): void {
    container.ended(this.timers.now(), exitCode);
    // Podman never resets this flag.
    if (oomKilled && this.traits.tellsOom) container.oomKilled = true;
    this.log.append('died', container, { exitCode });
    this.killPidKin(container);
    if (container.spec.autoRemove) this.forget(container);
    else if (this.appliesPolicyTo(container)) this.restartByPolicy(container);
    else if (!this.tellsSignals) this.log.append('cleaned-up', container);
  }

  /** Kills it where it is up, and removes it, whatever its restart policy says. */
  remove(container: InMemoryContainer): void {
    if (container.isUp) {
      container.ended(this.timers.now(), KILLED);
      this.log.append('died', container, { exitCode: KILLED });
    }
    this.forget(container);
  }

  /** The engine ends: all that run are asked to end, as a person asks, but none is noted to have been stopped. */
  async endAll(timeoutMs: number): Promise<void> {
    const running = [...this.containers].filter(({ isUp }) => isUp);
    this.endsItself = true;
    await Promise.all(running.map((container) => this.endAsAsked(container, timeoutMs)));
  }

  /** It comes up again, and starts what its policies say; of those that were stopped, `unless-stopped` leaves them. */
  async beginAll(): Promise<void> {
    this.endsItself = false;
    for (const container of [...this.containers]) {
      const { restartPolicy = 'none' } = container.spec;
      const isWanted =
        restartPolicy === 'always' || (restartPolicy === 'unless-stopped' && !container.stoppedByUser);
      if (isWanted && this.traits.appliesRestartPolicies) await this.start(container);
    }
  }

  /** Its health check was run, and says this. */
  checkHealth(container: InMemoryContainer, health: Health, output: string | null): void {
    const { name, healthCheck, health: before } = container;
    if (!healthCheck) throw new Error(`${name} has no health check: add it with a health or a healthCheck.`);
    container.health = health;
    container.healthCheck = { ...healthCheck, lastRunAt: this.timers.now(), lastOutput: output };
    // Podman 4 tells what it was before the check.
    const reported = this.traits.tellsWhoStopped === 'flag' ? health : before;
    this.log.append('health-checked', container, { health: reported });
  }

  /** The kernel kills all processes of a pid namespace with its first one. */
  private killPidKin({ id }: InMemoryContainer): void {
    for (const kin of this.containers) {
      const isKin = kin.sharesNamespaces.some(({ of, which }) => of === id && which.includes('pid'));
      if (isKin && kin.isUp) this.die(kin, { exitCode: KILLED });
    }
  }

  private begin(container: InMemoryContainer, behaviour: StartBehaviour): void {
    const { diesAfterMs, cleansUpAfterMs, health = 'healthy' } = behaviour;
    container.began(this.timers.now());
    this.log.append('started', container);
    if (diesAfterMs !== undefined)
      this.inThisRun(container, diesAfterMs, () => this.die(container, behaviour));
    if (cleansUpAfterMs !== undefined)
      this.timers.after(cleansUpAfterMs, () => this.log.append('cleaned-up', container));
    if (container.healthCheck)
      this.inThisRun(container, behaviour.healthAfterMs ?? FIRST_HEALTH_CHECK_MS, () =>
        this.checkHealth(container, health, null),
      );
  }

  private get tellsSignals(): boolean {
    return this.traits.tellsWhoStopped === 'signals';
  }

  /** Docker tells the signal before, and that it was stopped after. */
  private async endAsAsked(container: InMemoryContainer, timeoutMs: number): Promise<void> {
    if (this.tellsSignals) this.log.append('killed', container, { asksToEnd: true });
    await this.end(container, timeoutMs);
    if (this.tellsSignals) this.log.append('stopped', container);
  }

  /** Who stops it while it is being stopped waits for the same end. */
  private end(container: InMemoryContainer, timeoutMs: number): Promise<void> {
    container.stopping ??= this.endOnce(container, timeoutMs).finally(() => (container.stopping = null));
    return container.stopping;
  }

  private async endOnce(container: InMemoryContainer, timeoutMs: number): Promise<void> {
    const { takesMs = 0, exitCode = 0 } = container.spec.onStop ?? {};
    const { run } = container;
    container.state = 'stopping';
    const wait = Math.min(takesMs, timeoutMs);
    if (wait > 0) await this.timers.elapse(wait);
    if (container.run === run) this.die(container, { exitCode: takesMs > timeoutMs ? KILLED : exitCode });
  }

  private appliesPolicyTo({ spec, stoppedByUser, exitCode, engineRestarts }: InMemoryContainer): boolean {
    if (!this.traits.appliesRestartPolicies || stoppedByUser || this.endsItself) return false;
    const { restartPolicy = 'none', maxRestarts = Infinity } = spec;
    if (restartPolicy === 'on-failure') return exitCode !== 0 && engineRestarts < maxRestarts;
    return restartPolicy !== 'none';
  }

  private restartByPolicy(container: InMemoryContainer): void {
    if (!this.tellsSignals) this.log.append('restarted', container);
    this.inThisRun(container, POLICY_RESTART_MS, () => {
      container.engineRestarts += 1;
      const behaviour = this.script.next(container.name);
      if (this.script.refusal(container.name, behaviour) === undefined) this.begin(container, behaviour);
    });
  }

  private forget(container: InMemoryContainer): void {
    container.run += 1;
    this.containers.delete(container);
    this.log.append('removed', container);
  }

  /** Does something in this run of the container, or not at all. */
  private inThisRun(container: InMemoryContainer, ms: number, act: () => void): void {
    const { run } = container;
    this.timers.after(ms, () => {
      if (container.run === run) act();
    });
  }
}

function refuseUnless(allowed: boolean, { name, state }: InMemoryContainer): void {
  if (!allowed) throw new RuntimeError('refused', `${name} is ${state}: container state improper.`);
}
