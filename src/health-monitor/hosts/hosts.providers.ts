import type { Provider } from '@nestjs/common';
import { Clock, ServerTimes } from '../../common/clock/index.js';
import { HEALTH_MONITOR_OPTIONS, isElsewhere, type ResolvedOptions } from '../../common/options/index.js';
import { LOCAL_HOST } from '../../common/reference/index.js';
import { HealthStore } from '../../common/store/index.js';
import { NotificationIds, Onlookers, type WatchedEngine } from '../cycle/index.js';
import { Host, SystemHost } from '../host/index.js';
import { MemoryLeakService } from '../memory/index.js';
import { RestartPolicy } from '../policy/index.js';
import { BuiltInRuntimes, ContainerRuntime, RuntimeFactory } from '../runtime/index.js';
import { EngineHost } from './engine-host.js';
import { EngineReach } from './engine-reach.js';
import { HostStore } from './host-store.js';
import { knownContainerIds } from './known-container-ids.js';
import { LOCAL_ENGINE, LocalHost } from './local-host.js';
import { SharedParts } from './shared-parts.js';
import { WatchedHosts } from './watched-hosts.js';

const localParts: readonly Provider[] = [
  {
    provide: ContainerRuntime,
    useFactory: (runtimes: RuntimeFactory, { runtime }: ResolvedOptions, store: HealthStore) =>
      runtimes.create(runtime, LOCAL_HOST, () => knownContainerIds(new HostStore(store, null))),
    inject: [RuntimeFactory, HEALTH_MONITOR_OPTIONS, HealthStore],
  },
  {
    provide: LOCAL_ENGINE,
    useFactory: (onlookers: Onlookers, engine: ContainerRuntime) => onlookers.around(engine, null),
    inject: [Onlookers, ContainerRuntime],
  },
  {
    provide: Host,
    useFactory: ({ runtime }: ResolvedOptions, engine: ContainerRuntime) =>
      isElsewhere(runtime) ? new EngineHost(engine, new SystemHost()) : new SystemHost(),
    inject: [HEALTH_MONITOR_OPTIONS, ContainerRuntime],
  },
  {
    provide: MemoryLeakService,
    useFactory: ({ runtime }: WatchedEngine, clock: Clock, options: ResolvedOptions) =>
      new MemoryLeakService(runtime, clock, options),
    inject: [LOCAL_ENGINE, Clock, HEALTH_MONITOR_OPTIONS],
  },
  ServerTimes,
];

/** For the module that provides `HealthStore`, `EventStream`, `Clock`, `Onlookers` and `HEALTH_MONITOR_OPTIONS`. */
export const hostsProviders: readonly Provider[] = [
  { provide: RuntimeFactory, useClass: BuiltInRuntimes },
  RestartPolicy,
  NotificationIds,
  SharedParts,
  ...localParts,
  LocalHost,
  WatchedHosts,
  EngineReach,
];
