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
    const content = {
      // One for all receivers. Random: after a crash, another event may have this one's `seq`.
      messageId: messageIdOf(newId()),
      message: { event: type, title, message, timestamp, node_id: nodeId, details },
      level,
      incidentId: incidentId ?? details.incident_id ?? null,
    };
    return endpoints
      .filter((endpoint) => isActive(endpoint) && wants(endpoint, type))
      .map((endpoint) => newDelivery(newId(), endpoint.id, content, now));
  });
}

/** A `webhook.test`, which is about no container. */
export function testDelivery(endpointId: string, nodeId: string, { now, newId }: Circumstances): Delivery {
  const id = newId();
  const message = {
    event: 'webhook.test',
    title: `Test from ${nodeId}`,
    message: 'This webhook works. What happens to your containers will be told here.',
    timestamp: new Date(now).toISOString(),
    node_id: nodeId,
    details: {},
  } as const;
  return newDelivery(
    id,
    endpointId,
    { messageId: messageIdOf(id), message, level: 'info', incidentId: null },
    now,
  );
}

/** The same message to the same endpoint once more. It stands alone: it is not merged with what is new. */
export function replayOf(delivery: Delivery, { now, newId }: Circumstances): Delivery {
  return newDelivery(newId(), delivery.endpointId, { ...delivery, incidentId: null }, now);
}

/** One message instead of several of one incident: the latest of them, with `message` in its place. */
export function mergedDelivery(
  latest: Delivery,
  message: Delivery['message'],
  { now, newId }: Circumstances,
): Delivery {
  const id = newId();
  return newDelivery(id, latest.endpointId, { ...latest, messageId: messageIdOf(id), message }, now);
}

/**
 * A delivery that is due now. All begin in this one literal, so that they have one shape in memory: a long queue is
 * searched before each attempt.
 */
function newDelivery(
  id: string,
  endpointId: string,
  { messageId, message, level, incidentId }: Pick<Delivery, 'messageId' | 'message' | 'level' | 'incidentId'>,
  now: number,
): Delivery {
  return {
    id,
    messageId,
    endpointId,
    status: 'pending',
    message,
    level,
    incidentId,
    createdAt: now,
    nextAttemptAt: now,
    attempts: [],
    endedBecause: null,
  };
}

/** Names one message for all receivers and for ever. Without the `.` that delimits what is signed. */
function messageIdOf(random: string): string {
  return `msg_${random}`;
}
