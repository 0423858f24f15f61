import { LOCAL_HOST } from '../../common/reference/index.js';
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

/** All hosts that are watched. None waits for another. */
export class WatchedHosts {
  readonly all: readonly WatchedHost[];

  constructor(
    readonly local: WatchedHost,
    readonly others: readonly WatchedHost[],
  ) {
    this.all = [local, ...others];
  }

  /** By its name in the options; `null` and `local`: the local one. */
  find(host: string | null): WatchedHost | undefined {
    if (host === null || host === LOCAL_HOST) return this.local;
    return this.others.find(({ name }) => name?.key === host);
  }
}
