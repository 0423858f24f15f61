import type { Connection } from './connection.js';
import type { StoreContext } from './context.js';
import { follow, giveUpLead } from './following.js';
import { Heart } from './heart.js';
import { isLastLeadersTurn, mayTake } from './lead-rules.js';
import { lead, takeOver } from './leading.js';
import { renew, renewIfLate } from './lease-renewal.js';
import { releaseLease } from './lease-table.js';
import { Listener } from './listener.js';
import { leave, observe, sayPresence, type Observation } from './observation.js';
import { onFailure, onSuccess } from './outage.js';
import { blankLeftBehind } from './question-table.js';
import { allReadAnew, leaseOf, OUTSIDE } from './role.js';
import { finish } from './saving.js';
import { troubleOf } from './trouble.js';

/** This process among those that share the database: it comes in, looks at what is there and acts on it, and leaves. */
export class Membership {
  private readonly renewing: Heart;
  /** `null`: it has not come in yet. */
  private listener: Listener | null = null;
  private isClosed = false;

  constructor(private readonly context: StoreContext) {
    this.renewing = new Heart(context.timing.renewMs, () => this.renewAndSay());
  }

  /** Comes in, or stays outside while the database cannot be used. */
  async open(): Promise<void> {
    const { clock, looks, retention, turns } = this.context;
    await turns.take(() => this.joinAtStart());
    retention.start(clock.monotonic());
    looks.start();
    this.renewing.start();
  }

  /** Writes what is not written yet, and lets others lead at once. */
  async close(): Promise<void> {
    const { asking, looks, turns } = this.context;
    looks.stop();
    this.renewing.stop();
    await turns.take(() => finish(this.context));
    this.isClosed = true;
    await asking.close();
    await turns.take(() => this.leave());
    this.listener?.stop();
  }

  get isLookDue(): boolean {
    const { access, health, looks } = this.context;
    return access.connection !== null && looks.isDue && health.mayWrite();
  }

  /** Looks at what is in the database, and does what follows from it. Never rejects. */
  async look(): Promise<void> {
    const { access, looks, replica, timing, turns } = this.context;
    const { connection } = access;
    if (connection === null) return;
    looks.begin();
    try {
      if (this.listener === null) return await turns.take(() => this.join(connection));
      await renewIfLate(this.context, connection);
      const seen = await observe(connection, replica.id, timing);
      await turns.take(() => this.actOn(seen, connection));
      await this.serve(seen, connection);
      await this.listener.tend();
    } catch (error) {
      await turns.take(() => onFailure(this.context, error));
    }
  }

  /** What is read at the start is no news. */
  private async joinAtStart(): Promise<void> {
    const { access, health, role } = this.context;
    try {
      await this.join(access.connection!);
      role.become(allReadAnew(role.state));
      health.dueNotices();
    } catch (error) {
      onFailure(this.context, error);
    }
  }

  /** Makes the tables, says that it is there, and takes its role. */
  private async join(connection: Connection): Promise<void> {
    const { replica, timing } = this.context;
    await connection.prepare();
    await sayPresence(connection, replica.presence);
    await this.actOn(await observe(connection, replica.id, timing), connection);
    this.listener = this.newListener(connection);
    void this.listener.tend();
  }

  private newListener(connection: Connection): Listener {
    const { access, clock, looks, replica, timing } = this.context;
    const heard = (by: string): void => {
      if (by !== replica.id) looks.wake();
    };
    const say = (word: string): Promise<void> => connection.wakeOthers(connection.queries, word);
    return new Listener(access.pool!, connection.schema, clock, timing.deadlineMs, heard, say);
  }

  private async actOn(seen: Observation, connection: Connection): Promise<void> {
    if (this.isClosed) return;
    const { replica, role } = this.context;
    replica.observed(seen);
    const term = leaseOf(role.state)?.term;
    const hasLease = seen.lease.holder === replica.id && seen.lease.term === term;
    if (hasLease) return lead(this.context, seen, connection, seen.lease.term);
    const leads = this.isMyTurn(seen) && (await takeOver(this.context, connection));
    if (!leads) await follow(this.context, seen, connection);
    onSuccess(this.context);
  }

  private isMyTurn(seen: Observation): boolean {
    const { clock, refusals, replica, role, timing } = this.context;
    const now = clock.monotonic();
    const isOthersTurn = refusals.isResting(now) && seen.replicas.length > 1;
    const isLastLeaders = isLastLeadersTurn(role.state, replica, seen, { now, firstGoMs: timing.firstGoMs });
    return !isOthersTurn && !isLastLeaders && mayTake(replica, seen);
  }

  /** Hands out answers; the leader takes what others ask, too. */
  private async serve(seen: Observation, connection: Connection): Promise<void> {
    const { answering, asking, log, replica, role, timing } = this.context;
    await asking.observed(seen);
    const lease = leaseOf(role.state);
    if (lease === null || replica.role !== 'leading') return;
    await answering.take(connection, lease.term, seen);
    if (log.state.isSaved) await answering.write(connection, lease.term);
    if (seen.isLeftBehind) await blankLeftBehind(connection, timing.goneMs);
  }

  private async renewAndSay(): Promise<void> {
    const { access, health, looks, replica, role, turns } = this.context;
    const { connection } = access;
    if (connection === null || this.listener === null || !health.mayWrite()) return;
    try {
      if (leaseOf(role.state) !== null && !(await renew(this.context, connection))) looks.wake();
      await sayPresence(connection, replica.presence);
    } catch (error) {
      await turns.take(() => onFailure(this.context, error));
    }
  }

  /** Others need not wait until the lease is over. */
  private async leave(): Promise<void> {
    const { access, health, logger, replica, role } = this.context;
    const { connection } = access;
    const lease = leaseOf(role.state);
    giveUpLead(this.context);
    role.become(OUTSIDE);
    if (connection === null || this.listener === null || health.isDegraded) return;
    try {
      if (lease !== null) await releaseLease(connection, replica.id, lease.term);
      await leave(connection, replica.id);
    } catch (error) {
      logger.warn(`The lead could not be given up. ${troubleOf(error, access.name).reason}`);
    }
  }
}
