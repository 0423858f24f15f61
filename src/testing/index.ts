export { InMemoryRuntime, type Act, type Call, type InMemoryRuntimeOptions } from './in-memory-runtime.js';
export { type ContainerSpec, type StartBehaviour } from './in-memory-container.js';
export { ManualClock } from './manual-clock.js';
