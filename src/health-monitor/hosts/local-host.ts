import { Inject, Injectable } from '@nestjs/common';
import { ServerTimes } from '../../common/clock/index.js';
import { isElsewhere, optionsOfHost } from '../../common/options/index.js';
import { Monitor, type WatchedEngine } from '../cycle/index.js';
import { MemoryLeakService } from '../memory/index.js';
import { HostStore } from './host-store.js';
import { SharedParts } from './shared-parts.js';
import { WatchedHost } from './watched-host.js';

/** Injection token of the local host's engine as its monitor asks it, a {@link WatchedEngine}. */
export const LOCAL_ENGINE = Symbol('LOCAL_ENGINE');

/** The local host, whose engine, memory and machine a host app may replace one by one. */
@Injectable()
export class LocalHost extends WatchedHost {
  constructor(
    @Inject(LOCAL_ENGINE) engine: WatchedEngine,
    memory: MemoryLeakService,
    serverTimes: ServerTimes,
    { options, policy, store, stream, notificationIds, clock, localHost }: SharedParts,
  ) {
    const monitor = new Monitor({
      ...engine,
      policy,
      memory,
      store: new HostStore(store, null),
      stream,
      notificationIds,
      clock,
      serverTimes,
      host: localHost,
      isRemote: isElsewhere(options.runtime),
      options: optionsOfHost(options, null),
    });
    super(null, monitor, memory);
  }
}
