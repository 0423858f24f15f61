import type { Clock, ServerTimes } from '../../common/clock/index.js';
import type { ResolvedOptions } from '../../common/options/index.js';
import type { EventStream, HealthStore } from '../../common/store/index.js';
import type { Host } from '../host/index.js';
import type { MemoryLeakService } from '../memory/index.js';
import type { RestartPolicy } from '../policy/index.js';
import type { ContainerRuntime } from '../runtime/index.js';
import type { AroundAct } from './container-actor.js';
import type { DriverHooks } from './driver.js';
import type { NotificationIds } from './notification-ids.js';

/** What the monitor asks of the store: documents under the names that it knows itself. */
export type MonitorStore = Pick<HealthStore, 'writer' | 'shared' | 'entries' | 'memory' | 'onNotice'>;

/** By which it keeps and publishes what it does. */
export type MonitorStream = Pick<EventStream, 'commit' | 'tellMemory'>;

/** What the monitor of one host is made from. */
export interface MonitorParts {
  readonly runtime: ContainerRuntime;
  readonly policy: RestartPolicy;
  readonly memory: MemoryLeakService;
  readonly store: MonitorStore;
  readonly stream: MonitorStream;
  /** Makes the ids of notifications, which are unique among those of all monitors. */
  readonly notificationIds: NotificationIds;
  readonly clock: Clock;
  readonly host: Host;
  /** What other servers say of the time. */
  readonly serverTimes: ServerTimes;
  readonly options: ResolvedOptions;
  /** The engine is on another machine. Default: it is on ours. */
  readonly isRemote?: boolean;
  /** Hears of every step before it is kept. Must not throw. Default: nobody. */
  readonly onStep?: DriverHooks['onStep'];
  /** Runs each start, stop and restart. Default: just runs it. */
  readonly aroundAct?: AroundAct;
}
