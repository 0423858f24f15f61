export type { Condition, Trouble } from './condition.js';
export { EVIDENCE_LOG_LINES, evidenceOf } from './evidence.js';
export { findTrouble, isLeftOnPurpose } from './find-trouble.js';
export { incidentView, TOLD_NOTHING, type IncidentRecord, type Told } from './incident-record.js';
export { maskSecrets } from './mask-secrets.js';
export type { Notice } from './notice.js';
export { endedByItself } from './notices.js';
export {
  BEFORE_CAUSE_MS,
  oldIncidents,
  RECOVERED_AFTER_MS,
  updateIncidents,
  type IncidentUpdate,
} from './update-incidents.js';
export { closeEngineIncident, openEngineIncident } from './engine-incident.js';
export { leakNotice, openLeakIncident } from './leak-incident.js';
