import type { EventDraft } from '../../common/events/index.js';
import type { Incidents } from './incidents.js';
import { eventOf, type Message } from './message.js';

/** Incidents as they are now, and what people are to hear of the way there. */
export interface IncidentUpdate {
  /** The same map as before when nothing changed. */
  readonly incidents: Incidents;
  readonly messages: readonly Message[];
}

/** With the events that say the same to machines. */
export interface AnnouncedUpdate extends IncidentUpdate {
  readonly events: readonly EventDraft[];
}

export const announced = ({ incidents, messages }: IncidentUpdate, now: number): AnnouncedUpdate => ({
  incidents,
  messages,
  events: messages.map((message) => eventOf(message, now)),
});
