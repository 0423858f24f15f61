import { lineOfNoSpace, fullFor, needs, type JudgedFileSystem, type Machine } from '../machine/index.js';
import { isDown, meaningOf, type ContainerRecord } from '../policy/index.js';
import type { Container } from '../runtime/index.js';
import type { Evidence } from '../../common/events/index.js';
import type { Conditions } from './condition.js';
import type { DiskFacts } from './facts.js';
import type { IncidentRecord } from './incident-record.js';
import type { IncidentUpdate } from './incident-update.js';
import { keptDownByDisk, openOfMachine, withIncident, type Incidents } from './incidents.js';
import type { Message } from './message.js';
import { withVictim, type RefusalUpdate } from './refused-starts.js';
import { climbDisk, diskIncident } from './update-machine.js';

/** A container as a check shows it, with its last words when it is newly down. */
export interface LastWords {
  readonly container: Container;
  readonly evidence: Evidence | null;
}

/** Notes who went down and wrote that there was no space, where that is so: from now on starts there are withheld. Pure. */
export function noteLastWords(
  incidents: Incidents,
  shown: readonly LastWords[],
  machine: Machine | null,
  stableAfterMs: number,
  now: number,
): IncidentUpdate {
  let noted = incidents;
  const messages: Message[] = [];
  for (const { container, evidence } of shown) {
    const words = isDown(container) ? lineOfNoSpace(evidence?.log ?? []) : null;
    const fileSystem = words === null ? undefined : fullFor(container.name, machine);
    if (words === null || fileSystem === undefined) continue;
    const update = noteNoSpace(noted, fileSystem, { container: container.name, words }, stableAfterMs, now);
    noted = update.incidents;
    messages.push(...update.messages);
  }
  return { incidents: noted, messages };
}

/**
 * The engine refused a start for want of space, where that is so: it is a victim, and others there are withheld. `null`:
 * there is space, or nobody knows. Pure.
 *
 * @param refused with the refusal written down
 * @param stableAfterMs the same within so long after its end is the same problem
 */
export function startLacksSpace(
  incidents: Incidents,
  refused: ContainerRecord,
  machine: Machine | null,
  stableAfterMs: number,
  now: number,
): RefusalUpdate | null {
  const { name, healing } = refused;
  const fileSystem = healing.refusal?.cause === 'space' ? fullFor(name, machine) : undefined;
  if (fileSystem === undefined || healing.refusal === null) return null;
  const { words } = healing.refusal;
  const sign = { container: name, words };
  const { incidents: noted, messages } = noteNoSpace(incidents, fileSystem, sign, stableAfterMs, now);
  const { id } = openOfMachine(noted, fileSystem.mount)!;
  return { incidents: withVictim(noted, id, name, now), messages, newVictims: [name] };
}

/** The incident of a file system for want of space on which a container is not started; `undefined`: none keeps it down. */
export function withheldFor(
  incidents: Incidents,
  machine: Machine | null,
  record: Pick<ContainerRecord, 'name' | 'healing'>,
): IncidentRecord | undefined {
  const known = keptDownByDisk(incidents, record);
  if (known !== undefined) return known.withheldFrom === null ? undefined : known;
  for (const fileSystem of machine?.fileSystems ?? []) {
    const incident = needs(record.name, fileSystem) ? openOfMachine(incidents, fileSystem.mount) : undefined;
    if (incident !== undefined && incident.withheldFrom !== null) return incident;
  }
  return undefined;
}

/** With those among its victims that are not started, or ail and are not restarted, for want of space. Pure. */
export function withThoseWithheld(
  incidents: Incidents,
  conditions: Conditions,
  machine: Machine | null,
  now: number,
): Incidents {
  return [...conditions.values()]
    .filter(({ decision, trouble }) => meaningOf(decision).lacksSpace && trouble !== null)
    .reduce((known, { name, record, trouble }) => {
      const incident = withheldFor(known, machine, record);
      return incident === undefined
        ? known
        : withVictim(known, incident.id, name, now, trouble?.since ?? now);
    }, incidents);
}

/** Notes that one was started to see whether there is space now: the next one is due later. Pure. */
export function noteTestOfSpace(
  incidents: Incidents,
  record: Pick<ContainerRecord, 'name' | 'healing'>,
  now: number,
): Incidents {
  const incident = keptDownByDisk(incidents, record);
  if (incident === undefined || incident.withheldFrom === null) return incidents;
  return withIncident(incidents, { ...incident, withheldFrom: now });
}

function noteNoSpace(
  incidents: Incidents,
  fileSystem: JudgedFileSystem,
  sign: NonNullable<DiskFacts['sign']>,
  stableAfterMs: number,
  now: number,
): IncidentUpdate {
  const known = diskIncident(incidents, fileSystem, 'full', stableAfterMs, now);
  const incident = { ...known, withheldFrom: now };
  return climbDisk(incidents, incident, { standing: 'full', fileSystem, sign, victimsAreBack: false, now });
}
