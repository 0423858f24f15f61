import type { SharedStore } from '../../common/store/index.js';
import { RuntimeError } from '../runtime/index.js';
import type { ActOrder } from './container-actor.js';

/**
 * So much of the lease must be left when the engine is asked for an act: the next leader may act as soon as the lease is
 * over, and what was written by then has this long to arrive and to show.
 */
export const LEASE_LEFT_MS = 3_000;

/** Lets acts through while this process certainly leads, and while nobody knows who does, what brings the store back. */
export class LeaseFence {
  constructor(
    private readonly shared: Pick<SharedStore, 'role' | 'leaseLeftMs'>,
    /** Whether starting this one brings the store back. */
    private readonly bringsStoreBack: (name: string) => boolean,
  ) {}

  /** @throws RuntimeError of kind `aborted` when it must not be asked for now */
  check({ name, kind }: Pick<ActOrder, 'name' | 'kind'>): void {
    if (this.shared.leaseLeftMs() >= LEASE_LEFT_MS) return;
    if (this.shared.role === 'cut-off' && kind === 'start' && this.bringsStoreBack(name)) return;
    throw new RuntimeError('aborted', REFUSALS[this.shared.role]);
  }
}

const REFUSALS = {
  leading:
    'Not done: the lease of this replica is about to end, since the database of the monitor answers late. Try again in some seconds.',
  following: 'Not done: another replica has taken over the lead. Try again.',
  'cut-off':
    'Not done: the database of the monitor cannot be reached, so nobody here knows which replica leads. Try again when it is back.',
} as const;
