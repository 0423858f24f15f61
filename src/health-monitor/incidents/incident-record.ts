import type { Incident, NotificationType } from '../../common/events/index.js';

/**
 * How much people know of an incident:
 *
 * - `hidden`: nothing, since it may yet turn out to be a victim of another
 * - `shown`: pages show it, and no message was sent
 * - `opened`, `worsened`, `ended`: the latest message said so
 *
 * Whether it is over is another matter (`isOpen`): one that is healed by an attempt stays `shown`, and one that is
 * reopened stays where it was.
 */
export const STAGES = ['hidden', 'shown', 'opened', 'worsened', 'ended'] as const;
export type Stage = (typeof STAGES)[number];

/** An incident with our own book-keeping. Times are milliseconds since 1970. */
export interface IncidentRecord extends Omit<Incident, 'status' | 'host'> {
  /** Since when its cause is in trouble. */
  readonly since: number;
  /** Since when its cause has been ready again, without a break. */
  readonly backAt: number | null;
  readonly stage: Stage;
  /** The messages that people had of it, oldest first. */
  readonly sent: readonly NotificationType[];
  /** Who did something about its cause, a person before an attempt of ours. Of a leak: whether we restarted it. */
  readonly helpedBy: 'person' | 'attempt' | null;
  /** When the latest attempt that is counted was made. */
  readonly attemptAt: number | null;
  /** Of refused starts: the cause that they have in common. */
  readonly refusedFor: string | null;
  /** Of a file system: since when starts are withheld for want of space, or when one was last tried; `null`: none is withheld. */
  readonly withheldFrom: number | null;
}

declare module '../../common/store/health-store.js' {
  interface Collections {
    incident: IncidentRecord;
  }
}

export const isOpen = ({ resolvedAt }: Pick<IncidentRecord, 'resolvedAt'>): boolean => resolvedAt === null;

/** Whether people see it. */
export const isShown = ({ stage }: Pick<IncidentRecord, 'stage'>): boolean => stage !== 'hidden';

/** What people and pages see of it. */
export function incidentView(incident: IncidentRecord): Incident {
  const { id, kind, openedAt, reopenedAt, resolvedAt, endedBy, cause } = incident;
  const { attempts, failedAttempt, victims, timeline } = incident;
  const status = isOpen(incident) ? 'open' : 'resolved';
  return {
    id,
    kind,
    status,
    openedAt,
    ...(reopenedAt === undefined ? {} : { reopenedAt }),
    resolvedAt,
    endedBy,
    cause,
    attempts,
    failedAttempt,
    victims,
    timeline,
  };
}

/** ISO 8601. */
export const iso = (at: number): string => new Date(at).toISOString();
