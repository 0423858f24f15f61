import type { Delivery } from './delivery.js';
import type { EndpointHealth } from './endpoint.js';
import { LONGEST_WAIT_MS, nextAttemptAt } from './retry-schedule.js';
import type { Answer } from './webhook-sender.js';

const DAY_MS = 86_400_000;
/** An endpoint that has answered, and nothing but failures, for this long is switched off. */
const DISABLE_AFTER_MS = 5 * DAY_MS;
/** An endpoint that was failing for longer than this, and answers again, gets at once what waits for it. */
const OUTAGE_MS = 5 * 60_000;

export interface Settled {
  readonly delivery: Delivery;
  readonly health: EndpointHealth;
  /** It answers again after an outage. */
  readonly outageOver: boolean;
}

/** What an attempt's answer means for its delivery and its endpoint. */
export function settleAttempt(
  delivery: Delivery,
  health: EndpointHealth,
  answer: Answer,
  { now, random }: { readonly now: number; readonly random: number },
): Settled {
  const { status, error, retryAfterMs, durationMs } = answer;
  const attempts = [...delivery.attempts, { at: new Date(now).toISOString(), status, error, durationMs }];
  if (error === null) {
    return {
      delivery: { ...delivery, status: 'delivered', attempts, nextAttemptAt: null },
      health: { ...health, failingSince: null, refused: null, pausedUntil: null, lastSuccessAt: now },
      outageOver: health.failingSince !== null && now - health.failingSince >= OUTAGE_MS,
    };
  }
  const failingSince = health.failingSince ?? now;
  const refused = status === null ? health.refused : refusedAgain(health.refused, now);
  const disabled = whyDisabled(status, refused);
  const next = disabled === null ? nextAttemptAt(attempts.length, now, { retryAfterMs, random }) : null;
  return {
    delivery:
      next === null
        ? {
            ...delivery,
            status: 'failed',
            attempts,
            nextAttemptAt: null,
            endedBecause: disabled ?? 'All attempts failed.',
          }
        : { ...delivery, attempts, nextAttemptAt: next },
    health: {
      ...health,
      failingSince,
      refused,
      pausedUntil: retryAfterMs > 0 ? now + Math.min(retryAfterMs, LONGEST_WAIT_MS) : null,
      disabled: disabled === null ? null : { reason: disabled, at: now },
    },
    outageOver: false,
  };
}

/** A day and more without an answer does not count: our own network may have been down, or nothing was to be told. */
function refusedAgain(
  before: EndpointHealth['refused'],
  now: number,
): NonNullable<EndpointHealth['refused']> {
  if (!before) return { forMs: 0, lastAt: now };
  const since = Math.max(0, now - before.lastAt);
  return { forMs: before.forMs + (since < DAY_MS ? since : 0), lastAt: now };
}

function whyDisabled(status: number | null, refused: EndpointHealth['refused']): string | null {
  if (status === 410) return 'It answered 410 Gone: it wants no more messages.';
  if (refused && refused.forMs >= DISABLE_AFTER_MS) {
    return `It has answered nothing but failures for ${Math.floor(refused.forMs / DAY_MS)} days.`;
  }
  return null;
}
