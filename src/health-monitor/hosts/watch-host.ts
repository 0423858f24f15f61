import { ServerTimes, type Clock } from '../../common/clock/index.js';
import { isElsewhere, optionsOfHost, type ResolvedOptions } from '../../common/options/index.js';
import type { EventStream, HealthStore } from '../../common/store/index.js';
import { Monitor, type MonitorParts, type NotificationIds } from '../cycle/index.js';
import { MemoryLeakService } from '../memory/index.js';
import { SystemHost, type Host } from '../host/index.js';
import type { RestartPolicy } from '../policy/index.js';
import type { ContainerRuntime, RuntimeFactory } from '../runtime/index.js';
import { HostStore, HostStream } from './host-store.js';
import { EngineHost } from './engine-host.js';
import { knownContainerIds } from './known-container-ids.js';
import type { WatchedHost } from './watched-hosts.js';

/** What the monitors of all hosts have in common. */
export interface SharedParts {
  readonly options: ResolvedOptions;
  readonly runtimes: RuntimeFactory;
  readonly policy: RestartPolicy;
  /** The host on which we run. */
  readonly localHost: Host;
  readonly store: HealthStore;
  readonly stream: EventStream;
  readonly clock: Clock;
  readonly notificationIds: NotificationIds;
  /** Puts whatever looks on at a monitor between it and its engine. */
  readonly watched: (
    engine: ContainerRuntime,
    key: string,
  ) => Pick<MonitorParts, 'runtime' | 'onStep' | 'aroundAct'>;
}

/** Makes the monitor of another host. @param key its name in `hosts` of the options */
export function watchHost(key: string, shared: SharedParts): WatchedHost {
  const { policy, store, stream, notificationIds, clock } = shared;
  const name = { key, title: shared.options.hosts[key]!.name };
  const options = optionsOfHost(shared.options, key);
  const own = new HostStore(store, key);
  const engine = shared.watched(
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
  return { name, monitor: new Monitor(parts), memory };
}
