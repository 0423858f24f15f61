import type { HealthEvent } from './health-event.js';

/** What was found at the time of a death or a failed check. Secrets in the log are masked. */
export interface Evidence {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly oomKilled: boolean;
  /** Output of the last health check. */
  readonly health: string | null;
  /** Its last lines, oldest first, at most 20. */
  readonly log: readonly string[];
  readonly at: string;
}

export type IncidentKind =
  'down' | 'unhealthy' | 'crash-loop' | 'leak' | 'unreadable' | 'refused-starts' | 'engine';

/** A container that went down or unhealthy because of the cause. Times are ISO 8601. */
export interface Victim {
  readonly container: string;
  readonly from: string;
  readonly to: string | null;
}

/** One problem with one cause, from its first sign to its end. Times are ISO 8601. */
export interface Incident {
  readonly id: string;
  readonly kind: IncidentKind;
  readonly status: 'open' | 'resolved';
  readonly openedAt: string;
  readonly resolvedAt: string | null;
  readonly endedBy: 'attempt' | 'itself' | 'person' | 'dependency' | null;
  readonly cause: {
    /** `null`: the engine itself. */
    readonly container: string | null;
    readonly reason: string;
    readonly evidence: Evidence | null;
  };
  readonly victims: readonly Victim[];
  /** What was seen, decided and done, oldest first; the latest 100. */
  readonly timeline: readonly HealthEvent[];
}
