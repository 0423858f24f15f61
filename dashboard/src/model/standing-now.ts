import { standingOf, type ContainerView, type Incident, type Standing } from '../client.js';

/** How an incident stands. During an outage nobody knows whether its container still runs. */
export const standingNow = (incident: Incident, view: ContainerView | null, outage: boolean): Standing =>
  standingOf(incident, outage ? undefined : view?.status);
