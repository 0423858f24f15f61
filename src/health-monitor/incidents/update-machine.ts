import type { JudgedFileSystem, Machine } from '../machine/index.js';
import { climb } from './climb.js';
import type { Conditions } from './condition.js';
import { endIncident } from './end-incident.js';
import type { DiskFacts } from './facts.js';
import { isOpen, type IncidentRecord } from './incident-record.js';
import type { IncidentUpdate } from './incident-update.js';
import { openIncidentOf, openOfMachine, withIncident, type Incidents } from './incidents.js';
import { CLOCK_LADDER, DISK_LADDER, MEMORY_LADDER } from './ladder.js';
import { diskReason, wholeMachine } from './machine-messages.js';
import type { Message } from './message.js';
import { openIncident } from './open-incident.js';
import { victimsNow, withVictimsBack } from './victims.js';

const LADDERS = { memory: MEMORY_LADDER, clock: CLOCK_LADDER };

const KINDS = {
  ok: null,
  foretold: 'disk',
  low: 'disk',
  full: 'disk-full',
  'read-only': 'disk-read-only',
} as const satisfies Record<DiskFacts['standing'], IncidentRecord['kind'] | null>;

/**
 * Follows the machine: one incident a file system, one of its memory, one of its clock. Those of a file system that nothing
 * needs any more, or that is not watched, end in silence. Pure.
 *
 * @param machine `null`: it is not watched
 * @param conditions of the containers, after a check; `null`: there was none
 */
export function updateMachine(
  incidents: Incidents,
  machine: Machine | null,
  conditions: Conditions | null,
  now: number,
): IncidentUpdate {
  const messages: Message[] = [];
  let updated = withoutThoseGone(incidents, machine, now);
  if (machine === null) return { incidents: updated, messages };
  const keep = ({ incidents: next, messages: news }: IncidentUpdate): void => {
    updated = next;
    messages.push(...news);
  };
  for (const fileSystem of machine.fileSystems) keep(followDisk(updated, fileSystem, conditions, now));
  for (const { part, kind, isWrong, words } of wholeMachine(machine)) {
    const open = openOfMachine(updated, part);
    if (isWrong === null || (open === undefined && !isWrong)) continue;
    const incident =
      open ??
      openIncident({ kind, container: null, machine: part, since: now, reason: words, known: updated });
    const climbed = climb(LADDERS[part], incident, { isWrong, words, now });
    keep({ incidents: withIncident(updated, climbed.incident), messages: climbed.messages });
  }
  return { incidents: updated, messages };
}

/** The incident of a file system that is in trouble: the open one, else a new one. */
export const diskIncident = (
  incidents: Incidents,
  fileSystem: JudgedFileSystem,
  standing: DiskFacts['standing'],
  now: number,
): IncidentRecord =>
  openOfMachine(incidents, fileSystem.mount) ??
  openIncident({
    kind: KINDS[standing] ?? 'disk',
    container: null,
    machine: fileSystem.mount,
    since: now,
    reason: diskReason({ fileSystem, standing }),
    known: incidents,
  });

/** Lets the incident of a file system climb, with what it is about now. */
export function climbDisk(incidents: Incidents, incident: IncidentRecord, facts: DiskFacts): IncidentUpdate {
  const { incident: climbed, messages } = climb(DISK_LADDER, asItIs(incident, facts), facts);
  return { incidents: withIncident(incidents, climbed), messages };
}

function followDisk(
  incidents: Incidents,
  fileSystem: JudgedFileSystem,
  conditions: Conditions | null,
  now: number,
): IncidentUpdate {
  const open = openOfMachine(incidents, fileSystem.mount);
  if (open === undefined && fileSystem.standing === 'ok') return { incidents, messages: [] };
  const known = open ?? diskIncident(incidents, fileSystem, fileSystem.standing, now);
  const incident = conditions === null ? known : withVictimsNow(known, conditions);
  const withheldFrom = fileSystem.isTight && !isSomeoneBack(known, incident) ? incident.withheldFrom : null;
  const followed = withheldFrom === incident.withheldFrom ? incident : { ...incident, withheldFrom };
  return climbDisk(incidents, followed, {
    standing: standingOf(fileSystem, followed),
    fileSystem,
    sign: null,
    victimsAreBack:
      conditions === null
        ? followed.victims.every(({ to }) => to !== null)
        : areAllDone(followed, conditions, incidents),
    now,
  });
}

const standingOf = (
  { standing }: JudgedFileSystem,
  { withheldFrom }: IncidentRecord,
): DiskFacts['standing'] => (standing !== 'read-only' && withheldFrom !== null ? 'full' : standing);

/** Of a file system that is well again people read how it was. */
function asItIs(incident: IncidentRecord, facts: DiskFacts): IncidentRecord {
  const kind = KINDS[facts.standing];
  if (kind === null || !isOpen(incident)) return incident;
  const reason =
    facts.standing === 'foretold' && incident.kind === kind ? incident.cause.reason : diskReason(facts);
  if (incident.kind === kind && incident.cause.reason === reason) return incident;
  return { ...incident, kind, cause: { ...incident.cause, reason } };
}

function withVictimsNow(incident: IncidentRecord, conditions: Conditions): IncidentRecord {
  const victims = victimsNow(incident, conditions);
  return victims === incident.victims ? incident : { ...incident, victims };
}

/** Each of them is ready again, down by choice or gone, or has an incident of its own. */
const areAllDone = ({ victims }: IncidentRecord, conditions: Conditions, incidents: Incidents): boolean =>
  victims.every(({ container, to }) => {
    const victim = conditions.get(container);
    if (to !== null || victim === undefined || victim.leftOnPurpose) return true;
    return victim.record.life.absentSince !== null || openIncidentOf(incidents, container) !== undefined;
  });

/** One of those that were kept down runs: so a start succeeds, and the others are started, too. */
const isSomeoneBack = (before: IncidentRecord, { victims }: IncidentRecord): boolean =>
  victims !== before.victims && victims.some(({ to }, index) => to !== before.victims[index]?.to);

function withoutThoseGone(incidents: Incidents, machine: Machine | null, now: number): Incidents {
  const there = new Set(machine?.fileSystems.map(({ mount }) => mount));
  const isGone = ({ cause: { machine: part } }: IncidentRecord): boolean =>
    part !== undefined && (machine === null || (part.startsWith('/') && !there.has(part)));
  return [...incidents.values()]
    .filter((incident) => isOpen(incident) && isGone(incident))
    .reduce(
      (known, incident) =>
        withIncident(
          known,
          endIncident(withVictimsBack({ ...incident, withheldFrom: null }, now), now, 'itself'),
        ),
      incidents,
    );
}
