import { createHash } from 'node:crypto';
import type { ContainerState, Health } from '../common/events/index.js';
import type {
  Container,
  EngineRestartPolicy,
  HealthCheck,
  ListedContainer,
  Namespace,
  Reach,
  SharedNamespaces,
  Volume,
} from '../health-monitor/runtime/index.js';

/** A container as a test describes it. Times are milliseconds since 1970, durations milliseconds, sizes bytes. */
export interface ContainerSpec {
  readonly name: string;
  /** Default `localhost/<name>:test`. */
  readonly image?: string;
  /** Default `running`. */
  readonly state?: ContainerState;
  /** Default `none`, which means that it has no health check. */
  readonly health?: Health;
  /** Of a last run that ended before; default 0. */
  readonly exitCode?: number;
  /** Default: now, unless the state is `created`. When given, no events tell of its start. */
  readonly startedAt?: number | null;
  /** Default: now, when it is `exited` or `stopped`. */
  readonly exitedAt?: number | null;
  readonly labels?: Readonly<Record<string, string>>;
  readonly autoRemove?: boolean;
  /** Default `false`. */
  readonly ranInForeground?: boolean;
  /** Default `none`. */
  readonly restartPolicy?: EngineRestartPolicy;
  /** How often `on-failure` restarts it; default without end. */
  readonly maxRestarts?: number;
  /** Names of containers that the engine starts before this one. They must be there already. */
  readonly requires?: readonly string[];
  /** Of whose namespaces it runs in which, by name; the engine starts those containers before this one, too. */
  readonly sharesNamespaces?: Readonly<Record<string, readonly Namespace[]>>;
  /** The pod it is in. Its infra container is made along with the first: `shop-infra` for the pod `shop`. */
  readonly pod?: string;
  /** Default 10,000. */
  readonly stopTimeoutMs?: number;
  /** How it ends when asked to: after how long (default at once), and with which code (default 0). */
  readonly onStop?: { readonly takesMs?: number; readonly exitCode?: number };
  /** Default 10 MB without a limit. */
  readonly memory?: { readonly usedBytes: number; readonly limitBytes?: number | null };
  readonly healthCheck?: Partial<HealthCheck>;
  /** Where its ports can be reached. Default: nothing is known of that. */
  readonly reach?: Reach;
  /** What it has of the file systems of the host. Default: nothing. */
  readonly volumes?: readonly Volume[];
  /** Lines it wrote so far. */
  readonly log?: readonly string[];
}

const NO_CHECK_YET: HealthCheck = {
  intervalMs: 30_000,
  startPeriodMs: 0,
  onFailure: 'none',
  lastStatus: 'none',
  lastRunAt: null,
  lastOutput: null,
};

const DEFAULT_MEMORY: NonNullable<ContainerSpec['memory']> = { usedBytes: 10_000_000 };

/** What the in-memory engine knows of one container; the engine changes it. */
export class InMemoryContainer {
  readonly id: string;
  /** As it is now; the engine changes it. */
  name: string;
  readonly createdAt: number;
  state: ContainerState;
  health: Health;
  exitCode: number;
  startedAt: number | null;
  exitedAt: number | null;
  pid: number | null = null;
  engineRestarts = 0;
  stoppedByUser = false;
  oomKilled = false;
  healthCheck: HealthCheck | null;
  processVanished = false;
  usedBytes: number;
  limitBytes: number | null;
  readonly log: string[];
  /** Counts its runs, so that what was scheduled in one does not happen in another. */
  run = 0;
  /** The stop it is in, so that a second stop waits for the same end. */
  stopping: Promise<void> | null = null;

  constructor(
    readonly spec: ContainerSpec,
    readonly requires: readonly string[],
    readonly sharesNamespaces: readonly SharedNamespaces[],
    generation: number,
    now: number,
    /** The pod whose namespaces it holds; `null`: it is an ordinary container. */
    readonly infraOf: string | null = null,
  ) {
    const { state = 'running', health = 'none', exitCode = 0, memory = DEFAULT_MEMORY, log = [] } = spec;
    this.name = spec.name;
    this.id = createHash('sha256').update(`${spec.name} ${generation}`).digest('hex');
    this.createdAt = now;
    this.state = state;
    this.health = health;
    this.exitCode = exitCode;
    this.startedAt = startOf(spec, state, now);
    this.exitedAt = exitOf(spec, state, now);
    this.healthCheck = healthCheckOf(spec);
    this.usedBytes = memory.usedBytes;
    this.limitBytes = memory.limitBytes ?? null;
    this.log = [...log];
    if (this.isUp) this.pid = this.somePid(generation);
  }

  get isRunning(): boolean {
    return this.state === 'running';
  }

  /** Its process is there. */
  get isUp(): boolean {
    return this.state === 'running' || this.state === 'paused' || this.state === 'stopping';
  }

  get stopTimeoutMs(): number {
    return this.spec.stopTimeoutMs ?? 10_000;
  }

  began(now: number): void {
    this.state = 'running';
    this.startedAt = now;
    this.exitCode = 0;
    this.health = this.healthCheck ? 'starting' : 'none';
    this.stoppedByUser = false;
    this.processVanished = false;
    this.run += 1;
    this.pid = this.somePid(this.run);
  }

  ended(now: number, exitCode: number): void {
    this.state = 'exited';
    this.exitCode = exitCode;
    this.exitedAt = now;
    this.processVanished = false;
    this.run += 1;
    this.pid = null;
  }

  listed(): ListedContainer {
    const { id, name, state, health, exitCode, startedAt, exitedAt } = this;
    return {
      id,
      name,
      image: this.spec.image ?? `localhost/${name}:test`,
      state,
      health: this.isRunning ? health : 'none',
      exitCode,
      startedAt,
      exitedAt,
      labels: { ...this.spec.labels },
      autoRemove: this.spec.autoRemove ?? false,
      pid: this.pid,
      processVanished: this.processVanished,
    };
  }

  inspected(hasStopFlag: boolean): Container {
    return {
      ...this.listed(),
      createdAt: this.createdAt,
      restartPolicy: this.spec.restartPolicy ?? 'none',
      engineRestarts: this.engineRestarts,
      requires: this.requires,
      ...(this.sharesNamespaces.length > 0 ? { sharesNamespaces: this.sharesNamespaces } : {}),
      stopTimeoutMs: this.stopTimeoutMs,
      stoppedByUser: hasStopFlag ? this.stoppedByUser : null,
      oomKilled: this.oomKilled,
      ranInForeground: this.spec.ranInForeground ?? false,
      healthCheck: this.healthCheck && { ...this.healthCheck, lastStatus: this.health },
      ...(this.spec.reach && { reach: this.spec.reach }),
      ...(this.spec.volumes && { volumes: this.spec.volumes }),
      ...(this.infraOf === null ? {} : { isInfra: true }),
    };
  }

  /** No pid of this machine: above what Linux hands out. */
  private somePid(salt: number): number {
    return 0x400000 + (parseInt(this.id.slice(0, 4), 16) + salt);
  }
}

function startOf({ startedAt }: ContainerSpec, state: ContainerState, now: number): number | null {
  if (startedAt !== undefined) return startedAt;
  return state === 'created' ? null : now;
}

function exitOf({ exitedAt }: ContainerSpec, state: ContainerState, now: number): number | null {
  if (exitedAt !== undefined) return exitedAt;
  return state === 'exited' || state === 'stopped' ? now : null;
}

function healthCheckOf({ health = 'none', healthCheck }: ContainerSpec): HealthCheck | null {
  return healthCheck || health !== 'none' ? { ...NO_CHECK_YET, ...healthCheck } : null;
}
