import type { AskedAct, Attempt, ContainerRecord, GivenUp, Healing } from './record.js';

/** How an act of ours ended. `void`: it cost no attempt, since it ran already or the engine was away. */
export type ActOutcome =
  | { readonly kind: 'done' | 'refused' | 'timed-out'; readonly detail: string | null }
  | {
      readonly kind: 'void';
      readonly detail: string | null;
      /** It was asked for, and this process ends before the answer: how it ends, the next one sees. Left out: it was not. */
      readonly abandoned?: true;
    };

/** It was not made at all: the engine could not be asked, or something else came first. One that ran already is not so. */
export const wasNotMade = ({ kind, detail }: ActOutcome): boolean => kind === 'void' && detail !== null;

/** Those whose outcome is known: the engine may take longer to answer than the pause before the next one. */
export const endedAttempts = ({ attempts }: Pick<Healing, 'attempts'>): readonly Attempt[] =>
  attempts.filter(({ outcome }) => outcome !== 'pending');

/** Writes an attempt down, before it is made, and counts the death that it heals. */
export function beginAttempt(record: ContainerRecord, kind: Attempt['kind'], now: number): ContainerRecord {
  const { life, healing, loop } = record;
  const diedAt = kind === 'start' ? (life.death?.at ?? now) : now;
  const counted = loop.healedDeaths.includes(diedAt);
  return {
    ...record,
    healing: {
      ...(kind === 'restart' ? beginRestart(healing, now) : healing),
      attempts: [...healing.attempts, { at: now, kind, outcome: 'pending', detail: null }],
    },
    loop: counted ? loop : { ...loop, healedDeaths: [...loop.healedDeaths, diedAt] },
  };
}

/** Writes a restart through us down, before the call: a death in it was our doing, also when it outlasts this process. */
export function beginRestart(healing: Healing, now: number): Healing {
  return { ...healing, restartingSince: now };
}

/** A refusal is the end of a restart: no stop follows that would be our doing. */
export const endRestart = (healing: Healing, { kind }: ActOutcome): Healing =>
  kind === 'refused' && healing.restartingSince !== null ? { ...healing, restartingSince: null } : healing;

/** Writes down how the latest attempt ended. One that was void healed no death. */
export function endAttempt(record: ContainerRecord, outcome: ActOutcome): ContainerRecord {
  const last = record.healing.attempts.at(-1);
  if (last?.outcome !== 'pending') return record;
  const earlier = record.healing.attempts.slice(0, -1);
  const healing = { ...endRestart(record.healing, outcome), attempts: earlier };
  if (outcome.kind === 'void') return { ...record, healing, loop: withoutDeath(record, last, earlier) };
  const ended = { ...last, outcome: outcome.kind, detail: outcome.detail };
  return { ...record, healing: { ...healing, attempts: [...earlier, ended] } };
}

/** Without the death that this attempt was the first to count. */
function withoutDeath(
  { life, loop }: ContainerRecord,
  { kind, at }: Attempt,
  earlier: readonly Attempt[],
): ContainerRecord['loop'] {
  const diedAt = kind === 'start' ? (life.death?.at ?? at) : at;
  if (earlier.some((attempt) => attempt.at >= diedAt)) return loop;
  return { ...loop, healedDeaths: loop.healedDeaths.filter((death) => death !== diedAt) };
}

/** Writes an act down, before the engine is asked for it. */
export const askFor = (record: ContainerRecord, asked: AskedAct): ContainerRecord => ({
  ...record,
  healing: { ...record.healing, asked },
});

/** Takes an act back that has its outcome now; another one's, asked for since, stays. */
export const answered = (record: ContainerRecord, by: AskedAct['by']): ContainerRecord =>
  record.healing.asked?.by === by ? { ...record, healing: { ...record.healing, asked: null } } : record;

/** Writes down that it is given up. That says more than "keeps crashing": a crash loop ends with it, and is counted anew. */
export function giveUp(record: ContainerRecord, reason: GivenUp['reason'], now: number): ContainerRecord {
  return {
    ...record,
    healing: { ...record.healing, givenUp: { at: now, reason } },
    loop: { ...record.loop, healedDeaths: [], engineDeaths: [], since: null },
  };
}

/** Forgets the attempts, and that it was given up. */
export function rearm(healing: Healing, byDependency = false): Healing {
  return {
    ...healing,
    attempts: [],
    givenUp: null,
    refusal: null,
    rearmedByDependency: byDependency || healing.rearmedByDependency,
  };
}
