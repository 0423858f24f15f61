import type { HealthEvent } from '../common/events/index.js';
import type { Delivery, WebhookMessage } from './delivery.js';
import { isActive, wants, type Endpoint } from './endpoint.js';
import { LONGEST_WAIT_MS } from './retry-schedule.js';

/** The deliveries that events cause: one an endpoint for each notification it wants. */
export function deliveriesFor(
  events: readonly HealthEvent[],
  endpoints: readonly Endpoint[],
  { nodeId, now, newId }: { nodeId: string; now: number; newId: () => string },
): Delivery[] {
  return events.flatMap((event) => {
    if (event.type !== 'notification.created') return [];
    const { notification, details } = event.data;
    const { type, title, message, timestamp, level, incidentId } = notification;
    // One for all receivers. Random: after a crash, another event may have this one's `seq`.
    const messageId = messageIdOf(newId());
    return endpoints
      .filter((endpoint) => isActive(endpoint) && wants(endpoint, type))
      .map((endpoint): Delivery => ({
        id: newId(),
        messageId,
        endpointId: endpoint.id,
        status: 'pending',
        message: { event: type, title, message, timestamp, node_id: nodeId, details },
        level,
        incidentId: incidentId ?? details.incident_id ?? null,
        createdAt: now,
        nextAttemptAt: now,
        attempts: [],
        endedBecause: null,
      }));
  });
}

/** Names one message for all receivers and for ever. Without the `.` that delimits what is signed. */
export function messageIdOf(random: string): string {
  return `msg_${random}`;
}

/** Due now. A time further off than any wait can be was written under another clock. */
export function isDue({ nextAttemptAt }: Delivery, now: number): boolean {
  return nextAttemptAt !== null && (nextAttemptAt <= now || nextAttemptAt > now + LONGEST_WAIT_MS);
}

/** What to send next: fresh before old; the fresh in their order, of the old what has waited longest. */
export function nextToSend(pending: Iterable<Delivery>, now: number): Delivery | null {
  let next: Delivery | null = null;
  for (const delivery of pending) {
    if (isDue(delivery, now) && (next === null || precedes(delivery, next))) next = delivery;
  }
  return next;
}

function precedes(one: Delivery, other: Delivery): boolean {
  const [oneIsFresh, otherIsFresh] = [one.attempts.length === 0, other.attempts.length === 0];
  if (oneIsFresh !== otherIsFresh) return oneIsFresh;
  return !oneIsFresh && (one.nextAttemptAt ?? 0) < (other.nextAttemptAt ?? 0);
}

const ENDINGS: ReadonlySet<string> = new Set([
  'container.recovered',
  'memory.leak_cleared',
  'engine.reachable',
]);

/**
 * What waits to be told about one problem, oldest first, when it is better told in one message: the problem has ended
 * meanwhile, or some of it was tried in vain. `null` when there is nothing to merge.
 */
export function heldUpStory(delivery: Delivery, pending: Iterable<Delivery>): Delivery[] | null {
  if (delivery.incidentId === null) return null;
  const story: Delivery[] = [];
  for (const other of pending) if (other.incidentId === delivery.incidentId) story.push(other);
  story.sort((one, other) => one.message.timestamp.localeCompare(other.message.timestamp));
  const ended = ENDINGS.has(story.at(-1)?.message.event ?? '');
  const heldUp = story.some(({ attempts }) => attempts.length > 0);
  return story.length > 1 && (ended || heldUp) ? story : null;
}

/** One delivery instead of a whole story: told as its latest part, with what came before. It is a new message, with an id of its own. */
export function mergeStory(story: readonly Delivery[], now: number, newId: () => string): Delivery {
  const latest = story.at(-1);
  if (!latest) throw new RangeError('There is nothing to merge.');
  const told = story.flatMap(({ message }) => message.details.merged ?? [asMerged(message)]);
  const id = newId();
  return {
    ...latest,
    id,
    messageId: messageIdOf(id),
    message: {
      ...latest.message,
      message: ['This could not be told earlier.', ...told.map(asLine)].join('\n'),
      details: { ...latest.message.details, merged: told },
    },
    createdAt: now,
    nextAttemptAt: now,
    attempts: [],
  };
}

function asMerged({
  event,
  title,
  message,
  timestamp,
}: WebhookMessage): NonNullable<WebhookMessage['details']['merged']>[number] {
  return { event, title, message, timestamp };
}

function asLine({ title, message, timestamp }: ReturnType<typeof asMerged>): string {
  const at = timestamp.slice(0, 16).replace('T', ' ');
  return `${at} UTC: ${title}${message === '' ? '' : `. ${message}`}`;
}
