import type { Monitor } from '../cycle/index.js';
import type { MemoryLeakService } from '../memory/index.js';
import type { HostName } from './at-host.js';

/** A host that is watched, by a monitor of its own. */
export interface WatchedHost {
  /** `null`: the local one, whose containers are called by their names alone. */
  readonly name: HostName | null;
  readonly monitor: Monitor;
  readonly memory: MemoryLeakService;
}
