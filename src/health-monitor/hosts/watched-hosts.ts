import { Injectable } from '@nestjs/common';
import { LOCAL_HOST } from '../../common/reference/index.js';
import { LocalHost } from './local-host.js';
import { SharedParts } from './shared-parts.js';
import { watchHost } from './watch-host.js';
import type { WatchedHost } from './watched-host.js';

/** All hosts that are watched. None waits for another. */
@Injectable()
export class WatchedHosts {
  readonly all: readonly WatchedHost[];
  readonly others: readonly WatchedHost[];

  constructor(
    readonly local: LocalHost,
    shared: SharedParts,
  ) {
    this.others = Object.keys(shared.options.hosts).map((key) => watchHost(key, shared));
    this.all = [local, ...this.others];
  }

  /** By its name in the options; `null` and `local`: the local one. */
  find(host: string | null): WatchedHost | undefined {
    if (host === null || host === LOCAL_HOST) return this.local;
    return this.others.find(({ name }) => name?.key === host);
  }
}
