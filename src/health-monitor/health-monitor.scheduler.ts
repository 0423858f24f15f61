import {
  Injectable,
  Logger,
  Optional,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Interval, SchedulerRegistry } from '@nestjs/schedule';
import { Clock } from '../common/clock/index.js';
import { WatchByRole } from './following/index.js';
import { EngineReach } from './hosts/index.js';
import { HealthStore } from '../common/store/index.js';
import { WebhookService } from '../webhooks/index.js';

/** Constant, since decorators cannot read the configuration: at each beat is asked what is due. */
const HEARTBEAT_MS = 500;
const STORE_TICK_MS = 1_000;
/** Shutting down waits at most this long for what is under way. */
const DRAIN_MS = 10_000;
/** Of that, what is left to save what came of the last deliveries. */
const SAVING_MS = 1_000;

/** Says when. The one owner of time: everything periodic is asked for here, and nothing else has a timer. */
@Injectable()
export class HealthMonitorScheduler
  implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown
{
  private readonly logger = new Logger('HealthMonitor');
  private ready = false;
  private nextStoreTickAt = 0;

  constructor(
    private readonly watch: WatchByRole,
    private readonly webhooks: WebhookService,
    private readonly store: HealthStore,
    private readonly clock: Clock,
    private readonly reach: EngineReach,
    @Optional() private readonly registry?: SchedulerRegistry,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.registry) {
      this.logger.error(
        'Nothing will be checked: import ScheduleModule.forRoot() (@nestjs/schedule) in the root module of your app.',
      );
      return;
    }
    await this.watch.begin();
    this.ready = true;
  }

  /** Never overlaps anything: it starts what is due and waits for nothing. */
  @Interval(HEARTBEAT_MS)
  beat(): void {
    if (!this.ready) return;
    this.watch.beat();
    const now = this.clock.monotonic();
    if (now >= this.nextStoreTickAt) {
      this.nextStoreTickAt = now + STORE_TICK_MS;
      void this.store.tick();
    }
    this.reach.beat();
    this.webhooks.heartbeat();
  }

  /** From here on nothing is started. */
  onModuleDestroy(): void {
    this.ready = false;
    this.watch.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const drained = Promise.allSettled([this.watch.close(), this.webhooks.drain(DRAIN_MS - SAVING_MS)]).then(
      () => true,
    );
    const deadline = new Promise<false>((resolve) => setTimeout(() => resolve(false), DRAIN_MS).unref());
    if (!(await Promise.race([drained, deadline]))) {
      this.logger.warn('Something was still under way at shutdown; the next start takes it up.');
    }
    await this.store.close();
  }
}
