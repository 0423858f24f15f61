import { attemptsSpent, ended, type Delivery, type DeliveryAttempt } from './delivery.js';
import { switchedOn, type EndpointHealth } from './endpoint-health.js';
import { LONGEST_WAIT_MS, nextAttemptAt, RETRIES_TAKE_MS, SHORT_WAIT_MS } from './retry-schedule.js';
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
  return answer.error === null
    ? delivered(withAttempt(delivery, attemptOf(answer, end.now)), health, end.now)
    : failed(delivery, health, answer, end);
}

/** A test is tried once. One that is answered switches its endpoint on again; one that fails holds nothing back. */
export function settleTest(
  test: Delivery,
  health: EndpointHealth,
  answer: Answer,
  now: number,
): Pick<Settled, 'delivery' | 'health'> {
  const tried = withAttempt(test, attemptOf(answer, now));
  if (answer.error !== null) {
    return {
      delivery: ended(tried, 'failed', 'A test is tried once.'),
      health: { ...health, testFailedAt: now },
    };
  }
  const settled = delivered(tried, health, now);
  return { delivery: settled.delivery, health: switchedOn(settled.health) };
}

function attemptOf({ status, error, durationMs }: Answer, now: number): DeliveryAttempt {
  return { at: new Date(now).toISOString(), status, error, durationMs };
}

/** Free ones could be tens of thousands: the latest takes the place of the one before. */
function withAttempt(delivery: Delivery, attempt: DeliveryAttempt): Delivery {
  const { attempts } = delivery;
  const earlier = attempt.free && attempts.at(-1)?.free ? attempts.slice(0, -1) : attempts;
  return { ...delivery, attempts: [...earlier, attempt] };
}

function delivered(delivery: Delivery, health: EndpointHealth, now: number): Settled {
  return {
    delivery: { ...delivery, status: 'delivered', nextAttemptAt: null },
    health: {
      ...health,
      failingSince: null,
      refused: null,
      throttledSince: null,
      pausedUntil: null,
      lastSuccessAt: now,
      testFailedAt: null,
    },
    outageOver: health.failingSince !== null && now - health.failingSince >= OUTAGE_MS,
  };
}

function failed(delivery: Delivery, health: EndpointHealth, answer: Answer, end: AttemptEnd): Settled {
  const { now } = end;
  const { status, retryAfterMs } = answer;
  const refused = status === null ? health.refused : refusedAgain(health.refused, now);
  const disabled = whyDisabled(status, refused);
  const throttledSince = isThrottled(answer) ? (health.throttledSince ?? now) : null;
  return {
    delivery: afterFailure(delivery, answer, end, { disabled, throttledSince }),
    health: {
      ...health,
      failingSince: health.failingSince ?? now,
      refused,
      throttledSince,
      pausedUntil: retryAfterMs ? now + Math.min(retryAfterMs, LONGEST_WAIT_MS) : null,
      disabled: disabled === null ? null : { reason: disabled, at: now },
    },
    outageOver: false,
  };
}

/** It takes only so much at a time, and says when it takes more. */
function isThrottled({ status, retryAfterMs }: Answer): boolean {
  return status === 429 && retryAfterMs !== null && retryAfterMs <= SHORT_WAIT_MS;
}

function afterFailure(
  delivery: Delivery,
  answer: Answer,
  { now, random }: AttemptEnd,
  { disabled, throttledSince }: { readonly disabled: string | null; readonly throttledSince: number | null },
): Delivery {
  const attempt = attemptOf(answer, now);
  const retryAfterMs = answer.retryAfterMs ?? 0;
  if (disabled !== null) return ended(withAttempt(delivery, attempt), 'failed', disabled);
  if (throttledSince === null) {
    const tried = withAttempt(delivery, attempt);
    return retriedAt(nextAttemptAt(attemptsSpent(tried), now, { retryAfterMs, random }), tried);
  }
  const tried = withAttempt(delivery, { ...attempt, free: true });
  // Counted from when the endpoint began with it, since those that wait behind others are not tried themselves.
  const isTooLong = now - Math.max(throttledSince, delivery.createdAt) >= RETRIES_TAKE_MS;
  return isTooLong
    ? ended(
        tried,
        'failed',
        'It was asked to wait a moment, again and again, for as long as retries are made.',
      )
    : { ...tried, nextAttemptAt: now + Math.round(retryAfterMs) };
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
