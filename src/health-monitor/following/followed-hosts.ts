import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../common/clock/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../../common/options/index.js';
import { EventStream, HealthStore, type FollowedChange, type Put } from '../../common/store/index.js';
import { readServedMemory } from '../cycle/index.js';
import { parseKey, tickAtHost } from '../hosts/index.js';
import { FOLLOWED, FollowedHost, isFollowed } from './followed-host.js';

/**
 * All hosts as the leader knows them, in a process that follows. They are brought up to date before the leader's events
 * are told here, so that what is read is as of the latest of these.
 */
@Injectable()
export class FollowedHosts implements OnModuleInit {
  readonly all: readonly FollowedHost[];
  private readonly byKey: ReadonlyMap<string | null, FollowedHost>;

  constructor(
    private readonly store: HealthStore,
    private readonly stream: EventStream,
    clock: Clock,
    @Inject(HEALTH_MONITOR_OPTIONS) options: ResolvedOptions,
  ) {
    const now = clock.now();
    const others = Object.entries(options.hosts).map(([key, { name }]) => ({ key, title: name }));
    this.all = [null, ...others].map((name) => new FollowedHost(name, options, now));
    this.byKey = new Map(this.all.map((host) => [host.name?.key ?? null, host]));
    stream.onFollowed((change) => this.follow(change));
    store.onNotice(({ kind }) => (kind === 'reloaded' ? this.load() : undefined));
  }

  async onModuleInit(): Promise<void> {
    await this.load();
  }

  /** Reads everything anew. The documents are in memory: nobody can ask for anything in between. */
  async load(): Promise<void> {
    if (this.store.shared === null) return;
    const kept = await Promise.all(
      FOLLOWED.map(async (collection) =>
        (await this.store.entries(collection)).map(
          ([key, value]) => ({ collection, key, value }) as unknown as Put,
        ),
      ),
    );
    for (const host of this.all) host.forget();
    for (const put of kept.flat()) this.put(put);
  }

  private follow({ put, remove }: FollowedChange): void {
    for (const { collection, key: kept } of remove) {
      const { host, key } = parseKey(kept);
      if (isFollowed(collection)) this.byKey.get(host)?.remove(collection, key);
    }
    for (const one of put) this.put(one);
    for (const one of put) if (one.collection === 'served-memory') this.tellMemory(one);
  }

  private put({ collection, key: kept, value }: Put): void {
    const { host, key } = parseKey(kept);
    if (isFollowed(collection)) this.byKey.get(host)?.put(collection, key, value);
  }

  private tellMemory({ key, value }: Put): void {
    const host = this.byKey.get(parseKey(key).host);
    const tick = readServedMemory(value)?.tick;
    if (host === undefined || tick === undefined || tick.samples.length === 0) return;
    this.stream.tellMemory(host.name === null ? tick : tickAtHost(host.name, tick));
  }
}
