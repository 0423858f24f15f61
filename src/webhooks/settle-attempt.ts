import { ended, type Delivery } from './delivery.js';
import { switchedOn, type EndpointHealth } from './endpoint-health.js';
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

/** When it ended, in milliseconds since 1970, and where in its jitter the next attempt is, from 0 to 1. */
export interface AttemptEnd {
  readonly now: number;
  readonly random: number;
}

/** What an attempt's answer means for its delivery and its endpoint. */
export function settleAttempt(
  delivery: Delivery,
  health: EndpointHealth,
  answer: Answer,
  end: AttemptEnd,
): Settled {
  const tried = withAttempt(delivery, answer, end.now);
  return answer.error === null ? delivered(tried, health, end.now) : failed(tried, health, answer, end);
}

/** A test is tried once. One that is answered switches its endpoint on again; one that fails says nothing of it. */
export function settleTest(
  test: Delivery,
  health: EndpointHealth,
  answer: Answer,
  now: number,
): Pick<Settled, 'delivery' | 'health'> {
  const tried = withAttempt(test, answer, now);
  if (answer.error !== null) return { delivery: ended(tried, 'failed', 'A test is tried once.'), health };
  const settled = delivered(tried, health, now);
  return { delivery: settled.delivery, health: switchedOn(settled.health) };
}

function withAttempt(delivery: Delivery, { status, error, durationMs }: Answer, now: number): Delivery {
  const attempt = { at: new Date(now).toISOString(), status, error, durationMs };
  return { ...delivery, attempts: [...delivery.attempts, attempt] };
}

function delivered(delivery: Delivery, health: EndpointHealth, now: number): Settled {
  return {
    delivery: { ...delivery, status: 'delivered', nextAttemptAt: null },
    health: { ...health, failingSince: null, refused: null, pausedUntil: null, lastSuccessAt: now },
    outageOver: health.failingSince !== null && now - health.failingSince >= OUTAGE_MS,
  };
}

function failed(
  delivery: Delivery,
  health: EndpointHealth,
  { status, retryAfterMs }: Answer,
  { now, random }: AttemptEnd,
): Settled {
  const refused = status === null ? health.refused : refusedAgain(health.refused, now);
  const disabled = whyDisabled(status, refused);
  return {
    delivery:
      disabled === null
        ? retriedAt(nextAttemptAt(delivery.attempts.length, now, { retryAfterMs, random }), delivery)
        : ended(delivery, 'failed', disabled),
    health: {
      ...health,
      failingSince: health.failingSince ?? now,
      refused,
      pausedUntil: retryAfterMs > 0 ? now + Math.min(retryAfterMs, LONGEST_WAIT_MS) : null,
      disabled: disabled === null ? null : { reason: disabled, at: now },
    },
    outageOver: false,
  };
}

function retriedAt(time: number | null, delivery: Delivery): Delivery {
  return time === null
    ? ended(delivery, 'failed', 'All attempts failed.')
    : { ...delivery, nextAttemptAt: time };
}

/** A day and more without an answer does not count: our own network may have been down, or nothing was sent. */
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
