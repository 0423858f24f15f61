import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../../common/options/index.js';
import { EventStream, HealthStore } from '../../common/store/index.js';
import { NotificationIds, Onlookers } from '../cycle/index.js';
import { Host } from '../host/index.js';
import { RestartPolicy } from '../policy/index.js';
import { RuntimeFactory } from '../runtime/index.js';

/** What the monitors of all hosts have in common. */
@Injectable()
export class SharedParts {
  constructor(
    @Inject(HEALTH_MONITOR_OPTIONS) readonly options: ResolvedOptions,
    readonly runtimes: RuntimeFactory,
    readonly onlookers: Onlookers,
    readonly policy: RestartPolicy,
    readonly store: HealthStore,
    readonly stream: EventStream,
    readonly notificationIds: NotificationIds,
    readonly clock: Clock,
    /** What is known of the machine of the local host. */
    readonly localHost: Host,
  ) {}
}
