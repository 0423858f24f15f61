export type { Condition, Conditions, Trouble } from './condition.js';
export { deadlinesOf } from './deadlines.js';
export { engineBack, engineLost } from './engine-outage.js';
export { EVIDENCE_LOG_LINES, evidenceOf } from './evidence.js';
export { findTrouble, isLeftOnPurpose } from './find-trouble.js';
export { incidentView, isOpen, isShown, type IncidentRecord, type Stage } from './incident-record.js';
export type { AnnouncedUpdate, IncidentUpdate } from './incident-update.js';
export {
  forgetOldIncidents,
  notePersonActed,
  openExternalOf,
  openOfMachine,
  openOnesOfMachine,
  refusedTogether,
  type Incidents,
} from './incidents.js';
export type { Message } from './message.js';
export { endedByItself, intentsUnknown, probesDoubted } from './messages.js';
export {
  noteLastWords,
  noteTestOfSpace,
  startLacksSpace,
  withheldFor,
  withThoseWithheld,
} from './no-space.js';
export { readIncident } from './read-incident.js';
export { startRefused, startTaken, updateRefusedStarts } from './refused-starts.js';
export { updateExternals, type ExternalNow } from './update-externals.js';
export { updateIncidents } from './update-incidents.js';
export { diskStanding, updateMachine } from './update-machine.js';
export { updateReadings, type UnreadableNow } from './update-readings.js';
export {
  isLeakRestartDue,
  noteLeakRestart,
  unnoteLeakRestart,
  updateLeaks,
  type LeakChange,
} from './update-leaks.js';
export { victimsDown } from './victims.js';
