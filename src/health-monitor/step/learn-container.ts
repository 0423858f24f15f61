import {
  isUp,
  learn,
  type ContainerRecord,
  type HostBoot,
  type Learnt,
  type Rules,
  type StopEvidence,
} from '../policy/index.js';
import { byOurClock, type Container } from '../runtime/index.js';
import { batchOf, withBatch } from './batches.js';
import type { Checked } from './fact.js';
import type { Batch } from './monitor-state.js';
import { underWayOn, wasBegunByUs, wasStoppedByUs, type OwnActs } from './own-acts.js';

/** What bears on one container in a check. */
export interface ObservedContainer {
  readonly container: Container;
  readonly rules: Rules;
  readonly stopEvidence: StopEvidence | null;
  /** Why the engine cannot show it; `null`: it can. */
  readonly unreadable: string | null;
}

/** Whether what a check shows of a container can be learnt: half of an act of ours looks like an end. */
export const canBeLearnt = (name: string, isKnown: boolean, ownActs: OwnActs): boolean =>
  underWayOn(ownActs, name) === null && !(isKnown && ownActs.unseen.includes(name));

/** What a check teaches of one container. Pure. */
export function learnContainer(
  before: ContainerRecord | undefined,
  { container, rules, stopEvidence, unreadable }: ObservedContainer,
  { observation, ownActs, at: now }: Checked,
  host: HostBoot,
): Learnt {
  const { name } = container;
  const { startedAt, exitedAt } = byOurClock(container, observation.engine);
  const begunByUs = wasBegunByUs(ownActs, name, startedAt ?? now);
  const { record, happened } = learn(before, {
    container,
    startedAt,
    exitedAt,
    now,
    fullCheck: observation.full,
    eventsMissing: observation.eventsMissing,
    tellsWhoStopped: unreadable === null ? observation.engine.tellsWhoStopped : 'never',
    stopEvidence,
    host,
    byUs: isUp(container) ? begunByUs : wasStoppedByUs(ownActs, name, exitedAt ?? now),
    begunByUs,
    rules,
  });
  return { record: withReading(record, unreadable, observation.full, now), happened };
}

/** One look may fail while a process comes or goes: people are told after so many full checks in a row, and no more count. */
export const TOLD_AFTER_FULL_CHECKS = 2;

function withReading(
  record: ContainerRecord,
  words: string | null,
  full: boolean,
  now: number,
): ContainerRecord {
  const before = record.life.unreadable;
  const fullChecks = Math.min(TOLD_AFTER_FULL_CHECKS, (before?.fullChecks ?? 0) + (full ? 1 : 0));
  const unreadable = words === null ? null : { since: before?.since ?? now, fullChecks, words };
  const isSame = before?.fullChecks === unreadable?.fullChecks && before?.words === unreadable?.words;
  return isSame ? record : { ...record, life: { ...record.life, unreadable } };
}

/** Puts one that has just died, or is down when all are seen for the first time, into its batch. Pure. */
export function joinBatch(
  { record, happened }: Learnt,
  batches: readonly Batch[],
  { observation: { first }, at: now }: Checked,
): { readonly record: ContainerRecord; readonly batches: readonly Batch[] } {
  const death = happened.find((happening) => happening.kind === 'died')?.death;
  const isFoundDown = first && !record.life.up && record.life.death !== null;
  if (death === undefined && !isFoundDown) return { record, batches };
  const batch = batchOf(batches, death?.at ?? now, first, now);
  return {
    record: { ...record, healing: { ...record.healing, batch: batch.id } },
    batches: withBatch(batches, batch),
  };
}
