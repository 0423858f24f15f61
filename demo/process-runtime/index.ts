export { ProcessRuntime } from './process-runtime.js';
export { type ServiceSpec } from './service-spec.js';
