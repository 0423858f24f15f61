export {
  connectHealthMonitor,
  type Change,
  type ConnectOptions,
  type HealthMonitorClient,
  type Listener,
} from './connect-health-monitor.js';
export { applyEvent, applyEvents, applyMemory } from './apply-event.js';
export {
  EMPTY_DATA,
  fromSnapshot,
  type Connection,
  type ConnectionStatus,
  type Missed,
  type MonitorData,
  type MonitorState,
} from './monitor-state.js';
export { parseReference, referenceOf } from '../common/reference/index.js';
export {
  causeName,
  countOpen,
  engineInWords,
  probeSentence,
  replicaInWords,
  standingOf,
  statusOfCause,
  type Causes,
} from '../common/standing/index.js';
export type { Hello, Role, Snapshot, SyncReply, SyncRequest } from './wire.js';
export type {
  ContainerDetailView,
  ContainerView,
  Evidence,
  ExternalStatus,
  ExternalView,
  FailedAttempt,
  FileSystemView,
  HealthEvent,
  HealthEventType,
  HealthStatus,
  Incident,
  IncidentKind,
  MachineView,
  MemorySample,
  MemoryTick,
  MemoryTrend,
  MemoryView,
  Notification,
  OpenIncidents,
  ProbeView,
  ReplicaRole,
  ReplicaStatus,
  OnlyReads,
  ReplicaView,
  Standing,
  Status,
  StatusSpan,
  Tier,
} from '../common/events/index.js';
export type {
  DeliveryView,
  NewWebhook,
  WebhookChange,
  WebhookView,
  WebhookWithSecret,
} from '../webhooks/index.js';
