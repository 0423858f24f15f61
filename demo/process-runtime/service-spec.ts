import type { EngineRestartPolicy } from '@archipelago/health-monitor';

/** A service that is to run as a container. Times are milliseconds, sizes bytes. */
export interface ServiceSpec {
  readonly name: string;
  readonly image: string;
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly labels?: Readonly<Record<string, string>>;
  /** What the runtime does by itself when the process ends. Default `none`. */
  readonly restartPolicy?: EngineRestartPolicy;
  /** Names of services that are started before this one. */
  readonly requires?: readonly string[];
  /** Default 10,000. */
  readonly stopTimeoutMs?: number;
  /** Killed soon after it has outgrown this. Default: none. */
  readonly memoryLimitBytes?: number;
  /** Writes `health` to the service, which answers with a line on file descriptor 3: `ok`, or what is wrong. */
  readonly healthCheck?: {
    readonly intervalMs: number;
    readonly timeoutMs?: number;
    readonly startPeriodMs?: number;
  };
}
