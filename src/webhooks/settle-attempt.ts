import type { Delivery } from './delivery.js';
import type { EndpointHealth } from './endpoint.js';
import { LONGEST_WAIT_MS, nextAttemptAt } from './retry-schedule.js';
import type { Answer } from './webhook-sender.js';

/** An endpoint that has answered, and nothing but failures, for this long is switched off. Silence may be our own network's. */
export const DISABLE_AFTER_MS = 5 * 86_400_000;
/** Not on the first failures of one message: after a long silence, one hiccup proves nothing. */
const DISABLE_AFTER_ATTEMPTS = 3;
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
      health: { ...health, failingSince: null, refusingSince: null, pausedUntil: null, lastSuccessAt: now },
      outageOver: health.failingSince !== null && now - health.failingSince >= OUTAGE_MS,
    };
  }
  const failingSince = health.failingSince ?? now;
  const refusingSince = health.refusingSince ?? (status === null ? null : now);
  const disabled = whyDisabled(status, now - (refusingSince ?? now), attempts.length);
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
      refusingSince,
      pausedUntil: retryAfterMs > 0 ? now + Math.min(retryAfterMs, LONGEST_WAIT_MS) : null,
      disabled: disabled === null ? null : { reason: disabled, at: now },
    },
    outageOver: false,
  };
}

function whyDisabled(status: number | null, refusingForMs: number, attempts: number): string | null {
  if (status === 410) return 'It answered 410 Gone: it wants no more messages.';
  if (status !== null && refusingForMs >= DISABLE_AFTER_MS && attempts >= DISABLE_AFTER_ATTEMPTS) {
    return `It has answered nothing but failures for ${Math.floor(refusingForMs / 86_400_000)} days.`;
  }
  return null;
}
