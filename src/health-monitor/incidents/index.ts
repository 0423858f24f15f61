export type { Condition, Trouble } from './condition.js';
export { deadlinesOf } from './deadlines.js';
export { engineBack, engineLost } from './engine-outage.js';
export { EVIDENCE_LOG_LINES, evidenceOf } from './evidence.js';
export { findTrouble, isLeftOnPurpose } from './find-trouble.js';
export { incidentView, isOpen, isShown, type IncidentRecord, type Stage } from './incident-record.js';
export { forgetOldIncidents, notePerson, type Incidents } from './incidents.js';
export { maskSecrets } from './mask-secrets.js';
export type { Message } from './message.js';
export { endedByItself } from './messages.js';
export { readableText } from './readable-text.js';
export { readIncident } from './read-incident.js';
export { updateIncidents, type IncidentUpdate } from './update-incidents.js';
export {
  isLeakRestartDue,
  noteLeakRestart,
  updateLeaks,
  type AnnouncedUpdate,
  type LeakChange,
} from './update-leaks.js';
