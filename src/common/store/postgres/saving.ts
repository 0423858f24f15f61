import type { Connection } from './connection.js';
import type { StoreContext } from './context.js';
import { SupersededError } from './fence.js';
import { startFollowing } from './following.js';
import { leadOf } from './lease-renewal.js';
import { onFailure } from './outage.js';
import { leaseOf, saved } from './role.js';
import { troubleOf } from './trouble.js';

/** Writes what is not written yet. False: another process leads, and what was to be written is void. Never rejects. */
export async function save(context: StoreContext): Promise<boolean> {
  const { access, clock, health, log, refusals, role } = context;
  const { connection } = access;
  const lease = leaseOf(role.state);
  try {
    if (connection === null || lease === null) throw new SupersededError('The lease is gone.');
    await log.write(connection, leadOf(context, connection, lease.term));
    role.become(saved(role.state, clock.monotonic()));
    refusals.written(clock.monotonic());
    health.recovered();
    return true;
  } catch (error) {
    if (error instanceof SupersededError) return !(await couldFollow(context, connection));
    onFailure(context, error);
    return true;
  }
}

/** Whether it follows now; else it is cut off, and has forgotten nothing. */
async function couldFollow(context: StoreContext, connection: Connection | null): Promise<boolean> {
  try {
    if (connection === null) throw new Error('The store is closed.');
    await startFollowing(context, connection);
    return true;
  } catch (error) {
    onFailure(context, error);
    return false;
  }
}

/** Before it goes: writes what is not written yet, and what others wait for. Never rejects. */
export async function finish(context: StoreContext): Promise<void> {
  const { access, answering, health, log, logger, role } = context;
  const { connection } = access;
  const lease = leaseOf(role.state);
  if (lease === null || connection === null) return;
  if (!log.state.isSaved && !(await save(context))) return;
  if (!log.state.isSaved || health.isDegraded) return;
  try {
    await answering.write(connection, lease.term);
  } catch (error) {
    logger.warn(`Not all answers could be given. ${troubleOf(error, access.name).reason}`);
  }
}
