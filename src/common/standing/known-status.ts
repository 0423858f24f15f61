import { EXTERNAL_STATUSES, STATUSES, type ExternalStatus, type Status } from '../events/index.js';

const KNOWN: ReadonlySet<string> = new Set(STATUSES);

/** A status that a newer server has, and this version does not know, counts as `down`. Pure. */
export const knownStatus = (status: string): Status => (KNOWN.has(status) ? (status as Status) : 'down');

const KNOWN_OF_EXTERNALS: ReadonlySet<string> = new Set(EXTERNAL_STATUSES);

/** One of an external that a newer server has, and this version does not know, counts as `unknown`. Pure. */
export const knownExternalStatus = (status: string): ExternalStatus =>
  KNOWN_OF_EXTERNALS.has(status) ? (status as ExternalStatus) : 'unknown';
