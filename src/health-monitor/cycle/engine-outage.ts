import type { EventDraft } from '../../common/events/index.js';
import { closeEngineIncident, openEngineIncident, type IncidentRecord } from '../incidents/index.js';
import { meaningOf, type Decision } from '../policy/index.js';
import type { MonitorState } from './monitor-state.js';
import type { Step } from './state-keeper.js';

const openOutage = ({ incidents }: Pick<MonitorState, 'incidents'>): IncidentRecord | undefined =>
  [...incidents.values()].find(({ kind, status }) => kind === 'engine' && status === 'open');

/** The step that tells of an outage; `null`: people know of it, from an earlier process. */
export function outageBegins(state: MonitorState, since: number, problem: string, now: number): Step | null {
  if (openOutage(state)) return null;
  const { incident, notice } = openEngineIncident(since, problem);
  const event: EventDraft = {
    type: 'engine.unreachable',
    at: new Date(now).toISOString(),
    data: { reason: problem, incidentId: incident.id },
  };
  return { state: withIncident(state, incident), events: [event], notices: [notice] };
}

/** Adds to a step, the first one after an outage, that it is over, and who is brought back now. */
export function outageEnds(step: Step, decisions: ReadonlyMap<string, Decision>, now: number): Step {
  const open = openOutage(step.state);
  if (!open) return step;
  const found = [...decisions].filter(([, decision]) => meaningOf(decision).bringsBack).map(([name]) => name);
  const { incident, notice } = closeEngineIncident(open, found, now);
  const event: EventDraft = {
    type: 'engine.reachable',
    at: new Date(now).toISOString(),
    data: { reason: notice.message, incidentId: incident.id },
  };
  return {
    ...step,
    state: withIncident(step.state, incident),
    events: [...(step.events ?? []), event],
    notices: [...(step.notices ?? []), notice],
  };
}

const withIncident = (state: MonitorState, incident: IncidentRecord): MonitorState => ({
  ...state,
  incidents: new Map(state.incidents).set(incident.id, incident),
});
