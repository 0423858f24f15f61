export * from './external.js';
export * from './options.js';
export * from './probe.js';
export { EgressRules } from './egress-rules.js';
export { hasTopic, splitTopic } from './ntfy-topic.js';
export { HealthMonitorOptionsError } from './options.error.js';
export { DEFAULT_OPTIONS, resolveExtras, resolveOptions } from './resolve-options.js';
export { MOST_PROBE_TIMEOUT_MS, isHttpTarget, isTcpTarget } from './probe.schema.js';
export { WEBHOOK_ID, chooses, isEventFilter, isWebhookSecret } from './webhook-endpoint.js';
