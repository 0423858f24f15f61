/** What a person is told; each is also a webhook of its `type`. */
export const NOTIFICATION_TYPES = [
  'container.down',
  'container.restart_failed',
  'container.given_up',
  'container.crash_loop',
  'container.unhealthy',
  'container.flapping',
  'container.stuck',
  'container.recovered',
  'container.stopped',
  'container.intent_unknown',
  'container.unreadable',
  'container.readable',
  'memory.leak',
  'memory.leak_urgent',
  'memory.leak_cleared',
  'external.down',
  'external.up',
  'engine.unreachable',
  'engine.reachable',
  'host.unreachable',
  'host.reachable',
  'engine.refuses_starts',
  'engine.starts_again',
  'host.disk',
  'host.disk_ok',
  'host.memory_pressure',
  'host.memory_ok',
  'host.clock',
  'host.clock_ok',
  'monitor.check_failed',
  'monitor.check_succeeded',
  'monitor.network_doubted',
  'webhook.disabled',
  'store.degraded',
  'store.recovered',
] as const;
export type NotificationType = (typeof NOTIFICATION_TYPES)[number];
export type NotificationLevel = 'info' | 'warning' | 'error';

/** A sentence for people. */
export interface Notification {
  /** `health-<app id>-<unix seconds>`, then `-2` and so on for further ones in the same second. */
  readonly id: string;
  readonly level: NotificationLevel;
  readonly title: string;
  readonly message: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly appId?: string;
  /** The host that it is about; left out where that is the local one. */
  readonly host?: string;
  readonly type: NotificationType;
  readonly read: boolean;
  readonly incidentId?: string;
}

/** An end, as `details` has it. Without its log, which is in the incident. */
export interface EndDetails {
  readonly reason: string;
  /** ISO 8601. */
  readonly at?: string;
  readonly exit_code?: number;
  readonly oom_killed?: boolean;
}

/** What a machine is told beside a notification; the webhook body's `details`. */
export interface NotificationDetails {
  /** Its name; `HOST/NAME` of one on another host. */
  readonly container?: string;
  /** Id of an external. */
  readonly external?: string;
  /** The host that it is about; left out where that is the local one. */
  readonly host?: string;
  readonly app_id?: string;
  readonly state?: string;
  readonly attempt?: number;
  readonly tier?: string;
  readonly exit_code?: number;
  readonly oom_killed?: boolean;
  readonly incident_id?: string;
  /** How the incident began: the first death. `exit_code` beside it is the latest one's. */
  readonly cause?: EndDetails;
  /** Why the latest attempt to bring it back failed. */
  readonly failed_attempt?: EndDetails & { readonly attempt: number };
  readonly reason?: string;
  /** Where the file system that it is about is mounted, and how much of it is free. */
  readonly mount?: string;
  readonly size_bytes?: number;
  readonly free_bytes?: number;
}
