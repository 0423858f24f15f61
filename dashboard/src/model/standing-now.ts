import { standingOf, statusOfCause, type Causes, type Incident, type Standing } from '../client.js';

/** How an incident stands. During an outage of the engine nobody knows whether its container still runs. */
export const standingNow = (incident: Incident, causes: Causes, outage: boolean): Standing => {
  const isHidden = outage && incident.cause.external === undefined;
  return standingOf(incident, isHidden ? undefined : statusOfCause(incident, causes));
};
