import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../common/clock/index.js';
import { HealthStore, isFollowing } from '../../common/store/index.js';
import { stackOf } from '../../common/text/index.js';
import { WatchedHosts } from '../hosts/index.js';
import { FollowedHosts } from './followed-hosts.js';

/** A leader that was there so lately has watched until now: a take-over takes less. */
const JUST_NOW_MS = 30_000;

/**
 * Has the monitors watch while this process leads, and while it is cut off, when nobody tells it what the leader sees;
 * while it follows, they rest.
 */
@Injectable()
export class WatchByRole {
  private readonly logger = new Logger('HealthMonitor');
  private isWanted = false;
  private watches = false;
  private ended = false;
  private turns: Promise<void> = Promise.resolve();
  /** When another process was last seen to lead. */
  private leaderSeen: { readonly at: number; readonly monotonic: number } | null = null;

  constructor(
    private readonly hosts: WatchedHosts,
    private readonly followed: FollowedHosts,
    private readonly store: HealthStore,
    private readonly clock: Clock,
  ) {}

  /** Whether what the monitors here know is what is so; else it is what the leader tells. */
  get isOn(): boolean {
    return this.store.shared === null || (this.watches && !isFollowing(this.store));
  }

  /** Begins, if this process is to watch; resolves when it has. Call it once, before anything else. */
  async begin(): Promise<void> {
    await this.followRole();
  }

  /** Resolves when the monitors here know what they take up, if this process is to watch. */
  async ready(): Promise<void> {
    if (!this.isOn) await this.followRole();
    await this.turns;
  }

  /** Asks what is due. Nearly free when nothing is. */
  beat(): void {
    this.followRole().catch((error: unknown) =>
      this.logger.error('The monitors could not begin; that is tried again.', stackOf(error)),
    );
    if (this.watches) this.hosts.beat();
  }

  /** From now on nothing is checked and nothing is started. */
  stop(): void {
    this.ended = true;
    for (const { monitor } of this.hosts.all) monitor.stop();
  }

  /** Stops; resolves when what is under way has ended and is kept. */
  async close(): Promise<void> {
    this.stop();
    await this.turns;
    await Promise.all(this.hosts.all.map(({ monitor }) => monitor.close()));
  }

  private async followRole(): Promise<void> {
    this.lookForLeader();
    const isWanted = !isFollowing(this.store);
    if (isWanted === this.isWanted || this.ended) return;
    this.isWanted = isWanted;
    if (!isWanted) this.watches = false;
    const turn = this.turns.then(() => (isWanted ? this.beginAll() : this.restAll()));
    this.turns = turn.catch(() => undefined);
    await turn.catch((error: unknown) => {
      this.isWanted = !isWanted;
      throw error;
    });
  }

  private lookForLeader(): void {
    const { shared } = this.store;
    if (!shared?.replicas.some(({ id, leads }) => leads && id !== shared.id)) return;
    this.leaderSeen = { at: this.clock.now(), monotonic: this.clock.monotonic() };
  }

  private async beginAll(): Promise<void> {
    const seen = this.leaderSeen;
    const isJustNow = seen !== null && this.clock.monotonic() - seen.monotonic <= JUST_NOW_MS;
    const hosts = this.hosts.all.map(({ monitor }, index) => {
      const watched = isJustNow ? this.followed.all[index]!.watchedUntil(seen.at) : null;
      return monitor.begin(watched);
    });
    await Promise.all(hosts);
    // It may have been decided otherwise meanwhile.
    this.watches = this.isWanted;
  }

  private async restAll(): Promise<void> {
    await this.followed.load();
    await Promise.all(this.hosts.all.map(({ monitor }) => monitor.rest()));
  }
}
