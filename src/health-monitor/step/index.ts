export type { Act } from './act.js';
export { deadlinesOf, type Deadline } from './deadlines.js';
export type { EngineState } from './engine-state.js';
export type { Checked, Fact, FactOf, Request } from './fact.js';
export { NOTHING_KNOWN, type Batch, type HostRecord, type MonitorState } from './monitor-state.js';
export type { Inspected, Observation } from './observation.js';
export { NO_ACTS, wasActedOn, type ActUnderWay, type EndedAct, type OwnActs } from './own-acts.js';
export type { Setting } from './setting.js';
export { step, type Step } from './step.js';
