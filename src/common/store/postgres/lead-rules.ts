import { SCHEMA_VERSION } from './schema.js';
import type { LiveReplica, Sight } from './sight.js';

/** This process, as far as it matters to who leads. */
export interface Candidate {
  readonly id: string;
  readonly reaches: number;
}

/** Whether this release knows all of the schema; else it only reads. */
export const knowsSchema = ({ schema }: Pick<Sight, 'schema'>): boolean => schema <= SCHEMA_VERSION;

/** Whether to take the lease: it is free, and nobody who could lead reaches more engines. Pure. */
export const mayTake = (me: Candidate, sight: Pick<Sight, 'lease' | 'replicas' | 'schema'>): boolean =>
  sight.lease.leftMs <= 0 && knowsSchema(sight) && !isOutreached(me, sight);

/** Whether another process that could lead reaches more engines. Pure. */
export const isOutreached = (
  { id, reaches }: Candidate,
  { replicas, schema }: Pick<Sight, 'replicas' | 'schema'>,
): boolean =>
  replicas.some(
    (other: LiveReplica) => other.id !== id && other.schemaVersion >= schema && other.reaches > reaches,
  );
