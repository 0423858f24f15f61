import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { HealthState } from '../common/events/index.js';
import { referenceOf } from '../common/reference/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../common/options/index.js';
import { PACKAGE_VERSION } from '../common/package/index.js';
import { upAmong } from '../common/standing/index.js';
import { containerFamilies } from './container-families.js';
import { EventLoopDelay } from './event-loop-delay.js';
import { exposition } from './exposition.js';
import { externalFamilies } from './external-families.js';
import type { Family } from './family.js';
import { Figures } from './figures.js';
import { incidentFamily, machineFamilies, monitorFamilies } from './monitor-families.js';

/** Everything that can be measured. Asking costs no I/O. */
@Injectable()
export class MetricsService implements OnModuleDestroy {
  private readonly eventLoop = new EventLoopDelay();

  constructor(
    private readonly state: HealthState,
    private readonly figures: Figures,
    @Inject(HEALTH_MONITOR_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** As Prometheus reads it. */
  text(): string {
    return exposition([...this.families(), this.eventLoop.family()]);
  }

  /** As it is now; without the event loop's delay, which each reader measures from one of its looks to the next. */
  families(): Family[] {
    const containers = this.state.containers();
    const externals = this.state.externals();
    const statuses = new Map(containers.map((view) => [referenceOf(view), view.status]));
    const status = this.state.status();
    return [
      ...monitorFamilies(status, {
        version: PACKAGE_VERSION,
        intervalMs: this.options.check.intervalMs,
      }),
      ...machineFamilies(status),
      incidentFamily(this.state.incidents(), {
        statusOf: (name) => statuses.get(name),
        isUp: upAmong(externals),
      }),
      ...containerFamilies(containers),
      ...externalFamilies(externals),
      ...this.figures.families(),
    ];
  }

  onModuleDestroy(): void {
    this.eventLoop.stop();
  }
}
