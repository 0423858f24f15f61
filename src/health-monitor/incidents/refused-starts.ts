import type { ContainerRecord } from '../policy/index.js';
import { absorbInto, mayBeAbsorbed } from './attribution.js';
import { climb } from './climb.js';
import type { Conditions } from './condition.js';
import { endIncident } from './end-incident.js';
import type { RefusalFacts } from './facts.js';
import { isOpen, iso, type IncidentRecord } from './incident-record.js';
import type { IncidentUpdate } from './incident-update.js';
import { endedWithin, openIncidentOf, refusedTogether, withIncident, type Incidents } from './incidents.js';
import { REFUSAL_LADDER } from './ladder.js';
import type { Message } from './message.js';
import { openIncident } from './open-incident.js';
import { victimsDown, withVictims, withVictimsBack } from './victims.js';

/** So many that are refused for one cause, within so long, have one problem. */
export const TOGETHER = 3;
const WITHIN_MS = 60_000;

/** Incidents after a start was refused or taken, and who gets its attempts back, being a victim from now on. */
export interface RefusalUpdate extends IncidentUpdate {
  readonly newVictims: readonly string[];
}

/**
 * A start was refused: one that is refused for the cause of an open incident is a victim of it, and the third within a
 * minute opens one. Pure.
 *
 * @param refused with the refusal written down
 * @param stableAfterMs the same within so long after its end is the same problem: nobody is told anew
 */
export function startRefused(
  incidents: Incidents,
  refused: ContainerRecord,
  records: ReadonlyMap<string, ContainerRecord>,
  stableAfterMs: number,
  now: number,
): RefusalUpdate {
  const { refusal } = refused.healing;
  const unchanged: RefusalUpdate = { incidents, messages: [], newVictims: [] };
  if (refusal === null) return unchanged;
  const open = refusedTogether(incidents, refused);
  const last = lastEndedFor(incidents, refusal.cause);
  const newVictims = open === undefined ? refusedSince(records, refused, last, now) : [refused.name];
  if (open === undefined && newVictims.length < TOGETHER) return unchanged;
  const incident =
    open ??
    reopened(last, stableAfterMs, now) ??
    openIncident({
      kind: 'refused-starts',
      container: null,
      since: now,
      reason: refusal.words,
      refusedFor: refusal.cause,
      known: incidents,
    });
  const joined = newVictims.reduce(
    (known, name) => withVictim(known, incident.id, name, now),
    withIncident(incidents, incident),
  );
  const facts: RefusalFacts = { kind: 'refused', containers: newVictims, words: refusal.words, now };
  const climbed = climb(REFUSAL_LADDER, joined.get(incident.id)!, facts);
  return { incidents: withIncident(joined, climbed.incident), messages: climbed.messages, newVictims };
}

/** A start of one of its victims was taken: the problem is over, and the others are started in order. Pure. */
export function startTaken(incidents: Incidents, name: string, now: number): IncidentUpdate {
  const open = [...incidents.values()].find(
    (incident) => incident.refusedFor !== null && isOpen(incident) && victimsDown(incident).includes(name),
  );
  return open === undefined ? { incidents, messages: [] } : over(incidents, open, name, now);
}

/**
 * Follows who is still kept down by them, and ends those that no check shows any more: a victim is up by another's hand,
 * or none is left that should be. Pure.
 */
export function updateRefusedStarts(
  incidents: Incidents,
  conditions: Conditions,
  now: number,
): IncidentUpdate {
  let updated = incidents;
  const messages: Message[] = [];
  for (const before of incidents.values()) {
    if (before.refusedFor === null || !isOpen(before)) continue;
    const incident = withoutThoseElsewhere(before, conditions, now);
    updated = withIncident(updated, incident);
    const victims = victimsDown(incident).map((name) => conditions.get(name));
    const up = victims.find((victim) => victim?.record.life.up === true);
    const isAnyLeft = victims.some((victim) => victim !== undefined && !victim.leftOnPurpose);
    if (up !== undefined) {
      const ended = over(updated, incident, up.name, now);
      updated = ended.incidents;
      messages.push(...ended.messages);
    } else if (!isAnyLeft)
      updated = withIncident(updated, endIncident(withVictimsBack(incident, now), now, 'person'));
  }
  return { incidents: updated, messages };
}

/** Who is refused for another reason by now has a problem of its own. */
function withoutThoseElsewhere(
  incident: IncidentRecord,
  conditions: Conditions,
  now: number,
): IncidentRecord {
  const isElsewhere = (name: string): boolean => {
    const refusal = conditions.get(name)?.record.healing.refusal ?? null;
    return refusal !== null && refusal.cause !== incident.refusedFor;
  };
  return victimsDown(incident).some(isElsewhere) ? withVictimsBack(incident, now, isElsewhere) : incident;
}

function over(incidents: Incidents, incident: IncidentRecord, started: string, now: number): IncidentUpdate {
  const containers = victimsDown(incident).filter((name) => name !== started);
  const facts: RefusalFacts = { kind: 'taken', containers, words: incident.cause.reason, now };
  const climbed = climb(REFUSAL_LADDER, withVictimsBack({ ...incident, helpedBy: 'attempt' }, now), facts);
  return { incidents: withIncident(incidents, climbed.incident), messages: climbed.messages };
}

/** Who was refused for the same cause within the last minute, and not before the latest incident of it was over. */
function refusedSince(
  records: ReadonlyMap<string, ContainerRecord>,
  refused: ContainerRecord,
  last: IncidentRecord | undefined,
  now: number,
): readonly string[] {
  const from = Math.max(now - WITHIN_MS, last?.resolvedAt ? Date.parse(last.resolvedAt) + 1 : 0);
  const others = [...records.values()].filter(
    ({ name, life, healing: { refusal } }) =>
      name !== refused.name &&
      life.absentSince === null &&
      refusal !== null &&
      refusal.cause === refused.healing.refusal?.cause &&
      refusal.at >= from,
  );
  return [...others.map(({ name }) => name), refused.name];
}

const lastEndedFor = (incidents: Incidents, cause: string): IncidentRecord | undefined =>
  [...incidents.values()].findLast((incident) => incident.refusedFor === cause && !isOpen(incident));

/** People know of it what they knew. */
function reopened(
  last: IncidentRecord | undefined,
  stableAfterMs: number,
  now: number,
): IncidentRecord | undefined {
  return last !== undefined && endedWithin(last, stableAfterMs, now)
    ? { ...last, reopenedAt: iso(now), resolvedAt: null, endedBy: null, since: now }
    : undefined;
}

/** With this one among its victims; what people had no message of becomes part of it. */
export function withVictim(
  incidents: Incidents,
  id: string,
  name: string,
  now: number,
  since = now,
): Incidents {
  const own = openIncidentOf(incidents, name);
  const victim = { container: name, from: own?.openedAt ?? iso(since), to: null };
  if (own !== undefined && mayBeAbsorbed(own))
    return absorbInto(incidents, own, incidents.get(id)!, victim, now);
  return withIncident(incidents, withVictims(incidents.get(id)!, [victim]));
}
