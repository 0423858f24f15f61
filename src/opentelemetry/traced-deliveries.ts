import type { Answer, AroundAttempt, NextAttempt } from '../webhooks/index.js';
import type { SpanEnd, SpanStart, Tracing } from './tracing.js';

/** Each attempt to deliver a webhook as a span. */
export function tracedDeliveries(tracing: Tracing): AroundAttempt {
  return (attempt, send) => tracing.during(startOf(attempt), send, endOf);
}

function startOf({ endpointId, origin, event, messageId, incidentId, attempt }: NextAttempt): SpanStart {
  const { protocol, hostname, port } = new URL(origin);
  return {
    name: 'webhook delivery',
    attributes: {
      'http.request.method': 'POST',
      'url.scheme': protocol.slice(0, -1),
      'server.address': hostname,
      'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
      'health_monitor.webhook.endpoint': endpointId,
      'health_monitor.webhook.event': event,
      'health_monitor.webhook.message_id': messageId,
      'health_monitor.webhook.attempt': attempt,
      'health_monitor.incident.id': incidentId,
    },
    // A test is made within the request that asks for it. Everything else may be sent days after what it tells of.
    childOf: event === 'webhook.test' ? 'request' : 'nothing',
    // HTTP clients that are instrumented would put the whole URL into a span: chat services have a secret in theirs.
    showsInner: false,
  };
}

function endOf({ status, error }: Answer): SpanEnd {
  return {
    attributes: status === null ? {} : { 'http.response.status_code': status },
    error: error === null ? null : { type: status === null ? 'no-answer' : String(status), message: error },
  };
}
