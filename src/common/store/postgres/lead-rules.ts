import type { Observation } from './observation.js';
import { outageEndedAt, type RoleState } from './role.js';
import { SCHEMA_VERSION } from './schema.js';

/** This process, as far as it matters to who leads. */
export interface Candidate {
  readonly id: string;
  readonly reaches: number;
}

/** Whether this release knows all of the schema; else it only reads. */
export const knowsSchema = ({ schema }: Pick<Observation, 'schema'>): boolean => schema <= SCHEMA_VERSION;

/** Whether to take the lease: it is free, and nobody who could lead reaches more engines. Pure. */
export const mayTake = (me: Candidate, seen: Pick<Observation, 'lease' | 'replicas' | 'schema'>): boolean =>
  seen.lease.leftMs <= 0 && knowsSchema(seen) && !isOutranked(me, seen);

/** Whether another process that could lead reaches more engines. Pure. */
export const isOutranked = (
  { id, reaches }: Candidate,
  { replicas, schema }: Pick<Observation, 'replicas' | 'schema'>,
): boolean =>
  replicas.some((other) => other.id !== id && other.schemaVersion >= schema && other.reaches > reaches);

/** After an outage, whoever led before it may have something to write; the others wait for it a moment. Pure. */
export function isLastLeadersTurn(
  state: RoleState,
  { id }: Pick<Candidate, 'id'>,
  { lease: { holder } }: Pick<Observation, 'lease'>,
  { now, firstGoMs }: { readonly now: number; readonly firstGoMs: number },
): boolean {
  if (holder === null || holder === id) return false;
  if (state.is === 'cut-off') return true;
  const endedAt = outageEndedAt(state);
  return endedAt !== null && now - endedAt < firstGoMs;
}
