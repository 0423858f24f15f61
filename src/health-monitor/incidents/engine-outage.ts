import type { EngineFacts } from './facts.js';
import { climb, type Climbed } from './climb.js';
import type { IncidentRecord } from './incident-record.js';
import { announced, type AnnouncedUpdate } from './incident-update.js';
import { openOfKind, withIncident, type Incidents } from './incidents.js';
import { ENGINE_LADDER } from './ladder.js';
import { openIncident } from './open-incident.js';

/** Checks fail; `null`: people know that, perhaps from an earlier process. Pure. */
export function engineLost(
  incidents: Incidents,
  since: number,
  problem: string,
  by: EngineFacts['by'],
  now: number,
): AnnouncedUpdate | null {
  if (openOutage(incidents)) return null;
  const outage = openIncident({ kind: 'engine', container: null, since, reason: problem, known: incidents });
  return updated(incidents, climb(ENGINE_LADDER, outage, { kind: 'lost', by, broughtBack: [], now }), now);
}

/**
 * Checks succeed; `null`: people had no message that they did not. Pure.
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
  return updated(
    incidents,
    climb(ENGINE_LADDER, outage, { kind: 'back', by: 'engine', broughtBack, now }),
    now,
  );
}

const openOutage = (incidents: Incidents): IncidentRecord | undefined =>
  openOfKind(incidents, 'engine', null);

const updated = (incidents: Incidents, { incident, messages }: Climbed, now: number): AnnouncedUpdate =>
  announced({ incidents: withIncident(incidents, incident), messages }, now);
