import { meaningOf } from '../policy/index.js';
import type { Condition } from './condition.js';
import { iso, type IncidentRecord } from './incident-record.js';
import { withVictimsBack } from './victims.js';

/** Ends an incident: a person did, else an attempt of ours, else it ended by itself. */
export const endIncident = (
  incident: IncidentRecord,
  now: number,
  endedBy: IncidentRecord['endedBy'] = incident.helpedBy ?? 'itself',
): IncidentRecord => ({ ...incident, resolvedAt: iso(now), endedBy });

/** Ends one whose cause is gone, or down on purpose. Nobody waits for a message of that. */
export function endOnPurpose(
  incident: IncidentRecord,
  condition: Condition | undefined,
  now: number,
): IncidentRecord {
  const byItself = condition !== undefined && meaningOf(condition.decision).endsByItself;
  const over = withVictimsBack(endIncident(incident, now, byItself ? 'itself' : 'person'), now);
  return { ...over, backAt: null };
}
