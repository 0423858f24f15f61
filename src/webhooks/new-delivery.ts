import type { HealthEvent } from '../common/events/index.js';
import type { Delivery } from './delivery.js';
import { isActive, wants, type Endpoint } from './endpoint.js';

/** What is not known from the message: when it is, and how ids are made. */
export interface Circumstances {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Makes a random id that nothing else has. */
  readonly newId: () => string;
}

const NOT_TRIED = { status: 'pending', attempts: [], endedBecause: null } as const;

/** The deliveries that events cause: one an endpoint for each notification it wants. */
export function deliveriesFor(
  events: readonly HealthEvent[],
  endpoints: readonly Endpoint[],
  nodeId: string,
  { now, newId }: Circumstances,
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
        ...NOT_TRIED,
        id: newId(),
        messageId,
        endpointId: endpoint.id,
        message: { event: type, title, message, timestamp, node_id: nodeId, details },
        level,
        incidentId: incidentId ?? details.incident_id ?? null,
        createdAt: now,
        nextAttemptAt: now,
      }));
  });
}

/** A `webhook.test`, which is about no container. */
export function testDelivery(endpointId: string, nodeId: string, { now, newId }: Circumstances): Delivery {
  const id = newId();
  return {
    ...NOT_TRIED,
    id,
    messageId: messageIdOf(id),
    endpointId,
    message: {
      event: 'webhook.test',
      title: `Test from ${nodeId}`,
      message: 'This webhook works. What happens to your containers will be told here.',
      timestamp: new Date(now).toISOString(),
      node_id: nodeId,
      details: {},
    },
    level: 'info',
    incidentId: null,
    createdAt: now,
    nextAttemptAt: now,
  };
}

/** The same message to the same endpoint once more. It stands alone: it is not merged with what is new. */
export function replayOf(delivery: Delivery, { now, newId }: Circumstances): Delivery {
  return { ...delivery, ...NOT_TRIED, id: newId(), incidentId: null, createdAt: now, nextAttemptAt: now };
}

/** One message instead of several of one incident: the latest of them, with `message` in its place. */
export function mergedDelivery(
  latest: Delivery,
  message: Delivery['message'],
  { now, newId }: Circumstances,
): Delivery {
  const id = newId();
  return {
    ...latest,
    ...NOT_TRIED,
    id,
    messageId: messageIdOf(id),
    message,
    createdAt: now,
    nextAttemptAt: now,
  };
}

/** Names one message for all receivers and for ever. Without the `.` that delimits what is signed. */
function messageIdOf(random: string): string {
  return `msg_${random}`;
}
