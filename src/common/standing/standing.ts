import type {
  ExternalView,
  Incident,
  IncidentKind,
  OpenIncidents,
  Standing,
  Status,
} from '../events/index.js';

const OF_CONTAINERS: ReadonlySet<IncidentKind> = new Set(['down', 'unhealthy', 'flapping', 'crash-loop']);

/**
 * About how a container is, and not about its memory, what the engine can show of it, the engine, or the machine: of these
 * a container that is well says that they may be over. Pure.
 */
export const isOfContainer = ({ kind }: Pick<Incident, 'kind'>): boolean => OF_CONTAINERS.has(kind);

/** How what can cause an incident is now. */
export interface Causes {
  readonly statusOf: (container: string) => Status | undefined;
  /** Whether an external works. */
  readonly isUp: (external: string) => boolean;
}

/** Which externals work, as `isUp` of {@link Causes} asks it. Pure. */
export function upAmong(externals: readonly ExternalView[]): Causes['isUp'] {
  const up = new Set(externals.flatMap(({ id, status }) => (status === 'up' ? [id] : [])));
  return (external) => up.has(external);
}

/** How the cause of an incident is now: of an external `healthy`, while it works; `undefined`: nobody knows. Pure. */
export function statusOfCause(
  { cause: { container, external } }: Pick<Incident, 'cause'>,
  { statusOf, isUp }: Causes,
): Status | undefined {
  if (external !== undefined) return isUp(external) ? 'healthy' : undefined;
  return container === null ? undefined : statusOf(container);
}

/** Where an incident stands; `status`: that of what causes it (`statusOfCause`). Pure. */
export function standingOf(
  incident: Pick<Incident, 'status' | 'kind'>,
  status: Status | undefined,
): Standing {
  if (incident.status === 'resolved') return 'over';
  if (incident.kind === 'leak' || incident.kind === 'disk') return 'soon';
  const ends = isOfContainer(incident) || incident.kind === 'external';
  return ends && status === 'healthy' ? 'up-again' : 'wrong';
}

/** Counts the open ones, for every place that shows a number of them. Pure. */
export function countOpen(incidents: Iterable<Incident>, causes: Causes): OpenIncidents {
  const standings = [...incidents].map((incident) => standingOf(incident, statusOfCause(incident, causes)));
  const count = (...some: Standing[]) => standings.filter((standing) => some.includes(standing)).length;
  return {
    open: count('wrong', 'up-again', 'soon'),
    wrong: count('wrong'),
    upAgain: count('up-again'),
    soon: count('soon'),
  };
}
