export { Clock } from './common/clock/index.js';
export type {
  ContainerDetailView,
  ContainerEventData,
  ContainerState,
  ContainerView,
  Evidence,
  ExitView,
  Health,
  HealthEvent,
  HealthEventData,
  HealthEventType,
  HealthStatus,
  HoldView,
  Incident,
  IncidentKind,
  MemorySample,
  MemoryTick,
  MemoryTrend,
  MemoryView,
  Notification,
  NotificationDetails,
  NotificationLevel,
  NotificationType,
  Owner,
  RuleOrigin,
  RuleView,
  Status,
  StatusSpan,
  Tier,
  Victim,
  Wish,
} from './common/events/index.js';

export {
  HealthMonitorModule,
  type HealthMonitorAsyncOptions,
} from './health-monitor/health-monitor.module.js';
export { HealthMonitorService, type StopPreview } from './health-monitor/health-monitor.service.js';
export { MemoryLeakService } from './health-monitor/memory/index.js';
export {
  HEALTH_MONITOR_OPTIONS,
  HealthMonitorOptionsError,
  type Access,
  type Authenticator,
  type ContainerRules,
  type Handshake,
  type HealthMonitorExtras,
  type HealthMonitorOptions,
  type Principal,
  type ResolvedOptions,
  type WebhookEndpoint,
} from './common/options/index.js';
export {
  RestartPolicy,
  type ContainerRecord,
  type Decision,
  type DecisionCode,
  type Rules,
  type Situation,
  type Surroundings,
} from './health-monitor/policy/index.js';
export {
  ContainerRuntime,
  RuntimeError,
  type CallOptions,
  type Container,
  type EngineEvent,
  type EngineEventAction,
  type EngineInfo,
  type EngineRestartPolicy,
  type EventOptions,
  type ExitHint,
  type HealthCheck,
  type ListedContainer,
  type MemoryReading,
  type RuntimeErrorKind,
  type StopOptions,
} from './health-monitor/runtime/index.js';
export {
  EventStream,
  HealthStore,
  type Collections,
  type EventQuery,
  type StateChange,
  type StoreStatus,
} from './common/store/index.js';
export { NotificationsService } from './notifications/index.js';
export {
  WebhookService,
  type DeliveryView,
  type NewWebhook,
  type WebhookChange,
  type WebhookView,
} from './webhooks/index.js';
