export { ContainerActor } from './container-actor.js';
export { ContainerObserver } from './container-observer.js';
export { Cycle } from './cycle.js';
export { MemoryWatch } from './memory-watch.js';
export { StateKeeper } from './state-keeper.js';
