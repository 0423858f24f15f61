import type { Hold, Intent } from './record.js';

/** By whom the holds of the monitor itself are. */
const MONITOR = 'monitor';

/** How the reason of such a hold begins. */
export const UNKNOWN_INTENT = 'Whether it is to run, or is on hold, could not be read from the database.';

/**
 * Stands in place of a wish or a hold that could not be read, until a person says what is wished.
 *
 * @param before the hold that could be read
 */
export function holdForUnknownIntent(before: Hold | null, at: number): Hold {
  const reason = `${UNKNOWN_INTENT} Start it, stop it, or release it to have it kept as before.`;
  return {
    reason: before === null ? reason : `${reason} It was on hold: ${before.reason}`,
    by: MONITOR,
    since: at,
    until: null,
    intentUnknown: true,
  };
}

/** Nobody knows what is wished of it, or whether it was on hold. */
export const isIntentUnknown = ({ hold }: Pick<Intent, 'hold'>): boolean => hold?.intentUnknown === true;
