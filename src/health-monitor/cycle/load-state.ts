import type { Collections, HealthStore } from '../../common/store/index.js';
import { readIncident, type IncidentRecord } from '../incidents/index.js';
import { readRecord, type ContainerRecord } from '../policy/index.js';
import type { FactOf } from '../step/index.js';

/**
 * What an earlier process, or another one, left in the store, also one of an earlier version.
 *
 * @param warn hears of documents that cannot be read, which are left out
 */
export async function loadState(
  store: HealthStore,
  at: number,
  warn: (problem: string) => void,
): Promise<FactOf<'loaded'>> {
  const [records, incidents, hosts] = await Promise.all([
    store.all('container'),
    store.all('incident'),
    store.all('host'),
  ]);
  return {
    kind: 'loaded',
    at,
    records: readable<ContainerRecord>('container', records, readRecord, warn),
    incidents: readable<IncidentRecord>('incident', incidents, readIncident, warn),
    lastAlive: hosts.at(-1) ?? null,
  };
}

function readable<T>(
  collection: keyof Collections,
  documents: readonly unknown[],
  read: (document: unknown) => T | null,
  warn: (problem: string) => void,
): readonly T[] {
  return documents.flatMap((document) => {
    const value = read(document);
    if (value === null)
      warn(`The database holds a document of "${collection}" that cannot be read; it is left out.`);
    return value === null ? [] : [value];
  });
}
