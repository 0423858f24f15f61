import { ServerTimes } from '../../common/clock/index.js';
import { isElsewhere, optionsOfHost } from '../../common/options/index.js';
import { Monitor, type MonitorParts } from '../cycle/index.js';
import { MemoryLeakService } from '../memory/index.js';
import { SystemHost } from '../host/index.js';
import { HostStore, HostStream } from './host-store.js';
import { EngineHost } from './engine-host.js';
import { knownContainerIds } from './known-container-ids.js';
import type { SharedParts } from './shared-parts.js';
import { WatchedHost } from './watched-host.js';

/** Makes the monitor of another host. @param key its name in `hosts` of the options */
export function watchHost(key: string, shared: SharedParts): WatchedHost {
  const { policy, store, stream, notificationIds, clock } = shared;
  const name = { key, title: shared.options.hosts[key]!.name };
  const options = optionsOfHost(shared.options, key);
  const own = new HostStore(store, key);
  const engine = shared.onlookers.around(
    shared.runtimes.create(options.runtime, key, () => knownContainerIds(own)),
    key,
  );
  const isRemote = isElsewhere(options.runtime);
  const memory = new MemoryLeakService(engine.runtime, clock, options);
  const parts: MonitorParts = {
    ...engine,
    policy,
    memory,
    store: own,
    stream: new HostStream(stream, name),
    notificationIds,
    clock,
    // That our clock is right is seen to by the monitor of the local host.
    serverTimes: new ServerTimes(clock),
    host: isRemote ? new EngineHost(engine.runtime, shared.localHost) : new SystemHost(),
    isRemote,
    options,
  };
  return new WatchedHost(name, new Monitor(parts), memory);
}
