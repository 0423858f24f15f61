import { climb, type Climbed } from './climb.js';
import type { EngineFacts } from './facts.js';
import type { IncidentRecord } from './incident-record.js';
import type { AnnouncedUpdate, IncidentUpdate } from './incident-update.js';
import { openOfKind, withIncident, type Incidents } from './incidents.js';
import { ENGINE_LADDER } from './ladder.js';
import { eventOf } from './message.js';
import { checkFailed, checkSucceeded, engineReachable, engineUnreachable } from './messages.js';
import { openIncident } from './open-incident.js';

/** Checks that fail. Times are milliseconds since 1970. */
export interface Outage extends Pick<EngineFacts, 'by' | 'lasts' | 'now'> {
  readonly since: number;
  readonly problem: string;
}

/**
 * Checks fail: an event at once, and a message when it lasts; `null`: all know that, perhaps from an earlier process.
 * Pure.
 */
export function engineLost(
  incidents: Incidents,
  { since, problem, by, lasts, now }: Outage,
): AnnouncedUpdate | null {
  const known = openOutage(incidents);
  const lost = { kind: 'lost', lasts, broughtBack: [], now } as const;
  if (known !== undefined) {
    // What people were not told at once is the engine's, whoever fails now.
    const climbed = climb(ENGINE_LADDER, known, { ...lost, by: 'engine' });
    return climbed.incident === known ? null : { ...updated(incidents, climbed), events: [] };
  }
  const outage = openIncident({ kind: 'engine', container: null, since, reason: problem, known: incidents });
  const facts = { ...lost, by };
  const event = by === 'engine' ? engineUnreachable(facts, outage) : checkFailed(facts, outage);
  return { ...updated(incidents, climb(ENGINE_LADDER, outage, facts)), events: [eventOf(event, now)] };
}

/**
 * Checks succeed: an event, and a message where people were told that they did not; `null`: they did before. Pure.
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
  const facts = { kind: 'back', by: 'engine', lasts: false, broughtBack, now } as const;
  const wasOurs = outage.sent.includes('monitor.check_failed');
  const event = wasOurs ? checkSucceeded(facts, outage) : engineReachable(facts, outage);
  return { ...updated(incidents, climb(ENGINE_LADDER, outage, facts)), events: [eventOf(event, now)] };
}

const openOutage = (incidents: Incidents): IncidentRecord | undefined =>
  openOfKind(incidents, 'engine', null);

const updated = (incidents: Incidents, { incident, messages }: Climbed): IncidentUpdate => ({
  incidents: withIncident(incidents, incident),
  messages,
});
