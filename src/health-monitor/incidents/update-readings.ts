import { endIncident } from './end-incident.js';
import { climb } from './climb.js';
import type { ReadingFacts } from './facts.js';
import { isOpen, type IncidentRecord } from './incident-record.js';
import type { IncidentUpdate } from './incident-update.js';
import { openOfKind, withIncident, type Incidents } from './incidents.js';
import { READING_LADDER } from './ladder.js';
import type { Message } from './message.js';
import { openIncident } from './open-incident.js';

/** A container that the engine lists and cannot show. */
export interface UnreadableNow extends Pick<ReadingFacts, 'container' | 'words' | 'listed'> {
  readonly since: number;
}

/**
 * Follows which containers the engine cannot show: one incident each. Pure.
 *
 * @param unreadable all that cannot be shown now, so that people are to know it
 * @param isThere whether a container is there at all: with one that is gone its incident ends in silence
 */
export function updateReadings(
  incidents: Incidents,
  unreadable: readonly UnreadableNow[],
  isThere: (name: string) => boolean,
  now: number,
): IncidentUpdate {
  let updated = incidents;
  const messages: Message[] = [];
  const follow = (incident: IncidentRecord, facts: ReadingFacts): void => {
    const climbed = climb(READING_LADDER, incident, facts);
    if (climbed.messages.length > 0) updated = withIncident(updated, climbed.incident);
    messages.push(...climbed.messages);
  };
  for (const { container, since, words, listed } of unreadable) {
    const incident =
      openOfKind(updated, 'unreadable', container) ??
      openIncident({ kind: 'unreadable', container, since, reason: words, known: updated });
    follow(incident, { kind: 'unreadable', container, words, listed, now });
  }
  const names = new Set(unreadable.map(({ container }) => container));
  for (const incident of incidents.values()) {
    const { container, reason: words } = incident.cause;
    if (incident.kind !== 'unreadable' || !isOpen(incident)) continue;
    if (container === null || names.has(container)) continue;
    if (isThere(container)) follow(incident, { kind: 'readable', container, words, listed: '', now });
    else updated = withIncident(updated, endIncident(incident, now, 'itself'));
  }
  return { incidents: updated, messages };
}
