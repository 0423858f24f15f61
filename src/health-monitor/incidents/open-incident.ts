import type { Evidence, IncidentKind } from '../../common/events/index.js';
import type { Trouble } from './condition.js';
import { iso, type IncidentRecord } from './incident-record.js';

interface Opening {
  readonly kind: IncidentKind;
  /** `null`: the engine itself. */
  readonly container: string | null;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly reason: string;
  readonly evidence?: Evidence | null;
  /** As people first have it. Default: `shown`. */
  readonly stage?: 'hidden' | 'shown';
}

/** A new incident, of whatever kind. */
export function openIncident({
  kind,
  container,
  since,
  reason,
  evidence = null,
  stage = 'shown',
}: Opening): IncidentRecord {
  return {
    id: `${since.toString(36)}-${labelOf(kind, container)}`,
    kind,
    openedAt: iso(since),
    resolvedAt: null,
    endedBy: null,
    cause: { container, reason, evidence },
    victims: [],
    timeline: [],
    since,
    backAt: null,
    stage,
    sent: [],
    helpedBy: null,
  };
}

function labelOf(kind: IncidentKind, container: string | null): string {
  if (container === null) return kind;
  const name = container.slice(0, 100);
  return kind === 'leak' || kind === 'unreadable' ? `${kind}-${name}` : name;
}

/** The same problem once more, a short while after its end. People know of it what they knew. */
export const reopenIncident = (
  incident: IncidentRecord,
  { kind, reason }: Trouble,
  evidence: Evidence | null,
): IncidentRecord => ({
  ...incident,
  kind,
  resolvedAt: null,
  endedBy: null,
  backAt: null,
  cause: { ...incident.cause, reason, evidence: evidence ?? incident.cause.evidence },
});
