import type { Attempt, ContainerRecord, Verdict } from './record.js';

/** How an act of ours ended. `void`: it cost no attempt, since it ran already or the engine was away. */
export type ActOutcome =
  | { readonly kind: 'done' | 'refused' | 'timed-out'; readonly detail: string | null }
  | { readonly kind: 'void'; readonly detail: string | null };

/** Writes an attempt down, before it is made. */
export function beginAttempt(record: ContainerRecord, kind: Attempt['kind'], now: number): ContainerRecord {
  const diedAt = kind === 'start' ? (record.death?.at ?? now) : now;
  const counted = record.healedDeaths.includes(diedAt);
  return {
    ...(kind === 'restart' ? beginRestart(record, now) : record),
    attempts: [...record.attempts, { at: now, kind, outcome: 'pending', detail: null }],
    healedDeaths: counted ? record.healedDeaths : [...record.healedDeaths, diedAt],
  };
}

/** Writes a restart through us down, before the call: a death in it was our doing, also when it outlasts this process. */
export function beginRestart(record: ContainerRecord, now: number): ContainerRecord {
  return { ...record, restartingSince: now };
}

/** Writes down how the latest attempt ended. */
export function endAttempt(record: ContainerRecord, outcome: ActOutcome): ContainerRecord {
  const last = record.attempts.at(-1);
  if (last?.outcome !== 'pending') return record;
  const earlier = record.attempts.slice(0, -1);
  if (outcome.kind === 'void') return { ...record, attempts: earlier };
  return {
    ...record,
    // A refusal is the end of it: no stop follows.
    restartingSince: outcome.kind === 'refused' ? null : record.restartingSince,
    attempts: [...earlier, { ...last, outcome: outcome.kind, detail: outcome.detail }],
  };
}

/** Writes the verdict down. It says more than "keeps crashing": a crash loop ends with it, and is counted anew. */
export function giveUp(record: ContainerRecord, reason: Verdict['reason'], now: number): ContainerRecord {
  return {
    ...record,
    verdict: { at: now, reason },
    healedDeaths: [],
    engineDeaths: [],
    crashLoopSince: null,
  };
}

/** Forgets attempts and verdict. */
export function rearm(record: ContainerRecord, byDependency = false): ContainerRecord {
  return {
    ...record,
    attempts: [],
    verdict: null,
    rearmedByDependency: byDependency || record.rearmedByDependency,
  };
}
