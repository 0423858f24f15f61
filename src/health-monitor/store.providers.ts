import { Logger, type Provider } from '@nestjs/common';
import { Clock } from '../common/clock/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../common/options/index.js';
import { Leader } from '../common/leader/index.js';
import { createHealthStore, EventStream, HealthStore } from '../common/store/index.js';
import { Figures, measuredStore } from '../metrics/index.js';

/** The store of our making or the host's. */
const UNOPENED_STORE = Symbol('UNOPENED_STORE');

export const storeProviders: readonly Provider[] = [
  {
    provide: UNOPENED_STORE,
    useFactory: ({ storage }: ResolvedOptions, clock: Clock) =>
      createHealthStore(storage, { clock, logger: new Logger('HealthStore') }),
    inject: [HEALTH_MONITOR_OPTIONS, Clock],
  },
  // From the moment on in which it is open, others can ask.
  { provide: Leader, useFactory: (store: HealthStore) => new Leader(store), inject: [UNOPENED_STORE] },
  {
    provide: HealthStore,
    // Opened here, so that it is open for whoever is given it.
    useFactory: async (store: HealthStore, _leader: Leader) => {
      await store.open();
      return store;
    },
    inject: [UNOPENED_STORE, Leader],
  },
  {
    provide: EventStream,
    useFactory: (store: HealthStore, clock: Clock, figures?: Figures) =>
      new EventStream(figures ? measuredStore(store, clock, figures) : store),
    inject: [HealthStore, Clock, { token: Figures, optional: true }],
  },
];

/** A host's own store is opened as ours is. */
export function asUnopened(override: Provider): Provider {
  return typeof override === 'object' && override.provide === HealthStore
    ? { ...override, provide: UNOPENED_STORE }
    : override;
}
