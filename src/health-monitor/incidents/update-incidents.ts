import { absorb, attribute, type Scene } from './attribution.js';
import { climb, type Climbed } from './climb.js';
import type { Condition } from './condition.js';
import { endOnPurpose } from './end-incident.js';
import { isOfContainer, isOpen, type IncidentRecord } from './incident-record.js';
import { withIncident, type Incidents } from './incidents.js';
import { CONTAINER_LADDER } from './ladder.js';
import type { Message } from './message.js';
import { areVictimsBack, victimsNow } from './victims.js';

/** Incidents as they are now, and what is to be sent of the way there. */
export interface IncidentUpdate {
  /** The same map as before when nothing changed. */
  readonly incidents: Incidents;
  readonly messages: readonly Message[];
}

/**
 * Keeps the incidents of containers in step with the containers: opens one a cause, attaches victims, lets it climb its
 * ladder, ends it. Pure.
 *
 * `conditions` come in order, what others depend on first. They may be those of some containers only: of all in trouble,
 * of all that wait, and of the causes and victims of open incidents. Who is missing there is taken to be gone: what it
 * caused ends, and nobody waits for it as a victim.
 */
export function updateIncidents({
  incidents,
  ...scene
}: Scene & { readonly incidents: Incidents }): IncidentUpdate {
  const attributed = absorb(attribute(incidents, scene), scene);
  const messages: Message[] = [];
  let followed = attributed;
  for (const incident of attributed.values()) {
    if (!isOpen(incident) || !isOfContainer(incident)) continue;
    const climbed = follow(incident, followed, scene);
    followed = withIncident(followed, climbed.incident);
    messages.push(...climbed.messages);
  }
  return { incidents: followed, messages };
}

/** Follows one open incident: its cause, its victims, its messages, its end. */
function follow(incident: IncidentRecord, incidents: Incidents, { conditions, now }: Scene): Climbed {
  const condition = conditions.get(incident.cause.container ?? '');
  if (condition === undefined || condition.leftOnPurpose)
    return { incident: endOnPurpose(incident, condition, now), messages: [] };
  const found = amended(incident, {
    ...findings(incident, condition),
    victims: victimsNow(incident, conditions),
  });
  const victimsAreBack = areVictimsBack(found, conditions, incidents);
  return climb(CONTAINER_LADDER, found, { condition, victimsAreBack, now });
}

/** What the latest check shows of its cause. */
function findings(
  incident: IncidentRecord,
  { record, evidence, trouble }: Condition,
): Partial<IncidentRecord> {
  const { cause } = incident;
  // What was found when the last attempt failed says more of why than what was found first.
  const isBetter = evidence !== null && (cause.evidence === null || record.healing.attempts.length > 0);
  return {
    kind: trouble?.kind === 'crash-loop' ? 'crash-loop' : incident.kind,
    cause: isBetter && evidence !== cause.evidence ? { ...cause, evidence } : cause,
    helpedBy: incident.helpedBy ?? (record.healing.attempts.length > 0 ? 'attempt' : null),
    backAt: record.life.up ? record.health.readySince : null,
  };
}

/** With these changes; the same incident when they change nothing. */
function amended(incident: IncidentRecord, changes: Partial<IncidentRecord>): IncidentRecord {
  const next = { ...incident, ...changes };
  const fields = Object.keys(changes) as (keyof IncidentRecord)[];
  return fields.some((field) => next[field] !== incident[field]) ? next : incident;
}
