import { type Duplex } from 'node:stream';
import { type RuntimeError } from '../runtime-error.js';

/**
 * How the HTTP of an engine is reached: a socket of this machine, TCP, or SSH. Whoever asks the engine takes a stream
 * for each call, and has what fails explained.
 */
export interface EngineConnection {
  /** For people: `/run/podman/podman.sock`, `ssh://admin@attic/run/podman/podman.sock`, `https://nas:2376`. No secret. */
  readonly address: string;
  /** What HTTP calls the other end: `localhost`, `nas:2376`. */
  readonly authority: string;
  /** Whether the engine is on this machine, so that its processes, control groups and networks are to be seen here. */
  readonly isLocal: boolean;
  /** What a person should know of this way to the engine; `null`: nothing. */
  readonly warning: string | null;
  /**
   * A stream to the engine for one call, connected or about to be. What lies between is set up when it is first needed,
   * and anew after it was lost.
   *
   * @param signal ends the wait of this caller only
   * @throws RuntimeError of kind `outage`, with what to do
   */
  connect(signal: AbortSignal): Promise<Duplex>;
  /** Why a call failed that had a stream: what to say to people of what Node says. */
  explain(cause: unknown): Promise<RuntimeError>;
  /** Takes down what was set up; nothing is connected any more. */
  close(): Promise<void>;
}

/** How a runtime is told where its engine is: a connection, which is closed with it, or a unix socket of this machine. */
export type ReachedBy = { readonly connection: EngineConnection } | { readonly socketPath: string };

/** @param local the connection to a socket of this machine */
export const connectionOf = (
  reachedBy: ReachedBy,
  local: (socketPath: string) => EngineConnection,
): EngineConnection => ('connection' in reachedBy ? reachedBy.connection : local(reachedBy.socketPath));

/** What is known of an engine, with what there is to know of the way to it, where that is a connection. */
export function withWarningOf<T extends { readonly warning: string | null }>(
  connection: Pick<EngineConnection, 'warning'> | null,
  info: T,
): T {
  const warnings = [connection?.warning ?? null, info.warning].filter((one) => one !== null);
  return { ...info, warning: warnings.length === 0 ? null : warnings.join(' ') };
}
