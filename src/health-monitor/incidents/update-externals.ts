import type { ExternalRecord } from '../policy/index.js';
import { climb, type Climbed } from './climb.js';
import type { Scene } from './attribution.js';
import { endIncident } from './end-incident.js';
import type { ExternalFacts } from './facts.js';
import { isOpen, type IncidentRecord } from './incident-record.js';
import { announced, type AnnouncedUpdate } from './incident-update.js';
import { endedWithin, lastExternalOf, openExternalOf, withIncident, type Incidents } from './incidents.js';
import { EXTERNAL_LADDER } from './ladder.js';
import type { Message } from './message.js';
import { openIncident, reopenIncident } from './open-incident.js';
import { areVictimsBack, withVictimsBack, withVictimsNow } from './victims.js';
import { isWaitedFor } from './waited-for.js';

/** An external as it is now. */
export interface ExternalNow extends Pick<ExternalFacts, 'name' | 'dependents'> {
  readonly record: ExternalRecord;
}

/**
 * Follows externals: one that is down, or does not get ready for long, has one incident, which its victims are part of. It
 * is over in `followExternal`. Pure.
 *
 * @param stableAfterMs one that goes down again this soon after the end of its incident reopens it
 */
export function updateExternals(
  incidents: Incidents,
  externals: readonly ExternalNow[],
  stableAfterMs: number,
  now: number,
): AnnouncedUpdate {
  let updated = incidents;
  const messages: Message[] = [];
  for (const external of externals) {
    const { record } = external;
    const open = openExternalOf(updated, record.id);
    if (isAway(record, now)) {
      const incident = open ?? begun(updated, external, stableAfterMs, now);
      const climbed = climb(EXTERNAL_LADDER, withBackAt(incident, null), factsOf(external, now));
      updated = withIncident(updated, climbed.incident);
      messages.push(...climbed.messages);
    } else if (open !== undefined)
      updated = withIncident(updated, withBackAt(open, backAt(record, open, now)));
  }
  return announced({ incidents: updated, messages }, now);
}

const isAway = ({ health, patienceUntil }: ExternalRecord, now: number): boolean =>
  health === 'failed' || (health === 'not-yet' && patienceUntil !== null && now >= patienceUntil);

/** It may have been away since it last worked: whoever went down after that is its victim. */
function begun(
  incidents: Incidents,
  { record, name }: ExternalNow,
  stableAfterMs: number,
  now: number,
): IncidentRecord {
  const { id, health, sentence: reason, since: failedSince, workedAt } = record;
  const since = health === 'failed' ? (workedAt ?? failedSince) : failedSince;
  const last = lastExternalOf(incidents, id);
  if (last !== undefined && endedWithin(last, stableAfterMs, now))
    return { ...reopenIncident(last, { kind: last.kind, reason, since }, null), since };
  return openIncident({
    kind: 'external',
    container: null,
    external: { id, name },
    since,
    reason,
    known: incidents,
  });
}

const backAt = ({ health, backSince }: ExternalRecord, { backAt }: IncidentRecord, now: number) =>
  health === 'ok' ? (backAt ?? backSince ?? now) : null;

const withBackAt = (incident: IncidentRecord, at: number | null): IncidentRecord =>
  incident.backAt === at ? incident : { ...incident, backAt: at };

const factsOf = ({ record, name, dependents }: ExternalNow, now: number): ExternalFacts => ({
  kind: 'down',
  id: record.id,
  name,
  sentence: record.sentence,
  isNotReady: record.health === 'not-yet',
  hasNeverWorked: record.health === 'failed' && record.workedAt === null,
  dependents,
  victimsAreBack: false,
  now,
});

/**
 * Follows the victims of an external, and ends its incident when it and they are back; in silence, when nobody asks it any
 * more. Pure.
 */
export function followExternal(
  incident: IncidentRecord,
  incidents: Incidents,
  { conditions, now, externals }: Scene,
): Climbed {
  const id = incident.cause.external ?? '';
  const name = externals?.nameOf(id) ?? null;
  if (name === null)
    return { incident: withVictimsBack(endIncident(incident, now, 'person'), now), messages: [] };
  const found = withVictimsNow(incident, conditions, now);
  const { victims } = found;
  const waitedFor = {
    victims: victims.filter(({ container }) => isWaitedFor(container, found, conditions, incidents)),
  };
  const climbed = climb(EXTERNAL_LADDER, found, {
    kind: 'back',
    id,
    name,
    sentence: '',
    isNotReady: false,
    hasNeverWorked: false,
    dependents: [],
    victimsAreBack: areVictimsBack(waitedFor, conditions, incidents),
    now,
  });
  if (isOpen(climbed.incident)) return climbed;
  return { ...climbed, incident: withVictimsBack(climbed.incident, now) };
}
