import type { SpanEnd, SpanStart, Tracing } from '../../opentelemetry/index.js';
import type { ActOrder, AroundAct } from '../cycle/index.js';
import type { ActOutcome } from '../policy/index.js';

/** Each start, stop and restart as a span. @param host on which, where that is not the local one */
export function tracedActs(tracing: Tracing, host: string | null = null): AroundAct {
  return (order, act) => tracing.during(startOf(order, host), act, endOf);
}

function startOf({ name, id, kind, attempt, code, reason, by }: ActOrder, host: string | null): SpanStart {
  return {
    name: `container ${kind}`,
    attributes: {
      'container.name': name,
      'container.id': id,
      'health_monitor.host': host,
      'health_monitor.act.by': by,
      'health_monitor.act.attempt': attempt,
      'health_monitor.act.code': code,
      'health_monitor.act.reason': reason,
    },
    // Whatever made the monitor look just then, it acts by itself.
    childOf: by === 'person' ? 'request' : 'nothing',
  };
}

function endOf({ kind, detail }: ActOutcome): SpanEnd {
  return {
    attributes: { 'health_monitor.act.outcome': kind },
    // What was done, or needed not to be done, has nothing to explain.
    error: detail === null ? null : { type: kind, message: detail },
  };
}
