import type { Incident, IncidentKind, OpenIncidents, Standing, Status } from '../events/index.js';

const OF_CONTAINERS: ReadonlySet<IncidentKind> = new Set(['down', 'unhealthy', 'flapping', 'crash-loop']);

/**
 * About how a container is, and not about its memory, what the engine can show of it, the engine, or the machine: of these
 * a container that is well says that they may be over. Pure.
 */
export const isOfContainer = ({ kind }: Pick<Incident, 'kind'>): boolean => OF_CONTAINERS.has(kind);

/** Where an incident stands; `status`: that of the container that causes it, `undefined` where there is none. Pure. */
export function standingOf(
  incident: Pick<Incident, 'status' | 'kind'>,
  status: Status | undefined,
): Standing {
  if (incident.status === 'resolved') return 'over';
  if (incident.kind === 'leak' || incident.kind === 'disk') return 'soon';
  return isOfContainer(incident) && status === 'healthy' ? 'up-again' : 'wrong';
}

/** Counts the open ones, for every place that shows a number of them. Pure. */
export function countOpen(
  incidents: Iterable<Incident>,
  statusOf: (container: string) => Status | undefined,
): OpenIncidents {
  const standings = [...incidents].map((incident) =>
    standingOf(incident, statusOf(incident.cause.container ?? '')),
  );
  const count = (...some: Standing[]) => standings.filter((standing) => some.includes(standing)).length;
  return {
    open: count('wrong', 'up-again', 'soon'),
    wrong: count('wrong'),
    upAgain: count('up-again'),
    soon: count('soon'),
  };
}
