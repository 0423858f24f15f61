import { UNKNOWN_ID, withParts, type ContainerRecord } from '../record.js';
import { happenings, type Happening } from './happenings.js';
import { healingAnew, learnHealing, NO_HEALING } from './healing.js';
import { healthAnew, learnHealth, UNKNOWN_HEALTH } from './health.js';
import type { Inspection } from './inspection.js';
import { firstIntent, intentAfterBoot, learnIntent } from './intent.js';
import { learnLife, lifeAfterBoot, newLife } from './life.js';
import { learnLoop, noLoop } from './loop.js';

export interface Learnt {
  readonly record: ContainerRecord;
  readonly happened: readonly Happening[];
}

/**
 * Folds the inspection of a container into what is remembered of it. Pure. Returns the same record when it learnt
 * nothing, so that an idle container costs nothing downstream.
 */
export function learn(known: ContainerRecord | undefined, inspection: Inspection): Learnt {
  const remembered = afterBoot(known ?? firstRecord(inspection), inspection);
  const { id } = inspection.container;
  const isRecreated = remembered.id !== id && remembered.id !== UNKNOWN_ID;
  const before = isRecreated ? afterRecreation(remembered, inspection) : remembered;

  const life = learnLife(before, inspection);
  const intent = learnIntent(before.intent, before.life, life, inspection);
  const health = learnHealth({ health: before.health, intent, life }, before.life, inspection);
  const healing = learnHealing({ healing: before.healing, life, health }, before.life, inspection);
  const loop = learnLoop(before.loop, before.life, inspection);

  const record = withParts(before, { id, life, intent, health, healing, loop });
  const happened = happenings(before, record, inspection);
  return { record, happened: isRecreated ? [{ kind: 'recreated' }, ...happened] : happened };
}

function firstRecord(inspection: Inspection): ContainerRecord {
  const { container, now } = inspection;
  return {
    name: container.name,
    id: container.id,
    intent: firstIntent(inspection),
    life: newLife(now),
    health: UNKNOWN_HEALTH,
    healing: NO_HEALING,
    loop: noLoop(container.engineRestarts),
    shown: { decision: null, spans: [], muted: null },
  };
}

/** The host has come up since it was last inspected: fresh attempts. */
function afterBoot(record: ContainerRecord, inspection: Inspection): ContainerRecord {
  const { host } = inspection;
  if (!host.isNew && !record.life.unseenSinceBoot) return record;
  return {
    ...record,
    intent: intentAfterBoot(record.intent, host),
    life: lifeAfterBoot(record.life, inspection),
    health: healthAnew(record.health),
    healing: healingAnew(record.healing),
  };
}

/** A new id under a known name: fresh attempts; wish and hold stay. */
function afterRecreation(record: ContainerRecord, { container, now }: Inspection): ContainerRecord {
  return {
    ...record,
    id: container.id,
    life: newLife(now),
    health: healthAnew(record.health),
    healing: { ...healingAnew(record.healing), dependencyRuns: {} },
    loop: noLoop(container.engineRestarts),
  };
}
