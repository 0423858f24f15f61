import { STATUSES, type Status } from '../events/index.js';

const KNOWN: ReadonlySet<string> = new Set(STATUSES);

/** A status that a newer server has, and this version does not know, counts as `down`. Pure. */
export const knownStatus = (status: string): Status => (KNOWN.has(status) ? (status as Status) : 'down');
