import type { ContainerRecord } from '../policy/index.js';
import type { Observation } from './observation.js';

/** An image upgrade removes a container and creates it anew: until then its dependents wait. */
const ABSENT_FOR_MS = 10 * 60_000;
const REMEMBERED_FOR_MS = 24 * 60 * 60_000;

/** Who was known, and is found to be gone by this check. Pure. */
export function findVanished(
  records: ReadonlyMap<string, ContainerRecord>,
  { full, listed, gone }: Observation,
): readonly string[] {
  if (full && listed === null) return [];
  const present = new Set(listed);
  const missing = full ? [...records.keys()].filter((name) => !present.has(name)) : gone;
  return missing.filter((name) => records.get(name)?.life.absentSince === null);
}

export const asAbsent = (record: ContainerRecord, now: number): ContainerRecord => ({
  ...record,
  life: { ...record.life, absentSince: now, up: false },
  health: { ...record.health, readySince: null, unhealthySince: null },
});

/** Who has been gone for so long that it is no container any more, and whose record is dropped, too. Pure. */
export function findForgotten(
  records: ReadonlyMap<string, ContainerRecord>,
  awake: ReadonlySet<string>,
  { inspected }: Observation,
  now: number,
): { readonly containers: readonly string[]; readonly records: readonly string[] } {
  // One that is gone is never at rest.
  const absent = [...awake].flatMap((name) => {
    const record = records.get(name);
    return record && record.life.absentSince !== null ? [record] : [];
  });
  if (absent.length === 0) return NOBODY;
  const back = new Set(inspected.map(({ container }) => container.name));
  const goneFor = (ms: number) =>
    absent
      .filter(({ name, life }) => !back.has(name) && now - (life.absentSince ?? now) >= ms)
      .map(({ name }) => name);
  return { containers: goneFor(ABSENT_FOR_MS), records: goneFor(REMEMBERED_FOR_MS) };
}

const NOBODY = { containers: [], records: [] } as const;
