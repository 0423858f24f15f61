import { randomBytes } from 'node:crypto';
import type { Container, ContainerState, Health, ListedContainer } from '@archipelago/health-monitor';
import type { ServiceSpec } from './service-spec.js';
import type { SupervisedProcess } from './supervised-process.js';

const STOP_TIMEOUT_MS = 10_000;

/** What the runtime knows of one service. */
export class ProcessContainer {
  readonly id = randomBytes(32).toString('hex');
  readonly createdAt = Date.now();
  readonly log: string[] = [];
  state: ContainerState = 'created';
  health: Health = 'none';
  exitCode = 0;
  startedAt: number | null = null;
  exitedAt: number | null = null;
  stoppedByUser = false;
  oomKilled = false;
  engineRestarts = 0;
  process: SupervisedProcess | null = null;
  lastCheck: { readonly at: number; readonly output: string } | null = null;
  /** The start it is in, so that two at a time make one process. */
  starting: Promise<void> | null = null;

  constructor(
    readonly spec: ServiceSpec,
    private readonly requires: readonly string[],
  ) {}

  get name(): string {
    return this.spec.name;
  }

  get stopTimeoutMs(): number {
    return this.spec.stopTimeoutMs ?? STOP_TIMEOUT_MS;
  }

  listed(): ListedContainer {
    return {
      id: this.id,
      name: this.name,
      image: this.spec.image,
      state: this.state,
      health: this.state === 'running' ? this.health : 'none',
      exitCode: this.exitCode,
      startedAt: this.startedAt,
      exitedAt: this.exitedAt,
      labels: this.spec.labels ?? {},
      autoRemove: false,
      pid: this.process?.pid ?? null,
      processVanished: false,
    };
  }

  inspected(): Container {
    const { healthCheck } = this.spec;
    return {
      ...this.listed(),
      createdAt: this.createdAt,
      restartPolicy: this.spec.restartPolicy ?? 'none',
      engineRestarts: this.engineRestarts,
      requires: this.requires,
      stopTimeoutMs: this.stopTimeoutMs,
      stoppedByUser: this.stoppedByUser,
      oomKilled: this.oomKilled,
      healthCheck: healthCheck
        ? {
            intervalMs: healthCheck.intervalMs,
            startPeriodMs: healthCheck.startPeriodMs ?? 0,
            onFailure: 'none',
            lastStatus: this.health,
            lastRunAt: this.lastCheck?.at ?? null,
            lastOutput: this.lastCheck?.output ?? null,
          }
        : null,
    };
  }
}
