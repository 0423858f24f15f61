import type { Clock } from '../common/clock/index.js';
import type { HealthEvent } from '../common/events/index.js';
import type { CommittingStore, StateChange } from '../common/store/index.js';
import type { Figures } from './figures.js';

/** A store of which is noted how long each commit takes, and what of it is counted. */
export function measuredStore(store: CommittingStore, clock: Clock, figures: Figures): CommittingStore {
  return {
    shared: store.shared,
    get head() {
      return store.head;
    },
    async commit(change) {
      const began = clock.monotonic();
      const events = await store.commit(change);
      figures.commits.observe({}, (clock.monotonic() - began) / 1_000);
      countMessages(events, figures);
      countDeliveries(change, figures);
      return events;
    },
  };
}

function countMessages(events: readonly HealthEvent[], { messages }: Figures): void {
  for (const event of events) {
    if (event.type === 'notification.created') messages.add({ type: event.data.notification.type });
  }
}

/** A delivery is written once when it has ended. */
function countDeliveries({ put = [] }: StateChange, { deliveries }: Figures): void {
  for (const document of put) {
    if (document.collection !== 'webhook-delivery') continue;
    const { status, endpointId } = document.value;
    if (status !== 'pending') deliveries.add({ endpoint: endpointId, result: status });
  }
}
