import { climb, type Climbed } from './climb.js';
import { isOpen, type IncidentRecord } from './incident-record.js';
import { withIncident, type Incidents } from './incidents.js';
import { ENGINE_LADDER } from './ladder.js';
import { eventOf } from './message.js';
import { openIncident } from './open-incident.js';
import type { AnnouncedUpdate } from './update-leaks.js';

/** The engine does not answer; `null`: people know that, perhaps from an earlier process. Pure. */
export function engineLost(
  incidents: Incidents,
  since: number,
  problem: string,
  now: number,
): AnnouncedUpdate | null {
  if (openOutage(incidents)) return null;
  const outage = openIncident({ kind: 'engine', container: null, since, reason: problem });
  return announced(incidents, climb(ENGINE_LADDER, outage, { answers: false, broughtBack: [], now }), now);
}

/**
 * The engine answers; `null`: nobody was told that it did not. Pure.
 *
 * @param broughtBack those that went down meanwhile and are brought back now
 */
export function engineBack(
  incidents: Incidents,
  broughtBack: readonly string[],
  now: number,
): AnnouncedUpdate | null {
  const outage = openOutage(incidents);
  if (!outage) return null;
  return announced(incidents, climb(ENGINE_LADDER, outage, { answers: true, broughtBack, now }), now);
}

const openOutage = (incidents: Incidents): IncidentRecord | undefined =>
  [...incidents.values()].find((incident) => incident.kind === 'engine' && isOpen(incident));

const announced = (incidents: Incidents, { incident, messages }: Climbed, now: number): AnnouncedUpdate => ({
  incidents: withIncident(incidents, incident),
  messages,
  events: messages.map((message) => eventOf(message, now)),
});
