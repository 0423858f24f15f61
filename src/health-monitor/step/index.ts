export type { Act } from './act.js';
export { deadlinesOf, type Deadline } from './deadlines.js';
export { findRecord, isSeenAlready, neededElsewhere, standingOf } from './elsewhere-seen.js';
export type { EngineState } from './engine-state.js';
export type { AskedAs, Checked, Fact, FactOf, Request, Seen, Watched } from './fact.js';
export { changedValues, removedKeys } from './map-changes.js';
export { POLICY_FAILED } from './guarded-policy.js';
export { NOTHING_KNOWN, type Batch, type HostRecord, type MonitorState } from './monitor-state.js';
export type { Inspected, Observation, UnreadableContainer } from './observation.js';
export {
  NO_ACTS,
  wasActedOn,
  wasStoppedByUs,
  type ActUnderWay,
  type EndedAct,
  type OwnActs,
} from './own-acts.js';
export type { Setting } from './setting.js';
export type { Renames } from './renames.js';
export { viewExternals } from './view-external.js';
export { step, type Step } from './step.js';
export { viewMachine } from './view-machine.js';
