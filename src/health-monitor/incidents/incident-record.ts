import type { Incident, NotificationType } from '../../common/events/index.js';

/** Which of the three messages of a problem people have had. */
export interface Told {
  readonly opened: NotificationType | null;
  readonly worsened: NotificationType | null;
  readonly ended: NotificationType | null;
}

export const TOLD_NOTHING: Told = { opened: null, worsened: null, ended: null };

/** An incident with our own book-keeping. Times are milliseconds since 1970. */
export interface IncidentRecord extends Incident {
  /** Since when its cause is in trouble. */
  readonly since: number;
  /** Since when its cause has been ready again, without a break. */
  readonly backAt: number | null;
  /** Shown to people. One that may turn out to be a victim of another is not, for its first seconds. */
  readonly announced: boolean;
  readonly told: Told;
  /** We made an attempt on its cause. */
  readonly attempted: boolean;
  /** A person started, stopped or re-armed its cause. */
  readonly helped: boolean;
}

declare module '../../common/store/health-store.js' {
  interface Collections {
    incident: IncidentRecord;
  }
}

/** What people and pages see of it. */
export function incidentView({
  since: _since,
  backAt: _backAt,
  announced: _announced,
  told: _told,
  attempted: _attempted,
  helped: _helped,
  ...incident
}: IncidentRecord): Incident {
  return incident;
}
