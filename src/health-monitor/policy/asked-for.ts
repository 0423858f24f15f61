import type { ContainerRecord, Death } from './record.js';

/** Whatever ended it, and whatever its exit says: a person asked for it after that. */
export const isAskedForSince = ({ wish }: Pick<ContainerRecord, 'wish'>, death: Pick<Death, 'at'>): boolean =>
  wish.by === 'person' && wish.at >= death.at;
