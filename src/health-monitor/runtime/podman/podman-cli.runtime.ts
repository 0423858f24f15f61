import { type EngineRuntimeOptions } from '../engine-api/engine-runtime.js';
import { PodmanCliTransport } from './podman-cli.transport.js';
import { PodmanCommand } from './podman-command.js';
import { PodmanRuntime } from './podman.runtime.js';

export interface PodmanCliRuntimeOptions extends EngineRuntimeOptions {
  /** Program and first arguments. Default `['sudo', 'podman']`. */
  readonly command?: readonly string[];
}

/** Podman through its command line, for hosts on which its socket cannot be used. */
export class PodmanCliRuntime extends PodmanRuntime {
  constructor({ command = ['sudo', 'podman'], ...options }: PodmanCliRuntimeOptions) {
    super(new PodmanCliTransport(new PodmanCommand(command)), null, options);
  }
}
