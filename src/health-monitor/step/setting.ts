import type { ResolvedOptions } from '../../common/options/index.js';
import type { RestartPolicy } from '../policy/index.js';

/** What a step is made with and that stays as it is while the process lives. */
export interface Setting {
  readonly options: ResolvedOptions;
  readonly policy: Pick<RestartPolicy, 'decide'>;
  /** The engine is on another machine than we: while it does not answer, it may be that only the way to it is cut. */
  readonly isRemote: boolean;
  /** Tells one start of the host from another; `null`: this system does not say. */
  readonly bootId: string | null;
  /** Full or short id of the container in which we run; `null`: in none. */
  readonly ownId: string | null;
}

/** The containers are those of another host than ours: one of its own in the options, or another machine. Pure. */
export const isOfAnotherHost = ({
  options: { ofHost = null },
  isRemote,
}: Pick<Setting, 'options' | 'isRemote'>): boolean => isRemote || ofHost !== null;
