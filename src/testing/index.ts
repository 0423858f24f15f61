export { InMemoryRuntime, type Act, type InMemoryRuntimeOptions } from './in-memory-runtime.js';
export { type Call } from './engine-connection.js';
export { type CommandScript } from './in-memory-engine.js';
export { type ContainerSpec } from './in-memory-container.js';
export { type StartBehaviour } from './start-script.js';
export { ManualClock } from './manual-clock.js';
