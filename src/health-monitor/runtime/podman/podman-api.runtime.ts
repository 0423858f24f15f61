import { PodmanApiTransport } from './podman-api.transport.js';
import { PodmanRuntime, type PodmanRuntimeOptions } from './podman.runtime.js';

export interface PodmanApiRuntimeOptions extends PodmanRuntimeOptions {
  /** Of the unix socket on which Podman's API service listens. */
  readonly socketPath: string;
}

/** Podman through its own (libpod) API, version 4.0 and later. */
export class PodmanApiRuntime extends PodmanRuntime {
  constructor({ socketPath, ...options }: PodmanApiRuntimeOptions) {
    super(new PodmanApiTransport(socketPath, options.processes), options);
  }
}
