import type { Connection } from './connection.js';
import type { StoreContext } from './context.js';
import { renewLease } from './lease-table.js';
import type { Lead } from './log-copy.js';
import { leaseLeftMs, leaseLost, leaseOf, leaseRenewed } from './role.js';

/** Whether this process has the lease yet. Rejects as the database does. */
export async function renew(context: StoreContext, connection: Connection): Promise<boolean> {
  const { clock, replica, role, timing } = context;
  const lease = leaseOf(role.state);
  if (lease === null) return false;
  const askedAt = clock.monotonic();
  const isRenewed = await renewLease(connection, replica.id, lease.term, timing.leaseMs);
  if (leaseOf(role.state)?.term !== lease.term) return false;
  role.become(isRenewed ? leaseRenewed(role.state, askedAt + timing.leaseMs) : leaseLost(role.state));
  return isRenewed;
}

/** Rejects as the database does. */
export async function renewIfLate(context: StoreContext, connection: Connection): Promise<void> {
  const { clock, role, timing } = context;
  const isLate = leaseLeftMs(role.state, clock.monotonic()) < timing.leaseMs - 2 * timing.renewMs;
  if (isLate) await renew(context, connection);
}

/** Who writes, in that term. */
export function leadOf(context: StoreContext, connection: Connection, term: number): Lead {
  return { id: context.replica.id, term, renew: () => renew(context, connection) };
}
