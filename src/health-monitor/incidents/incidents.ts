import { isOfContainer } from '../../common/standing/index.js';
import type { ContainerRecord } from '../policy/index.js';
import { isOpen, type IncidentRecord } from './incident-record.js';

/** All incidents by id, oldest first. A readonly value: each change makes another. */
export type Incidents = ReadonlyMap<string, IncidentRecord>;

/** With this one as it is now; the same map when it was so before. */
export const withIncident = (incidents: Incidents, incident: IncidentRecord): Incidents =>
  incidents.get(incident.id) === incident ? incidents : new Map(incidents).set(incident.id, incident);

export const withoutIncident = (incidents: Incidents, { id }: IncidentRecord): Incidents =>
  new Map([...incidents].filter(([other]) => other !== id));

/** The open incident that a container causes by how it is. */
export function openIncidentOf(incidents: Incidents, container: string): IncidentRecord | undefined {
  for (const incident of incidents.values()) {
    if (incident.cause.container === container && isOpen(incident) && isOfContainer(incident))
      return incident;
  }
  return undefined;
}

/** The open incident of a part of the machine: where a file system is mounted, `memory` or `clock`. */
export function openOfMachine(incidents: Incidents, part: string): IncidentRecord | undefined {
  for (const incident of incidents.values())
    if (incident.cause.machine === part && isOpen(incident)) return incident;
  return undefined;
}

/** The open incidents of the machine, of whichever part. */
export const openOnesOfMachine = (incidents: Incidents): readonly IncidentRecord[] =>
  [...incidents.values()].filter((incident) => incident.cause.machine !== undefined && isOpen(incident));

/** A file system is known by its place; the other parts of the machine have a word each. */
export const isFileSystem = (part: string): boolean => part.startsWith('/');

/** The latest of those of a part of the machine that are over. */
export const lastOfMachine = (incidents: Incidents, part: string): IncidentRecord | undefined =>
  [...incidents.values()].findLast((incident) => incident.cause.machine === part && !isOpen(incident));

/** The open incident of a file system of which this container is a victim, while it is one. */
export function keptDownByDisk(
  incidents: Incidents,
  { name, healing }: Pick<ContainerRecord, 'name' | 'healing'>,
): IncidentRecord | undefined {
  return openOnesOfMachine(incidents).find(
    (incident) =>
      // Once there is space, what fails is a problem of its own.
      (incident.withheldFrom !== null || healing.givenUp === null) &&
      incident.victims.some(({ container, to }) => container === name && to === null),
  );
}

/** The open incident that an external causes. */
export const openExternalOf = (incidents: Incidents, id: string): IncidentRecord | undefined =>
  [...incidents.values()].find((incident) => incident.cause.external === id && isOpen(incident));

/** The latest of those that an external caused, and that are over. */
export const lastExternalOf = (incidents: Incidents, id: string): IncidentRecord | undefined =>
  [...incidents.values()].findLast((incident) => incident.cause.external === id && !isOpen(incident));

/** The open incident of one kind; `container`: its cause, `null` for the engine itself. */
export const openOfKind = (
  incidents: Incidents,
  kind: IncidentRecord['kind'],
  container: string | null,
): IncidentRecord | undefined =>
  [...incidents.values()].find(
    (incident) => incident.kind === kind && isOpen(incident) && incident.cause.container === container,
  );

/** The open incident of starts that are refused for the cause for which this one's is. */
export function refusedTogether(
  incidents: Incidents,
  { healing: { refusal } }: Pick<ContainerRecord, 'healing'>,
): IncidentRecord | undefined {
  if (refusal === null) return undefined;
  for (const incident of incidents.values())
    if (incident.refusedFor === refusal.cause && isOpen(incident)) return incident;
  return undefined;
}

/** The latest of those that a container caused by how it was, and that are over. */
export const lastEndedOf = (incidents: Incidents, container: string): IncidentRecord | undefined =>
  [...incidents.values()].findLast(
    (incident) => incident.cause.container === container && !isOpen(incident) && isOfContainer(incident),
  );

/** Whether it was over less than so long ago; an end in the future is from before the clock was set back. */
export function endedWithin(
  { resolvedAt }: Pick<IncidentRecord, 'resolvedAt'>,
  ms: number,
  now: number,
): boolean {
  if (resolvedAt === null) return false;
  const endedFor = now - Date.parse(resolvedAt);
  return endedFor >= 0 && endedFor < ms;
}

/** Over that long ago, an incident is history that nobody asks for. */
const FORGOTTEN_AFTER_MS = 30 * 24 * 60 * 60_000;

/** Without those that are old enough to be forgotten; the same map when there are none. Pure. */
export function forgetOldIncidents(incidents: Incidents, now: number): Incidents {
  const kept = [...incidents].filter(
    ([, { resolvedAt }]) => resolvedAt === null || now - Date.parse(resolvedAt) <= FORGOTTEN_AFTER_MS,
  );
  return kept.length === incidents.size ? incidents : new Map(kept);
}

/** Notes that a person did something with a container: what that ends, a person ended. Pure. */
export function notePersonActed(incidents: Incidents, container: string): Incidents {
  const incident = openIncidentOf(incidents, container);
  if (incident === undefined || incident.helpedBy === 'person') return incidents;
  return withIncident(incidents, { ...incident, helpedBy: 'person' });
}
