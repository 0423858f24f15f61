import { inWords, listed } from '../policy/index.js';
import { TOLD_NOTHING, type IncidentRecord } from './incident-record.js';
import type { Notice } from './notice.js';

/** The engine does not answer: an incident whose cause is no container. */
export function openEngineIncident(
  since: number,
  problem: string,
): { incident: IncidentRecord; notice: Notice } {
  const at = new Date(since).toISOString();
  const incident: IncidentRecord = {
    id: `${since.toString(36)}-engine`,
    kind: 'engine',
    status: 'open',
    openedAt: at,
    resolvedAt: null,
    endedBy: null,
    cause: { container: null, reason: problem, evidence: null },
    victims: [],
    timeline: [],
    since,
    backAt: null,
    announced: true,
    told: { ...TOLD_NOTHING, opened: 'engine.unreachable' },
    attempted: false,
    helped: false,
  };
  return {
    incident,
    notice: {
      type: 'engine.unreachable',
      level: 'error',
      title: 'Podman does not answer',
      message: `${problem} Nothing is decided and nothing is restarted until it answers.`,
      container: null,
      incidentId: incident.id,
      details: { incident_id: incident.id, reason: problem },
    },
  };
}

/** It answers again; `found` are those that went down meanwhile and are brought back now. */
export function closeEngineIncident(
  open: IncidentRecord,
  found: readonly string[],
  now: number,
): { incident: IncidentRecord; notice: Notice } {
  const incident: IncidentRecord = {
    ...open,
    status: 'resolved',
    resolvedAt: new Date(now).toISOString(),
    endedBy: 'itself',
    backAt: now,
    told: { ...open.told, ended: 'engine.reachable' },
  };
  const healed =
    found.length === 0 ? 'Nothing went down meanwhile.' : `Found down and being started: ${listed(found)}.`;
  return {
    incident,
    notice: {
      type: 'engine.reachable',
      level: 'info',
      title: 'Podman answers again',
      message: `It was away for ${inWords(now - open.since)}. ${healed}`,
      container: null,
      incidentId: incident.id,
      details: { incident_id: incident.id },
    },
  };
}
