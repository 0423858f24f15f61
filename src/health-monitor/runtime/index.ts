export {
  type Container,
  type EngineEvent,
  type EngineEventAction,
  type EngineInfo,
  type EngineRestartPolicy,
  type Execution,
  type ExitHint,
  type HealthCheck,
  type ListedContainer,
  type MemoryReading,
  type Namespace,
  type Pod,
  type ProbedHealth,
  type Reach,
  type SharedNamespaces,
  type Volume,
} from './container.js';
export {
  ContainerRuntime,
  type ActOptions,
  type CallOptions,
  type EventOptions,
  type StopOptions,
} from './container-runtime.js';
export { byOurClock, checkedByOurClock } from './engine-clock.js';
export { actDeadlineMs } from './act-deadlines.js';
export { RuntimeError, type RuntimeErrorKind } from './runtime-error.js';
export { inParallel } from './in-parallel.js';
export { NOTHING_TOLD } from './nothing-told.js';
export { shiftProbed } from './shift-probed.js';
export { shortId } from './short-id.js';
export {
  EngineEventFeed,
  type EngineEventFeedOptions,
  type EngineEventFeedStatus,
  type EngineEventListener,
} from './engine-event-feed.js';
export { engineName } from './engine-name.js';
export { createEngineRuntime } from './find-engine.js';
export { BuiltInRuntimes, RuntimeFactory } from './runtime-factory.js';
export { parseSize } from './podman/size.js';
