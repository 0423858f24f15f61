import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock/index.js';
import { HealthStore } from '../../common/store/index.js';
import { WatchedHosts } from './watched-hosts.js';

/** One that reaches fewer engines than another does not lead, and is to be found out within seconds. */
const EVERY_MS = 3_000;
/** An engine that does not answer within this is not reached. */
const PATIENCE_MS = 2_500;

/** Tells those that share the store how many engines this process reaches. Without a shared store it does nothing. */
@Injectable()
export class EngineReach {
  private nextAt = 0;
  private isAsking = false;

  constructor(
    private readonly hosts: WatchedHosts,
    private readonly store: HealthStore,
    private readonly clock: Clock,
  ) {}

  /** Asks what is due. Nearly free when nothing is; never overlaps itself. */
  beat(): void {
    const { shared } = this.store;
    const now = this.clock.monotonic();
    if (shared === null || this.isAsking || now < this.nextAt) return;
    this.nextAt = now + EVERY_MS;
    this.isAsking = true;
    void this.count()
      .then((engines) => shared.sayReach(engines))
      .finally(() => (this.isAsking = false));
  }

  private async count(): Promise<number> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const reached = await Promise.all(this.hosts.all.map(({ monitor }) => monitor.reachesEngine(signal)));
    return reached.filter(Boolean).length;
  }
}
