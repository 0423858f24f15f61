import type { HealthStore } from '../../common/store/index.js';
import type { FactOf } from '../step/index.js';

/** What an earlier process, or another one, left in the store. */
export async function loadState(store: HealthStore, at: number): Promise<FactOf<'loaded'>> {
  const [records, incidents, hosts] = await Promise.all([
    store.all('container'),
    store.all('incident'),
    store.all('host'),
  ]);
  return { kind: 'loaded', at, records, incidents, lastAlive: hosts.at(-1) ?? null };
}
