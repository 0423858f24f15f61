import type { Connection } from './connection.js';
import type { StoreContext } from './context.js';
import { giveUpLead, startFollowing } from './following.js';
import { isOutranked, knowsSchema } from './lead-rules.js';
import { leadOf } from './lease-renewal.js';
import { releaseLease, takeLease } from './lease-table.js';
import { forgetTheGone, type Observation } from './observation.js';
import { onSuccess } from './outage.js';
import { leaseLeftMs, leaseLost, leaseTaken, outrankedForMs, seenOutranked } from './role.js';
import { save } from './saving.js';

/** Takes the lease, and with it all there is. False: another process was first. Rejects as the database does. */
export async function takeOver(context: StoreContext, connection: Connection): Promise<boolean> {
  const { clock, log, replica, role, timing } = context;
  giveUpLead(context);
  const askedAt = clock.monotonic();
  const taken = await takeLease(connection, replica.id, timing.leaseMs);
  if (taken === null) return false;
  const { term, loaded } = taken;
  log.adopt(loaded);
  role.become(leaseTaken(role.state, { term, until: askedAt + timing.leaseMs, now: clock.monotonic() }));
  if (log.owesEpoch) await log.write(connection, leadOf(context, connection, term));
  return true;
}

/** What is due for who has the lease: to give it to another, to write what is not written, to drop what is old. */
export async function lead(
  context: StoreContext,
  seen: Observation,
  connection: Connection,
  term: number,
): Promise<void> {
  const { clock, refusals, replica, retention, role, timing } = context;
  role.become(seenOutranked(role.state, isOutranked(replica, seen), clock.monotonic()));
  const isOutrankedForLong = outrankedForMs(role.state, clock.monotonic()) >= timing.outrankedMs;
  if (!knowsSchema(seen) || isOutrankedForLong) return handOver(context, connection, term);
  if (role.state.is === 'cut-off' && leaseLeftMs(role.state, clock.monotonic()) > 0) await save(context);
  if (refusals.isEnough(clock.monotonic())) return giveUpRefused(context, connection, term);
  if (role.state.is === 'leading' && retention.isDue(clock.monotonic()))
    await retain(context, connection, term);
}

/** Lets another process lead, which can do it better, once what this one has is written, or is refused for good. */
async function handOver(context: StoreContext, connection: Connection, term: number): Promise<void> {
  const { clock, log, refusals } = context;
  if (!log.state.isSaved && !(await save(context))) return;
  if (log.state.isSaved) return release(context, connection, term);
  if (refusals.isEnough(clock.monotonic())) await giveUpRefused(context, connection, term);
}

/** What this process has to write is refused for good: it goes on without it. */
async function giveUpRefused(context: StoreContext, connection: Connection, term: number): Promise<void> {
  context.refusals.gaveUp(context.clock.monotonic());
  await release(context, connection, term);
  onSuccess(context);
}

async function release(context: StoreContext, connection: Connection, term: number): Promise<void> {
  const { replica, role } = context;
  role.become(leaseLost(role.state));
  await releaseLease(connection, replica.id, term);
  await startFollowing(context, connection);
}

async function retain(context: StoreContext, connection: Connection, term: number): Promise<void> {
  const { clock, log, retention } = context;
  const purge = retention.begin(clock.monotonic(), log.revision);
  await log.retain(connection, leadOf(context, connection, term), { now: clock.now(), purge });
  await forgetTheGone(connection);
}
