import type { Evidence, IncidentKind } from '../../common/events/index.js';
import type { Trouble } from './condition.js';
import { iso, type IncidentRecord } from './incident-record.js';
import type { Incidents } from './incidents.js';

interface Opening {
  readonly kind: IncidentKind;
  /** `null`: the engine itself, or the machine. */
  readonly container: string | null;
  /** What of the machine it is. Default: nothing. */
  readonly machine?: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly reason: string;
  /** Of refused starts: the cause that they have in common. */
  readonly refusedFor?: string | null;
  readonly evidence?: Evidence | null;
  /** As people first have it. Default: `shown`. */
  readonly stage?: 'hidden' | 'shown';
  /** Those that there are: the same trouble may become an incident again, and has another id then. */
  readonly known?: Incidents;
}

/** A new incident, of whatever kind. */
export function openIncident({
  kind,
  container,
  machine,
  since,
  reason,
  refusedFor = null,
  evidence = null,
  stage = 'shown',
  known = new Map(),
}: Opening): IncidentRecord {
  return {
    id: freeId(`${since.toString(36)}-${labelOf(kind, container, machine)}`, known),
    kind,
    openedAt: iso(since),
    resolvedAt: null,
    endedBy: null,
    cause: { container, ...(machine === undefined ? {} : { machine }), reason, evidence },
    attempts: 0,
    attemptAt: null,
    failedAttempt: null,
    victims: [],
    timeline: [],
    since,
    backAt: null,
    stage,
    sent: [],
    helpedBy: null,
    refusedFor,
    withheldFrom: null,
  };
}

function freeId(id: string, known: Incidents): string {
  let free = id;
  for (let count = 2; known.has(free); count++) free = `${id}-${count}`;
  return free;
}

function labelOf(kind: IncidentKind, container: string | null, machine: string | undefined): string {
  if (machine?.startsWith('/')) return `disk${machine.replaceAll(/[^\w.-]+/g, '-').slice(0, 100)}`;
  if (container === null) return kind;
  const name = container.slice(0, 100);
  return kind === 'leak' || kind === 'unreadable' ? `${kind}-${name}` : name;
}

/** The same problem once more, a short while after its end, as it began this time. People know of it what they knew. */
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
  cause: { ...incident.cause, reason, evidence },
  failedAttempt: null,
});
