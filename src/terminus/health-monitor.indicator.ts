import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { HealthMonitorService } from '../health-monitor/health-monitor.service.js';

/**
 * Tells @nestjs/terminus (11 or 12) whether the monitor itself works. A provider of the module whose controller asks it,
 * where `HealthMonitorService` and `TerminusModule` are at hand.
 */
@Injectable()
export class HealthMonitorIndicator {
  constructor(
    private readonly monitor: HealthMonitorService,
    private readonly indicators: HealthIndicatorService,
  ) {}

  /**
   * Down only while the monitor cannot do its work: no check has come to an end for 3 intervals and 2 minutes, checks fail
   * by its own fault, or its store cannot be written. Up while containers are down, and while the engine does not answer:
   * that is in the details, since no restart of this app brings those back. Neither names, paths nor words from outside are in
   * it, since such an answer is often open to everybody. Reading it costs no I/O.
   *
   * @param key under which it is shown
   */
  isHealthy<const Key extends string>(key: Key): HealthIndicatorResult<Key> {
    const { mode, engine, lastCheckAt, store, containers, incidents } = this.monitor.status();
    const details = {
      mode,
      engine: { kind: engine.kind, reachable: engine.reachable, since: engine.since },
      lastCheckAt,
      store: { kind: store.kind, durable: store.durable },
      containers,
      incidents,
    };
    const problem = this.monitor.ownProblem();
    const indicator = this.indicators.check(key);
    return problem === null ? indicator.up(details) : indicator.down({ message: problem, ...details });
  }
}
