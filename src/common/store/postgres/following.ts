import type { Connection } from './connection.js';
import type { StoreContext } from './context.js';
import type { Observation } from './observation.js';
import { leadGivenUp, startedFollowing } from './role.js';

/** Takes over what the leader wrote. Rejects as the database does. */
export async function follow(
  context: StoreContext,
  { log: now }: Pick<Observation, 'log'>,
  connection: Connection,
): Promise<void> {
  const { access, health, log, looks, replica, role } = context;
  if (role.state.is !== 'following') return startFollowing(context, connection);
  // What comes next is told when all have read anew.
  if (health.owesReload) return looks.again();
  const change = await log.follow(connection, now);
  if (change === null) {
    await log.reload(connection);
    health.reloaded(`The database ${access.name} was read anew.`);
  } else if (change.put.length + change.remove.length + change.events.length > 0) {
    replica.tell(change);
  }
}

/** Another process leads, or may: all that is only here is forgotten. Rejects as the database does. */
export async function startFollowing(context: StoreContext, connection: Connection): Promise<void> {
  giveUpLead(context);
  await context.log.reload(connection);
  context.role.become(startedFollowing(context.role.state));
}

/** What this process had as the leader, it has no more. */
export function giveUpLead({ answering, role }: StoreContext): void {
  role.become(leadGivenUp(role.state));
  answering.forget();
}
