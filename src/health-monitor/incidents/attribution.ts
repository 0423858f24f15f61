import type { Victim } from '../../common/events/index.js';
import { namesHost } from '../../common/reference/index.js';
import { isOfContainer } from '../../common/standing/index.js';
import { isDown, meaningOf, type DependencyGraph } from '../policy/index.js';
import type { Condition, Conditions, Trouble } from './condition.js';
import { endIncident } from './end-incident.js';
import { evidenceOfDeath } from './evidence.js';
import { iso, isOpen, isShown, type IncidentRecord } from './incident-record.js';
import {
  endedWithin,
  keptDownByDisk,
  lastEndedOf,
  openExternalOf,
  openIncidentOf,
  refusedTogether,
  withIncident,
  withoutIncident,
  type Incidents,
} from './incidents.js';
import { openIncident, reopenIncident } from './open-incident.js';
import { withVictims } from './victims.js';

/** A victim may go down this long before its cause is seen. */
export const BEFORE_CAUSE_MS = 10_000;

/** What containers are like now, and who needs whom. */
export interface Scene {
  readonly conditions: Conditions;
  /** All that a container depends on, directly or not. */
  readonly below: DependencyGraph['below'];
  /** What is no container. Left out: there is none. */
  readonly externals?: {
    /** All that a container needs, directly or not. */
    readonly below: DependencyGraph['externalsBelow'];
    /** Those that a container needs itself. */
    readonly direct: DependencyGraph['externals'];
    /** What people call one; `null`: there is no such external any more. */
    readonly nameOf: (id: string) => string | null;
  };
  /** What a container needs itself of other hosts. Left out: nothing. */
  readonly elsewhere?: DependencyGraph['elsewhere'];
  /** One that goes down again this soon after the end of its incident reopens it. */
  readonly stableAfterMs: number;
  readonly now: number;
}

type InTrouble = Condition & { readonly trouble: Trouble };
const isInTrouble = (condition: Condition): condition is InTrouble => condition.trouble !== null;

/** Finds the incident to which each container in trouble belongs: its own, its cause's, or a new one. Pure. */
export function attribute(incidents: Incidents, scene: Scene): Incidents {
  return [...scene.conditions.values()]
    .filter(isInTrouble)
    .filter(({ name }) => openIncidentOf(incidents, name) === undefined)
    .reduce((known, condition) => attributeOne(known, condition, scene), incidents);
}

function attributeOne(incidents: Incidents, condition: InTrouble, scene: Scene): Incidents {
  const { name, trouble, decision } = condition;
  const cause = causeOf(incidents, condition, scene);
  if (cause !== undefined && !failsByItself(condition, cause)) {
    const victim = { container: name, from: iso(trouble.since), to: null };
    return withIncident(incidents, withVictims(cause, [victim]));
  }
  if (decision.blockedBy.length > 0) return incidents;
  return withIncident(incidents, ownIncident(incidents, condition, scene));
}

function causeOf(incidents: Incidents, condition: InTrouble, scene: Scene): IncidentRecord | undefined {
  const refused = keptDown(incidents, condition) ?? sameGone(incidents, condition, scene);
  if (refused !== undefined) return refused;
  if (condition.decision.blockedBy.length === 0) {
    const { name, trouble } = condition;
    return (
      causeBelow(incidents, name, trouble.since, scene) ?? diskBelow(incidents, name, trouble.since, scene)
    );
  }
  return rootsOf(condition, scene.conditions)
    .map(
      (root) =>
        openIncidentOf(incidents, root) ??
        externalBelow(incidents, condition.name, root, scene) ??
        keptDownWith(incidents, root, scene.conditions),
    )
    .find((incident) => incident !== undefined);
}

const externalBelow = (
  incidents: Incidents,
  name: string,
  id: string,
  { externals }: Scene,
): IncidentRecord | undefined =>
  externals?.below.get(name)?.has(id) ? openExternalOf(incidents, id) : undefined;

/** The incident that keeps a container down with others: refused starts, or a file system without space. */
const keptDown = (incidents: Incidents, { record }: Pick<Condition, 'record'>): IncidentRecord | undefined =>
  keptDownByDisk(incidents, record) ?? refusedTogether(incidents, record);

/** What needs one that is gone is of one incident with all that need the same; also after its first was made anew. */
function sameGone(
  incidents: Incidents,
  { name, container }: Condition,
  { conditions }: Scene,
): IncidentRecord | undefined {
  const [gone] = container.requiresGone ?? [];
  if (gone === undefined) return undefined;
  for (const incident of incidents.values()) {
    if (!isOpen(incident)) continue;
    if (incident.victims.some(({ container: victim, to }) => victim === name && to === null)) return incident;
    const cause = conditions.get(incident.cause.container ?? '');
    // One that is healed, or was given up, is in trouble for another reason.
    const isSame =
      cause?.container.requiresGone?.includes(gone) && meaningOf(cause.decision).untreated !== null;
    if (isSame) return incident;
  }
  return undefined;
}

function keptDownWith(
  incidents: Incidents,
  name: string,
  conditions: Conditions,
): IncidentRecord | undefined {
  const condition = conditions.get(name);
  return condition && keptDown(incidents, condition);
}

/** What stands at the ground of a chain of waiting containers. */
export function rootsOf(condition: Condition, conditions: Conditions, seen = new Set<string>()): string[] {
  return condition.decision.blockedBy.flatMap((name) => {
    if (seen.has(name)) return [];
    seen.add(name);
    const blocker = conditions.get(name);
    return blocker && blocker.decision.blockedBy.length > 0 ? rootsOf(blocker, conditions, seen) : [name];
  });
}

/** The open incident of something that a container needs, if that was in trouble when the container's began. */
function causeBelow(
  incidents: Incidents,
  name: string,
  since: number,
  scene: Pick<Scene, 'below' | 'externals' | 'elsewhere' | 'conditions'>,
): IncidentRecord | undefined {
  if (!needsOthers(name, scene)) return undefined;
  for (const incident of incidents.values())
    if (isOpen(incident) && isNeeded(incident, name, scene) && wasInTroubleAt(incident, since))
      return incident;
  return undefined;
}

const needsOthers = (
  name: string,
  { below, externals, elsewhere }: Pick<Scene, 'below' | 'externals' | 'elsewhere'>,
): boolean =>
  (below.get(name)?.size ?? 0) + (externals?.below.get(name)?.size ?? 0) > 0 || elsewhere?.has(name) === true;

/** Whether what causes the incident is something that this one needs. */
function isNeeded(
  incident: IncidentRecord,
  name: string,
  { below, externals, conditions }: Pick<Scene, 'below' | 'externals' | 'conditions'>,
): boolean {
  const { container, external } = incident.cause;
  if (external !== undefined)
    return isNeededExternal(incident, external, name, { below, externals, conditions });
  return container !== null && isOfContainer(incident) && below.get(name)?.has(container) === true;
}

/** Through another container an external takes down only with what it takes down itself. */
function isNeededExternal(
  { victims }: IncidentRecord,
  external: string,
  name: string,
  { below, externals, conditions }: Pick<Scene, 'below' | 'externals' | 'conditions'>,
): boolean {
  const needs = (one: string): boolean => externals?.below.get(one)?.has(external) === true;
  const isVictim = (one: string): boolean =>
    victims.some(({ container, to }) => container === one && to === null);
  const isInTroubleNow = (one: string): boolean => (conditions.get(one)?.trouble ?? null) !== null;
  if (!needs(name)) return false;
  if (isVictim(name)) return true;
  if (externals?.direct.get(name)?.flat().includes(external) === true) return true;
  return [...(below.get(name) ?? [])].some(
    (other) => needs(other) && (isInTroubleNow(other) || isVictim(other)),
  );
}

/** The open incident of a file system that keeps something down which a container needs. */
function diskBelow(
  incidents: Incidents,
  name: string,
  since: number,
  { below }: Pick<Scene, 'below'>,
): IncidentRecord | undefined {
  const needed = below.get(name);
  if (needed === undefined || needed.size === 0) return undefined;
  for (const incident of incidents.values()) {
    if (incident.cause.machine === undefined || !isOpen(incident)) continue;
    const isDownBy = incident.victims.some(
      ({ container, from, to }) =>
        to === null && needed.has(container) && since >= Date.parse(from) - BEFORE_CAUSE_MS,
    );
    if (isDownBy) return incident;
  }
  return undefined;
}

const wasInTroubleAt = ({ since, backAt }: IncidentRecord, at: number): boolean =>
  at >= since - BEFORE_CAUSE_MS && (backAt === null || at <= backAt);

/** Nothing more is done about it although its cause is back: a problem of its own. */
const failsByItself = ({ record, decision, trouble }: Condition, cause: IncidentRecord): boolean =>
  cause.backAt !== null && (record.healing.givenUp !== null || isLeftUnhealthy(decision, trouble));

const isLeftUnhealthy = (decision: Condition['decision'], trouble: Trouble | null): boolean =>
  meaningOf(decision).untreated === 'any' && trouble?.kind === 'unhealthy';

function ownIncident(incidents: Incidents, condition: InTrouble, scene: Scene): IncidentRecord {
  const { stableAfterMs, now } = scene;
  const { name, trouble } = condition;
  const evidence = firstEvidence(condition);
  const last = lastEndedOf(incidents, name);
  if (last !== undefined && endedWithin(last, stableAfterMs, now))
    return reopenIncident(last, trouble, evidence);
  return openIncident({
    ...trouble,
    container: name,
    evidence,
    stage: needsOthers(name, scene) ? 'hidden' : 'shown',
    known: incidents,
  });
}

/** Its last words may not be to be had, but how it ended is known. */
function firstEvidence({ container, record: { life }, evidence }: Condition): Condition['evidence'] {
  return evidence ?? (isDown(container) && life.death !== null ? evidenceOfDeath(life.death) : null);
}

/** What was taken for a cause, and went down because of another, becomes a victim there. Pure. */
export function absorb(incidents: Incidents, scene: Scene): Incidents {
  return [...incidents.keys()].reduce((known, id) => absorbOne(known, known.get(id)!, scene), incidents);
}

function absorbOne(incidents: Incidents, incident: IncidentRecord, scene: Scene): Incidents {
  const { container } = incident.cause;
  if (container === null || !mayBeAbsorbed(incident)) return incidents;
  const condition = scene.conditions.get(container);
  if (condition !== undefined && waitsForOtherHost(condition, scene.conditions))
    return without(incidents, incident, scene.now);
  const cause = causeBelow(incidents, container, incident.since, scene);
  if (cause === undefined || cause.id === incident.id) return incidents;
  if (condition !== undefined && failsByItself(condition, cause)) return incidents;
  const victim = { container, from: incident.openedAt, to: null };
  return absorbInto(incidents, incident, cause, victim, scene.now);
}

/** People are told of what it waits for by the monitor of that host. */
const waitsForOtherHost = (condition: Condition, conditions: Conditions): boolean =>
  rootsOf(condition, conditions).some(namesHost);

/** What one incident was about becomes part of another. */
export function absorbInto(
  incidents: Incidents,
  incident: IncidentRecord,
  cause: IncidentRecord,
  victim: Victim,
  now: number,
): Incidents {
  const absorbed = withIncident(incidents, withVictims(cause, [victim, ...incident.victims]));
  return without(absorbed, incident, now);
}

/** It was no problem of its own: what people saw of it ends, and else there was nothing. */
const without = (incidents: Incidents, incident: IncidentRecord, now: number): Incidents =>
  isShown(incident)
    ? withIncident(incidents, endIncident(incident, now, 'dependency'))
    : withoutIncident(incidents, incident);

/** People had no message of it, and it did not come back before anything was seen of the other. */
export const mayBeAbsorbed = (incident: IncidentRecord): boolean =>
  isOpen(incident) && isOfContainer(incident) && incident.sent.length === 0 && incident.backAt === null;
