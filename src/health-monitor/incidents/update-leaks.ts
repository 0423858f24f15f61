import { climb } from './climb.js';
import type { LeakFacts } from './facts.js';
import { isOpen, type IncidentRecord } from './incident-record.js';
import { announced, type AnnouncedUpdate } from './incident-update.js';
import { openOfKind, withIncident, type Incidents } from './incidents.js';
import { LEAK_LADDER } from './ladder.js';
import type { Message } from './message.js';
import { openIncident } from './open-incident.js';

/** What is new about a container's memory: a leak was found, leaves little time, or is over. */
export type LeakChange = Omit<LeakFacts, 'now'>;

/** Follows leaks. What people know already, perhaps from an earlier process, is not sent again. Pure. */
export function updateLeaks(
  incidents: Incidents,
  changes: readonly LeakChange[],
  now: number,
): AnnouncedUpdate {
  let updated = incidents;
  const messages: Message[] = [];
  for (const change of changes) {
    const { container, trend } = change;
    const leak =
      openLeakOf(updated, container) ??
      openIncident({ kind: 'leak', container, since: now, reason: trend.reason, known: updated });
    const climbed = climb(LEAK_LADDER, leak, { ...change, now });
    if (climbed.messages.length === 0) continue;
    updated = withIncident(updated, withReason(climbed.incident, trend.reason));
    messages.push(...climbed.messages);
  }
  return announced({ incidents: updated, messages }, now);
}

/** While it lasts, the latest sentence says most. */
const withReason = (leak: IncidentRecord, reason: string): IncidentRecord =>
  isOpen(leak) ? { ...leak, cause: { ...leak.cause, reason } } : leak;

/** Whether a container leaks, and no restart has answered that yet: it gets one, not one a night. */
export const isLeakRestartDue = (incidents: Incidents, container: string): boolean =>
  openLeakOf(incidents, container)?.helpedBy === null;

/** Notes that a container's leak was answered by a restart. Pure. */
export const noteLeakRestart = (incidents: Incidents, container: string): Incidents =>
  withHelp(incidents, container, 'attempt');

/** The restart was not made. Pure. */
export const unnoteLeakRestart = (incidents: Incidents, container: string): Incidents =>
  withHelp(incidents, container, null);

function withHelp(incidents: Incidents, container: string, helpedBy: IncidentRecord['helpedBy']): Incidents {
  const leak = openLeakOf(incidents, container);
  return leak === undefined ? incidents : withIncident(incidents, { ...leak, helpedBy });
}

const openLeakOf = (incidents: Incidents, container: string): IncidentRecord | undefined =>
  openOfKind(incidents, 'leak', container);
