import type { HealthEvent } from '../../common/events/index.js';
import { tableOf, type Row } from '../terminal/table.js';
import { oneLine, timeOf } from '../terminal/text.js';

/** Events of one container as lines: when, what, why, and below that the decision it led to, where that is a new one. Pure. */
export function storyLines(events: readonly HealthEvent[], now: number): readonly string[] {
  const rows: Row[] = [];
  let decided = '';
  for (const event of events.filter(isNews)) {
    const reason = oneLine(reasonOf(event));
    const decision = oneLine(decisionAfter(event) ?? decided);
    rows.push([timeOf(event.at, now), event.type, reason]);
    if (decision !== decided && decision !== reason) rows.push(['', '', `→ ${decision}`]);
    decided = decision;
  }
  return tableOf(rows);
}

/** What an incident or a message came to is told by the events that brought it about. */
const isNews = ({ type }: HealthEvent): boolean =>
  type !== 'incident.updated' && type !== 'notification.updated';

/** The decision that held after an event, where that event tells. Pure. */
export function decisionAfter(event: HealthEvent): string | null {
  return 'view' in event.data ? (event.data.view?.decision.reason ?? null) : null;
}

/** What happened, in a sentence; `''`: its type says all. Pure. */
export function reasonOf({ data }: HealthEvent): string {
  if ('reason' in data) return data.reason;
  if ('incident' in data) return data.incident.cause.reason;
  if ('notification' in data) return `${data.notification.title}. ${data.notification.message}`;
  return '';
}
