import { rootsOf } from './attribution.js';
import type { Conditions } from './condition.js';
import { isOpen, type IncidentRecord } from './incident-record.js';
import { openIncidentOf, type Incidents } from './incidents.js';

/**
 * Whether the end of an incident waits for this victim. One that waits by now for what is no part of it, has a problem of its
 * own, or is left as it is, is not down because of it any more. Pure.
 *
 * @param incident with its victims as they are now
 */
export function isWaitedFor(
  name: string,
  incident: IncidentRecord,
  conditions: Conditions,
  incidents: Incidents,
): boolean {
  if (isKeptDownByAnother(name, incident, incidents)) return false;
  const condition = conditions.get(name);
  if (condition === undefined || condition.decision.blockedBy.length === 0) return true;
  const roots = rootsOf(condition, conditions);
  const stillDown = incident.victims.filter(({ to, container }) => to === null && roots.includes(container));
  return stillDown.some(
    ({ container }) =>
      conditions.get(container)?.leftOnPurpose === false &&
      openIncidentOf(incidents, container) === undefined,
  );
}

/** Its start is withheld for another problem. */
const isKeptDownByAnother = (name: string, { id }: IncidentRecord, incidents: Incidents): boolean =>
  [...incidents.values()].some(
    (other) =>
      other.id !== id &&
      isOpen(other) &&
      (other.withheldFrom !== null || other.refusedFor !== null) &&
      other.victims.some(({ container, to }) => container === name && to === null),
  );
