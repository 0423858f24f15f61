import { Injectable } from '@nestjs/common';
import { LOCAL_HOST } from '../../common/reference/index.js';
import { LocalHost } from './local-host.js';
import { NeedsAcrossHosts } from './needs-across-hosts.js';
import { SharedParts } from './shared-parts.js';
import { watchHost } from './watch-host.js';
import type { WatchedHost } from './watched-host.js';

/** All hosts that are watched. None waits for another. */
@Injectable()
export class WatchedHosts {
  readonly all: readonly WatchedHost[];
  readonly others: readonly WatchedHost[];
  private readonly needs: NeedsAcrossHosts;

  constructor(
    readonly local: LocalHost,
    shared: SharedParts,
  ) {
    this.others = Object.keys(shared.options.hosts).map((key) => watchHost(key, shared));
    this.all = [local, ...this.others];
    this.needs = new NeedsAcrossHosts(this.all, shared.clock, shared.options);
  }

  /** Asks each monitor what is due, and tells it what its containers need to know of those of other hosts. */
  beat(): void {
    for (const { monitor } of this.all) monitor.beat();
    this.needs.beat();
  }

  /** All that need a container, directly or not, on whatever host: by reference. */
  dependentsOf(reference: string): readonly string[] {
    return this.needs.dependentsOf(reference);
  }

  /** By its name in the options; `null` and `local`: the local one. */
  find(host: string | null): WatchedHost | undefined {
    if (host === null || host === LOCAL_HOST) return this.local;
    return this.others.find(({ name }) => name?.key === host);
  }
}
