import type { OnlyReads } from '../common/events/index.js';
import { referenceTo } from '../common/reference/index.js';
import { isFollowing, type HealthStore } from '../common/store/index.js';
import type { WatchedHosts } from './hosts/index.js';

/** Why a process that is not the writer does nothing that it is asked for. */
export const whyOnlyReads = ({ shared }: Pick<HealthStore, 'shared'>): string =>
  shared?.role === 'cut-off'
    ? "The monitor's database cannot be reached, so nobody here knows which replica leads: nothing can be asked for " +
      'but a start of the container in which it runs. Bring the database back and try again.'
    : 'Another process heals with this database; this one only watches until that has ended.';

/** While a process only reads, what it can be asked for; `undefined`: it acts, or has the leader do it. */
export function onlyReads(
  store: Pick<HealthStore, 'shared' | 'writer'>,
  { all }: Pick<WatchedHosts, 'all'>,
): OnlyReads | undefined {
  if (store.writer || isFollowing(store)) return undefined;
  const startable = all.flatMap(({ name: host, monitor }) =>
    [...monitor.state.views.keys()]
      .filter((name) => isStartable(store, monitor, name))
      .map((name) => referenceTo(host?.key, name)),
  );
  return { reason: whyOnlyReads(store), startable };
}

/** The one thing that is done while nobody knows who leads: what brings the store back. */
export const isStartable = (
  { shared }: Pick<HealthStore, 'shared'>,
  monitor: { bringsStoreBack(name: string): boolean },
  name: string,
): boolean => shared?.role === 'cut-off' && monitor.bringsStoreBack(name);
