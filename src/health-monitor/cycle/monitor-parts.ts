import type { Clock, ServerTimes } from '../../common/clock/index.js';
import type { ResolvedOptions } from '../../common/options/index.js';
import type { EventStream, HealthStore } from '../../common/store/index.js';
import type { Host } from '../host/index.js';
import type { MemoryLeakService } from '../memory/index.js';
import type { RestartPolicy } from '../policy/index.js';
import type { ContainerRuntime } from '../runtime/index.js';
import type { AroundAct } from './container-actor.js';
import type { DriverHooks } from './driver.js';

/** What the monitor of one host is made from. */
export interface MonitorParts {
  readonly runtime: ContainerRuntime;
  readonly policy: RestartPolicy;
  readonly memory: MemoryLeakService;
  readonly store: HealthStore;
  readonly stream: EventStream;
  readonly clock: Clock;
  readonly host: Host;
  /** What other servers say of the time. */
  readonly serverTimes: ServerTimes;
  readonly options: ResolvedOptions;
  /** Hears of every step before it is kept. Must not throw. Default: nobody. */
  readonly onStep?: DriverHooks['onStep'];
  /** Runs each start, stop and restart. Default: just runs it. */
  readonly aroundAct?: AroundAct;
}
