import type { HealthEvent } from '../../common/events/index.js';
import { tableOf, type Row } from '../terminal/table.js';
import { oneLine, timeOf } from '../terminal/text.js';

/**
 * Events of one container as lines: when, what, why, and below that the decision it led to, where that is a new one. What
 * was said several times in a row is one line, with how often and until when. At most `most` of these, the latest. Pure.
 */
export function storyLines(events: readonly HealthEvent[], most: number, now: number): readonly string[] {
  return tableOf(
    linesOf(events)
      .slice(-most)
      .flatMap((line) => rowsOf(line, now)),
  );
}

/** A line of the story: events that say the same. */
interface Line {
  readonly type: string;
  readonly reason: string;
  /** The decision it led to; `null`: the one before, or what is said already. */
  readonly decision: string | null;
  readonly times: readonly string[];
}

function linesOf(events: readonly HealthEvent[]): readonly Line[] {
  const lines: Line[] = [];
  let decided = '';
  for (const event of events.filter(isNews)) {
    const { type, at } = event;
    const reason = oneLine(reasonOf(event));
    const decision = oneLine(decisionAfter(event) ?? decided);
    const isNew = decision !== decided && decision !== reason;
    decided = decision;
    const last = lines.at(-1);
    if (last?.type === type && last.reason === reason && !isNew)
      lines[lines.length - 1] = { ...last, times: [...last.times, at] };
    else lines.push({ type, reason, decision: isNew ? decision : null, times: [at] });
  }
  return lines;
}

function rowsOf({ type, reason, decision, times }: Line, now: number): readonly Row[] {
  const [first, ...others] = times.map((at) => timeOf(at, now));
  const often = others.length === 0 ? '' : ` (${times.length} times, until ${others.at(-1)})`;
  const row: Row = [first!, type, `${reason}${often}`.trim()];
  return decision === null ? [row] : [row, ['', '', `→ ${decision}`]];
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
