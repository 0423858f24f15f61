import type { HealthEvent } from './health-event.js';

/** Why an attempt to bring a container back failed. Times are ISO 8601. */
export interface FailedAttempt {
  /** Which one it was, of all in its incident, from 1. */
  readonly attempt: number;
  readonly at: string;
  /** "It could not start again: exit 1.", or the engine's own words. */
  readonly reason: string;
  /** Of the end that it led to; `null`: it was not begun. */
  readonly evidence: Evidence | null;
}

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

/** Every kind that there is. */
export const INCIDENT_KINDS = [
  'down',
  'unhealthy',
  'flapping',
  'crash-loop',
  'leak',
  'unreadable',
  'refused-starts',
  'external',
  'engine',
  'disk',
  'disk-full',
  'disk-read-only',
  'memory-pressure',
  'clock',
] as const;

/**
 * What an incident is about. Of the machine: `disk`, little space or soon none; `disk-full`, starts are withheld for want
 * of it; `disk-read-only`; `memory-pressure`; `clock`. One of the first three becomes another of them as it goes on.
 */
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** A container that went down or unhealthy because of the cause. Times are ISO 8601. */
export interface Victim {
  readonly container: string;
  readonly from: string;
  readonly to: string | null;
}

/** One problem with one cause, from its first sign to its end. Times are ISO 8601. */
export interface Incident {
  readonly id: string;
  /** The host on which its cause is; left out where that is the local one. */
  readonly host?: string;
  readonly kind: IncidentKind;
  readonly status: 'open' | 'resolved';
  readonly openedAt: string;
  /** When it last began again, after it had been over for a short while. Left out: it never did. */
  readonly reopenedAt?: string;
  readonly resolvedAt: string | null;
  readonly endedBy: 'attempt' | 'itself' | 'person' | 'dependency' | null;
  /** How it began: the first death or failing check. What came of attempts is never part of it. */
  readonly cause: {
    /** Its name, `HOST/NAME` of one on another host; `null`: the engine itself, or what is named beside it. */
    readonly container: string | null;
    /** Id of the external. Left out: it is none. */
    readonly external?: string;
    /** What people call that external. */
    readonly name?: string;
    /** What of the machine it is: where the file system is mounted, `memory` or `clock`. Left out: it is none of that. */
    readonly machine?: string;
    readonly reason: string;
    readonly evidence: Evidence | null;
  };
  /** How often we tried to bring its cause back. */
  readonly attempts: number;
  /** Why the latest of these attempts failed, while the cause has not come back; `null`: it has, or none has failed. */
  readonly failedAttempt: FailedAttempt | null;
  readonly victims: readonly Victim[];
  /** What was seen, decided and done, oldest first; the latest 100. */
  readonly timeline: readonly HealthEvent[];
}

/**
 * Where an incident stands:
 *
 * - `wrong`: something is wrong now
 * - `up-again`: its container is well, or its external works, and that is watched until it has lasted
 * - `soon`: nothing is wrong yet: a leak, little space
 * - `over`: it is resolved
 */
export type Standing = 'wrong' | 'up-again' | 'soon' | 'over';

/** How many incidents are open; the others add up to that. */
export interface OpenIncidents {
  readonly open: number;
  readonly wrong: number;
  readonly upAgain: number;
  readonly soon: number;
}
