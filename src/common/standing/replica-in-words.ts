import type { ReplicaView } from '../events/index.js';

/** So much of an id tells one replica from another. */
const ID = 8;

/** Which replica it is that answers; `null`: there is only one. Pure. */
export function replicaInWords({ id, role, leader, replicas }: ReplicaView): string | null {
  if (role === 'cut-off') return 'Served by a replica that cannot reach the database.';
  if (replicas.length < 2) return null;
  if (role === 'leading') return `Served by the leader, ${id.slice(0, ID)}, of ${replicas.length} replicas.`;
  return leader === null
    ? 'Served by a follower; none leads just now.'
    : `Served by a follower; the leader is ${leader.slice(0, ID)}.`;
}
