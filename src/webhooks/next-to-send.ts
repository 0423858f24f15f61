import { attemptsSpent, type Delivery } from './delivery.js';
import { LONGEST_WAIT_MS } from './retry-schedule.js';

/**
 * What to send next of what is due, if anything: fresh before old; the fresh in their order, of the old what has waited
 * longest.
 */
export function nextToSend(pending: Iterable<Delivery>, now: number): Delivery | null {
  let next: Delivery | null = null;
  for (const delivery of pending) {
    if (isDue(delivery, now) && (next === null || precedes(delivery, next))) next = delivery;
  }
  return next;
}

/** A time further off than any wait can be was written under another clock: then it is due, too. */
function isDue({ nextAttemptAt }: Delivery, now: number): boolean {
  return nextAttemptAt !== null && (nextAttemptAt <= now || nextAttemptAt > now + LONGEST_WAIT_MS);
}

function precedes(one: Delivery, other: Delivery): boolean {
  const [oneIsFresh, otherIsFresh] = [attemptsSpent(one) === 0, attemptsSpent(other) === 0];
  if (oneIsFresh !== otherIsFresh) return oneIsFresh;
  return !oneIsFresh && (one.nextAttemptAt ?? 0) < (other.nextAttemptAt ?? 0);
}
