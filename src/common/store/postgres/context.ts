import type { Clock } from '../../clock/index.js';
import { StoreHealth, type Patience } from '../kept/store-health.js';
import type { StoreLogger } from '../store-logger.js';
import { Access, type Place } from './access.js';
import { Answering } from './answering.js';
import { Asking } from './asking.js';
import { LogCopy } from './log-copy.js';
import { LookSchedule } from './look-schedule.js';
import { Refusals } from './refusals.js';
import { Replica } from './replica.js';
import { RetentionSchedule } from './retention-schedule.js';
import { RoleKeeper } from './role-keeper.js';
import { TIMING, type Timing } from './timing.js';
import { Turns } from './turns.js';

/** A restart of the database is no news. */
const PATIENCE: Patience = { lastRetryMs: 2_000, announceAfterMs: { unreachable: 3_000 } };

export interface PostgresStoreOptions extends Place {
  readonly clock: Clock;
  readonly logger: StoreLogger;
  /** How long things take; for tests. */
  readonly timing?: Partial<Timing>;
}

/** What the store is made of. */
export interface StoreContext {
  readonly clock: Clock;
  readonly logger: StoreLogger;
  readonly timing: Timing;
  readonly access: Access;
  readonly log: LogCopy;
  readonly health: StoreHealth;
  readonly role: RoleKeeper;
  readonly replica: Replica;
  readonly refusals: Refusals;
  readonly asking: Asking;
  readonly answering: Answering;
  readonly looks: LookSchedule;
  readonly retention: RetentionSchedule;
  /** Of all that changes the documents or the role. */
  readonly turns: Turns;
}

/** `look` looks at the database, when that is due. It never rejects. */
export function storeContext(options: PostgresStoreOptions, look: () => Promise<void>): StoreContext {
  const { clock, logger } = options;
  const timing = { ...TIMING, ...options.timing };
  const access = new Access(options, timing.deadlineMs);
  const log = new LogCopy(access.name, logger);
  const health = new StoreHealth(access.name, clock, logger, PATIENCE);
  const role = new RoleKeeper(access.name, log, health, logger);
  const looks = new LookSchedule(clock, timing.pollMs, look);
  const wake = (): void => looks.wake();
  const id = Replica.newId();
  const asking = new Asking(id, () => access.connection, clock, timing.answeredMs, wake);
  const answering = new Answering(id, wake);
  return {
    clock,
    logger,
    timing,
    access,
    log,
    health,
    role,
    replica: new Replica(id, role, asking, answering, clock, logger, 2 * timing.pollMs),
    refusals: new Refusals(timing.refusedMs),
    asking,
    answering,
    looks,
    retention: new RetentionSchedule(),
    turns: new Turns(),
  };
}
