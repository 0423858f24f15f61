const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The wait before each attempt, the first at once. The spec's example, without its last days: an alert gets old. */
export const RETRY_DELAYS_MS = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  10 * HOUR,
] as const;

/** How long all of that takes, from the first attempt to the last. */
export const RETRIES_TAKE_MS = RETRY_DELAYS_MS.reduce<number>((sum, delay) => sum + delay, 0);
/** Who asks for no longer a wait than this only takes so much at a time; the schedule is for those in trouble. */
export const SHORT_WAIT_MS = MINUTE;

/** Up to this share of a wait is added, so that what failed together is not retried together. */
const JITTER = 0.1;

/** No wait is longer, whatever an endpoint asks for. */
export const LONGEST_WAIT_MS = 12 * HOUR;

/**
 * When to try again, after `attempts` failed; `null`: never. `retryAfterMs` is what the endpoint asked for, which can
 * only make it later. `random` is from 0 to 1.
 */
export function nextAttemptAt(
  attempts: number,
  now: number,
  { retryAfterMs = 0, random }: { readonly retryAfterMs?: number; readonly random: number },
): number | null {
  const delay = RETRY_DELAYS_MS[attempts];
  if (delay === undefined) return null;
  return now + Math.round(Math.max(delay * (1 + JITTER * random), Math.min(retryAfterMs, LONGEST_WAIT_MS)));
}

/** The wait that a `Retry-After` header asks for: seconds, or a date; `null` for none. RFC 9110, section 10.2.3. */
export function parseRetryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const seconds = /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) * SECOND : Date.parse(header) - now;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}
