import { PodmanCliTransport } from './podman-cli.transport.js';
import { PodmanCommand } from './podman-command.js';
import { PodmanRuntime, type PodmanRuntimeOptions } from './podman.runtime.js';

export interface PodmanCliRuntimeOptions extends PodmanRuntimeOptions {
  /** Program and first arguments. Default `['sudo', 'podman']`. */
  readonly command?: readonly string[];
}

/** Podman through its command line, for hosts on which its socket cannot be used. */
export class PodmanCliRuntime extends PodmanRuntime {
  constructor({ command = ['sudo', 'podman'], ...options }: PodmanCliRuntimeOptions) {
    super(new PodmanCliTransport(new PodmanCommand(command)), options);
  }
}
