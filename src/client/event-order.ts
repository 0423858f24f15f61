import type { HealthEvent } from '../common/events/index.js';
import { applyEvents } from './apply-event.js';
import { fromSnapshot, type MonitorData } from './monitor-state.js';
import type { SyncReply } from './wire.js';

/** Data, and the events that cannot be applied yet: those that came during a sync, or behind a hole. */
export interface Ordered {
  readonly data: MonitorData;
  readonly pending: readonly HealthEvent[];
  /** Events just applied, in order. */
  readonly applied: readonly HealthEvent[];
}

/** Takes an event in: applied when it is the next one, ignored when known, else kept until a sync fills the hole. */
export function receive({ data, pending }: Ordered, event: HealthEvent): Ordered {
  return settle(data, [...pending, event]);
}

/** Takes the answer to a sync in, then what was kept meanwhile. */
export function synced({ data, pending }: Ordered, reply: SyncReply): Ordered {
  if (reply.mode === 'snapshot') {
    return settle(fromSnapshot(reply.state, reply.epoch, reply.head), pending);
  }
  return settle(data, [...reply.events, ...pending]);
}

function settle(data: MonitorData, events: readonly HealthEvent[]): Ordered {
  const applied: HealthEvent[] = [];
  const pending: HealthEvent[] = [];
  let head = data.head;
  for (const event of [...events].sort((a, b) => a.seq - b.seq)) {
    if (event.seq <= head) continue;
    if (event.seq === head + 1) {
      applied.push(event);
      head = event.seq;
    } else {
      pending.push(event);
    }
  }
  return { data: applyEvents(data, applied), pending, applied };
}
