import {
  fieldsOf,
  isFields,
  isFlag,
  isMoment,
  isNumber,
  isText,
  isTime,
  listOf,
  oneOf,
  optional,
  orNull,
} from '../common/shape/index.js';
import type { Delivery } from './delivery.js';
import type { EndpointHealth } from './endpoint-health.js';
import type { StoredEndpoint } from './endpoint.js';

const fitsEndpoint = fieldsOf({
  id: isText,
  url: (url) => isText(url) && URL.canParse(url as string),
  format: oneOf('archipelago', 'ntfy', 'slack', 'discord'),
  events: orNull(listOf(isText)),
  secret: orNull(isText),
  enabled: isFlag,
});

const fitsHealth = fieldsOf({
  id: isText,
  url: isText,
  disabled: orNull(fieldsOf({ reason: isText, at: isTime })),
  failingSince: orNull(isTime),
  refused: orNull(fieldsOf({ forMs: isTime, lastAt: isTime })),
  throttledSince: optional(orNull(isTime)),
  pausedUntil: orNull(isTime),
  lastSuccessAt: orNull(isTime),
  testFailedAt: optional(orNull(isTime)),
  secret: orNull(isText),
  previousSecret: orNull(fieldsOf({ secret: isText, until: isTime })),
});

const fitsDelivery = fieldsOf({
  id: isText,
  messageId: isText,
  endpointId: isText,
  status: oneOf('pending', 'delivered', 'failed', 'merged'),
  message: fieldsOf({
    event: isText,
    title: isText,
    message: isText,
    timestamp: isMoment,
    details: isFields,
  }),
  level: oneOf('info', 'warning', 'error'),
  incidentId: orNull(isText),
  createdAt: isTime,
  nextAttemptAt: orNull(isTime),
  attempts: listOf(
    fieldsOf({ at: isMoment, status: orNull(isNumber), error: orNull(isText), durationMs: isTime }),
  ),
  endedBecause: orNull(isText),
});

/** Documents from the store that do not fit these are as if they were not there. */
export const isStoredEndpoint = (document: unknown): document is StoredEndpoint => fitsEndpoint(document);
export const isEndpointHealth = (document: unknown): document is EndpointHealth => fitsHealth(document);
export const isDelivery = (document: unknown): document is Delivery => fitsDelivery(document);
