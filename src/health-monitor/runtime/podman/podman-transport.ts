import { type EngineEvent, type EngineInfo, type Execution } from '../container.js';
import { type Asking } from '../engine-api/asking.js';
import { type EngineUsage } from '../engine-api/memory-reader.js';
import { type InspectedContainer, type ReportedMember } from './container.reader.js';

/**
 * One way to ask Podman: its API or its command line. Calls end when `signal` is aborted, with any error; they have no
 * deadline of their own. Ids are full ids.
 */
export interface PodmanTransport {
  info(signal: AbortSignal): Promise<Omit<EngineInfo, 'warning'>>;
  list(signal: AbortSignal): Promise<ReportedMember[]>;
  /** Whatever container the engine finds for `id`, which may be another one. */
  inspect(id: string, signal: AbortSignal): Promise<InspectedContainer>;
  usage(signal: AbortSignal): Promise<EngineUsage[]>;
  logs(id: string, lines: number, signal: AbortSignal): Promise<string[]>;
  /** Runs a command to its end, however that is; `refused` when there is no such command. */
  exec(id: string, command: readonly string[], signal: AbortSignal): Promise<Execution>;
  /** False: the engine holds that it runs already. */
  start(id: string, when: Asking): Promise<boolean>;
  /** False: it was down already. */
  stop(id: string, timeoutSeconds: number, when: Asking): Promise<boolean>;
  restart(id: string, timeoutSeconds: number, when: Asking): Promise<void>;
  /** Resolves when the engine is sending them; what it gives ends by throwing. `since`: seconds since 1970, decimal. */
  events(since: string | null, signal: AbortSignal): Promise<AsyncIterable<EngineEvent>>;
}
