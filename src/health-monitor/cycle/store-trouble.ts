import type { MonitorState } from './monitor-state.js';
import type { Step } from './state-keeper.js';

const TEXTS = {
  degraded: { type: 'store.degraded', level: 'warning', title: 'The health monitor cannot save its state' },
  recovered: { type: 'store.recovered', level: 'info', title: 'The health monitor saves its state again' },
} as const;

/** The step that tells people how the store is. Healing goes on either way. */
export function storeChanged(
  state: MonitorState,
  kind: keyof typeof TEXTS,
  reason: string,
  now: number,
): Step {
  const { type, level, title } = TEXTS[kind];
  return {
    state,
    events: [{ type, at: new Date(now).toISOString(), data: { reason } }],
    notices: [
      { type, level, title, message: reason, container: null, incidentId: null, details: { reason } },
    ],
  };
}
