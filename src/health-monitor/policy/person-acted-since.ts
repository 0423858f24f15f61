import type { Death, Intent } from './record.js';

/** Whatever ended it, and whatever its exit says: a person asked for it after that. */
export const personActedSince = ({ wish }: Pick<Intent, 'wish'>, death: Pick<Death, 'at'>): boolean =>
  wish.by === 'person' && wish.at >= death.at;
