import { connectionOf, type ReachedBy } from '../connection/engine-connection.js';
import { type EngineRuntimeOptions } from '../engine-api/engine-runtime.js';
import { seenFromHere } from '../engine-api/seen-from-here.js';
import { PodmanApiTransport } from './podman-api.transport.js';
import { localPodman } from './podman-socket.js';
import { PodmanRuntime } from './podman.runtime.js';

/** Podman through its own (libpod) API, version 4.0 and later. */
export class PodmanApiRuntime extends PodmanRuntime {
  constructor(options: EngineRuntimeOptions & ReachedBy) {
    const connection = connectionOf(options, localPodman);
    const seen = { ...seenFromHere(connection), ...options };
    super(new PodmanApiTransport(connection, seen.processes), connection, seen);
  }
}
