import { withWarningOf, type EngineConnection, type ReachedBy } from '../connection/engine-connection.js';
import { type CallOptions } from '../container-runtime.js';
import { type EngineInfo } from '../container.js';
import { seenFromHere } from '../engine-api/seen-from-here.js';
import { PodmanApiTransport } from './podman-api.transport.js';
import { localPodman } from './podman-socket.js';
import { PodmanRuntime, type PodmanRuntimeOptions } from './podman.runtime.js';

export type PodmanApiRuntimeOptions = PodmanRuntimeOptions & ReachedBy;

/** Podman through its own (libpod) API, version 4.0 and later. */
export class PodmanApiRuntime extends PodmanRuntime {
  private readonly connection: EngineConnection;

  constructor(options: PodmanApiRuntimeOptions) {
    const connection = 'connection' in options ? options.connection : localPodman(options.socketPath);
    const seen = { ...seenFromHere(connection), ...options };
    super(new PodmanApiTransport(connection, seen.processes), seen);
    this.connection = connection;
  }

  override async info(options?: CallOptions): Promise<EngineInfo> {
    return withWarningOf(this.connection, await super.info(options));
  }

  override disconnect(): Promise<void> {
    return this.connection.close();
  }
}
