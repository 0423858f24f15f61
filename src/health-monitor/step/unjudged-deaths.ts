import type { LearntCheck } from './learn-check.js';

/** One that is down of which is not known yet whether a person stopped it. */
export interface UnjudgedDeath {
  readonly name: string;
  readonly diedAt: number;
  /** When that is known at the latest, in milliseconds since 1970. */
  readonly until: number;
}

/** Of each batch, by its id, who of it is not judged yet. Pure. */
export function unjudgedDeaths(
  { batches, records }: Pick<LearntCheck, 'batches' | 'records'>,
  now: number,
): ReadonlyMap<number, readonly UnjudgedDeath[]> {
  const found = new Map<number, readonly UnjudgedDeath[]>(batches.map(({ id }) => [id, []]));
  if (found.size === 0) return found;
  for (const { name, life, healing } of records.values()) {
    const others = healing.batch === null ? undefined : found.get(healing.batch);
    const { death } = life;
    if (healing.batch === null || !others || life.up || death?.stoppedBy !== 'pending') continue;
    const until = death.pendingUntil ?? 0;
    if (until > now) found.set(healing.batch, [...others, { name, diedAt: death.at, until }]);
  }
  return found;
}
