import type { FactOf } from './fact.js';
import type { Step } from './step.js';

const TEXTS = {
  degraded: { type: 'store.degraded', level: 'warning', title: 'The health monitor cannot save its state' },
  recovered: { type: 'store.recovered', level: 'info', title: 'The health monitor saves its state again' },
} as const;

/** What people hear of the store. Healing goes on either way. Pure. */
export function storeChanged({
  change,
  reason,
  at,
}: FactOf<'store-changed'>): Pick<Step, 'events' | 'messages'> {
  const { type, level, title } = TEXTS[change];
  return {
    events: [{ type, at: new Date(at).toISOString(), data: { reason } }],
    messages: [
      { type, level, title, message: reason, container: null, incidentId: null, details: { reason } },
    ],
  };
}
