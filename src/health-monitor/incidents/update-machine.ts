import type { DiskStanding, JudgedFileSystem, Machine } from '../machine/index.js';
import { climb } from './climb.js';
import type { Conditions } from './condition.js';
import { endIncident } from './end-incident.js';
import type { DiskFacts } from './facts.js';
import { isOpen, type IncidentRecord } from './incident-record.js';
import type { IncidentUpdate } from './incident-update.js';
import {
  endedWithin,
  isFileSystem,
  lastOfMachine,
  openIncidentOf,
  openOfMachine,
  openOnesOfMachine,
  withIncident,
  type Incidents,
} from './incidents.js';
import { CLOCK_LADDER, DISK_LADDER, MEMORY_LADDER } from './ladder.js';
import { clockReason, diskReason, memoryReason } from './machine-messages.js';
import type { Message } from './message.js';
import { openIncident, reopenIncident } from './open-incident.js';
import { withVictimsBack, withVictimsNow } from './victims.js';
import { isWaitedFor } from './waited-for.js';

/** What is watched of the machine as a whole, an incident each. `look` gives `null` where nobody knows how it is. */
const PARTS = [
  {
    part: 'memory',
    kind: 'memory-pressure',
    ladder: MEMORY_LADDER,
    look: ({ memoryPressure: share, isMemoryShort: isWrong }: Machine) =>
      share === null ? null : { isWrong, words: memoryReason(share) },
  },
  {
    part: 'clock',
    kind: 'clock',
    ladder: CLOCK_LADDER,
    look: ({ clockOffMs: offMs, isClockOff: isWrong }: Machine) =>
      offMs === null ? null : { isWrong, words: clockReason(offMs) },
  },
] as const;

/** Of which kind the incident of a file system is while it stands so; `null`: it begins none. */
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
 * @param stableAfterMs what goes wrong again this soon after its end is the same problem
 */
export function updateMachine(
  incidents: Incidents,
  machine: Machine | null,
  conditions: Conditions | null,
  stableAfterMs: number,
  now: number,
): IncidentUpdate {
  const messages: Message[] = [];
  let updated = withoutThoseGone(incidents, machine, now);
  if (machine === null) return { incidents: updated, messages };
  const keep = ({ incidents: next, messages: news }: IncidentUpdate): void => {
    updated = next;
    messages.push(...news);
  };
  for (const fileSystem of machine.fileSystems)
    keep(followDisk(updated, fileSystem, conditions, stableAfterMs, now));
  for (const part of PARTS) keep(followPart(updated, part, machine, stableAfterMs, now));
  return { incidents: updated, messages };
}

/**
 * The incident of a file system that is in trouble: the open one, else a new one.
 *
 * @param stableAfterMs the same within so long after its end is the same problem
 */
export function diskIncident(
  incidents: Incidents,
  fileSystem: JudgedFileSystem,
  standing: DiskFacts['standing'],
  stableAfterMs: number,
  now: number,
): IncidentRecord {
  const kind = KINDS[standing] ?? 'disk';
  const reason = diskReason({ fileSystem, standing });
  const last = standing === 'read-only' ? undefined : lastOfMachine(incidents, fileSystem.mount);
  return (
    openOfMachine(incidents, fileSystem.mount) ??
    (last?.kind === 'disk-read-only' ? undefined : reopened(last, { kind, reason }, stableAfterMs, now)) ??
    openIncident({ kind, container: null, machine: fileSystem.mount, since: now, reason, known: incidents })
  );
}

/** What comes and goes is one problem, and people know of it what they knew. */
const reopened = (
  last: IncidentRecord | undefined,
  anew: Pick<IncidentRecord, 'kind'> & { readonly reason: string },
  stableAfterMs: number,
  now: number,
): IncidentRecord | undefined =>
  last !== undefined && endedWithin(last, stableAfterMs, now)
    ? { ...reopenIncident(last, { ...anew, since: now }, null), since: now }
    : undefined;

/** Lets the incident of a file system climb, with what it is about now. */
export function climbDisk(incidents: Incidents, incident: IncidentRecord, facts: DiskFacts): IncidentUpdate {
  const { incident: climbed, messages } = climb(DISK_LADDER, asItIs(incident, facts), facts);
  const followed = isOpen(climbed) ? climbed : withVictimsBack(climbed, facts.now);
  return { incidents: withIncident(incidents, followed), messages };
}

function followDisk(
  incidents: Incidents,
  fileSystem: JudgedFileSystem,
  conditions: Conditions | null,
  stableAfterMs: number,
  now: number,
): IncidentUpdate {
  const open = openOfMachine(incidents, fileSystem.mount);
  if (open === undefined && fileSystem.standing === 'ok') return { incidents, messages: [] };
  const known = open ?? diskIncident(incidents, fileSystem, fileSystem.standing, stableAfterMs, now);
  const incident = conditions === null ? known : withVictimsNow(known, conditions, now);
  const withheldFrom = fileSystem.isTight && !isSomeoneBack(known, incident) ? incident.withheldFrom : null;
  const followed = withheldFrom === incident.withheldFrom ? incident : { ...incident, withheldFrom };
  return climbDisk(incidents, followed, {
    standing: diskStanding(fileSystem.standing, withheldFrom),
    fileSystem,
    sign: null,
    victimsAreBack:
      conditions === null
        ? followed.victims.every(({ to }) => to !== null)
        : areAllDone(followed, conditions, incidents),
    now,
  });
}

function followPart(
  incidents: Incidents,
  { part, kind, ladder, look }: (typeof PARTS)[number],
  machine: Machine,
  stableAfterMs: number,
  now: number,
): IncidentUpdate {
  const found = look(machine);
  const open = openOfMachine(incidents, part);
  if (found === null || (open === undefined && !found.isWrong)) return { incidents, messages: [] };
  const reason = found.words;
  const incident =
    open ??
    reopened(lastOfMachine(incidents, part), { kind, reason }, stableAfterMs, now) ??
    openIncident({ kind, container: null, machine: part, since: now, reason, known: incidents });
  const climbed = climb(ladder, incident, { ...found, now });
  return { incidents: withIncident(incidents, climbed.incident), messages: climbed.messages };
}

/** How it is with a file system, given since when starts are withheld for want of space on it. Pure. */
export const diskStanding = (standing: DiskStanding, withheldFrom: number | null): DiskFacts['standing'] =>
  standing !== 'read-only' && withheldFrom !== null ? 'full' : standing;

/** Of a file system that is well again people read how it was. */
function asItIs(incident: IncidentRecord, facts: DiskFacts): IncidentRecord {
  const kind = KINDS[facts.standing];
  if (kind === null || !isOpen(incident)) return incident;
  const reason =
    facts.standing === 'foretold' && incident.kind === kind ? incident.cause.reason : diskReason(facts);
  if (incident.kind === kind && incident.cause.reason === reason) return incident;
  return { ...incident, kind, cause: { ...incident.cause, reason } };
}

/** Each of them is ready again, down by choice or gone, waits for something else, or has an incident of its own. */
const areAllDone = (incident: IncidentRecord, conditions: Conditions, incidents: Incidents): boolean =>
  incident.victims.every(({ container, to }) => {
    const victim = conditions.get(container);
    if (to !== null || victim === undefined || victim.leftOnPurpose) return true;
    if (victim.record.life.absentSince !== null) return true;
    if (openIncidentOf(incidents, container) !== undefined) return true;
    return !isWaitedFor(container, incident, conditions, incidents);
  });

/** One of those that were kept down runs: so a start succeeds, and the others are started, too. */
const isSomeoneBack = (before: IncidentRecord, { victims }: IncidentRecord): boolean =>
  victims !== before.victims && victims.some(({ to }, index) => to !== before.victims[index]?.to);

function withoutThoseGone(incidents: Incidents, machine: Machine | null, now: number): Incidents {
  const there = new Set(machine?.fileSystems.map(({ mount }) => mount));
  const isGone = ({ cause: { machine: part = '' } }: IncidentRecord): boolean =>
    machine === null || (isFileSystem(part) && !there.has(part));
  return openOnesOfMachine(incidents)
    .filter(isGone)
    .reduce(
      (known, incident) =>
        withIncident(
          known,
          endIncident(withVictimsBack({ ...incident, withheldFrom: null }, now), now, 'itself'),
        ),
      incidents,
    );
}
