import type { Evidence, IncidentKind } from '../../common/events/index.js';
import type { Trouble } from './condition.js';
import { iso, type IncidentRecord } from './incident-record.js';
import { isFileSystem, type Incidents } from './incidents.js';

interface Opening {
  readonly kind: IncidentKind;
  /** `null`: an external, the machine, or the engine itself. */
  readonly container: string | null;
  /** The external that is the cause. Default: none is. */
  readonly external?: { readonly id: string; readonly name: string };
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
  external,
  machine,
  since,
  reason,
  refusedFor = null,
  evidence = null,
  stage = 'shown',
  known = new Map(),
}: Opening): IncidentRecord {
  return {
    id: freeId(`${since.toString(36)}-${labelOf(kind, container ?? external?.id ?? null, machine)}`, known),
    kind,
    openedAt: iso(since),
    resolvedAt: null,
    endedBy: null,
    cause: {
      container,
      ...(external === undefined ? {} : { external: external.id, name: external.name }),
      ...(machine === undefined ? {} : { machine }),
      reason,
      evidence,
    },
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

/** Kinds of which a container, or an external of the same name, may have one beside one of another kind. */
const LABELLED: ReadonlySet<IncidentKind> = new Set(['leak', 'unreadable', 'external']);

function labelOf(kind: IncidentKind, cause: string | null, machine: string | undefined): string {
  if (machine !== undefined && isFileSystem(machine))
    return `disk${machine.replaceAll(/[^\w.-]+/g, '-').slice(0, 100)}`;
  if (cause === null) return kind;
  const name = cause.slice(0, 100);
  return LABELLED.has(kind) ? `${kind}-${name}` : name;
}

/**
 * The same problem once more, a short while after its end, as it began this time. People know of it what they knew.
 *
 * @param anew `since`: milliseconds since 1970; what was seen only later may have begun before that end
 */
export const reopenIncident = (
  incident: IncidentRecord,
  { kind, reason, since }: Pick<IncidentRecord, 'kind'> & Pick<Trouble, 'reason' | 'since'>,
  evidence: Evidence | null,
): IncidentRecord => ({
  ...incident,
  kind,
  reopenedAt: iso(Math.max(since, Date.parse(incident.resolvedAt ?? incident.openedAt))),
  resolvedAt: null,
  endedBy: null,
  backAt: null,
  cause: { ...incident.cause, reason, evidence },
  failedAttempt: null,
});
