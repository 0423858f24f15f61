import { endIncident } from './end-incident.js';
import type { IncidentRecord, Stage } from './incident-record.js';
import type { Message } from './message.js';

/** One step of a ladder. */
export interface Rung<Facts> {
  /** Where an incident stands that may take it. */
  readonly from: readonly Stage[];
  readonly when: (facts: Facts, incident: IncidentRecord) => boolean;
  /** Where it stands then. */
  readonly stage: Stage;
  /** What is sent at it; `null`: nothing. */
  readonly message: ((facts: Facts, incident: IncidentRecord) => Message) | null;
  /** The incident is over with it. Default: false. */
  readonly over?: boolean;
}

/** An incident after a climb, and what is sent on the way. */
export interface Climbed {
  readonly incident: IncidentRecord;
  readonly messages: readonly Message[];
}

/**
 * Lets an incident climb as far as the facts carry it: the rungs are asked in order, each about the incident as the ones
 * before left it. Pure.
 */
export function climb<Facts extends { readonly now: number }>(
  ladder: readonly Rung<Facts>[],
  incident: IncidentRecord,
  facts: Facts,
): Climbed {
  let climbed = incident;
  const messages: Message[] = [];
  for (const { from, when, stage, message, over } of ladder) {
    if (!from.includes(climbed.stage) || !when(facts, climbed)) continue;
    const news = message === null ? [] : [message(facts, climbed)];
    messages.push(...news);
    climbed = { ...climbed, stage, sent: [...climbed.sent, ...news.map(({ type }) => type)] };
    if (over) return { incident: endIncident(climbed, facts.now), messages };
  }
  return { incident: climbed, messages };
}
