import type { Container } from '../../runtime/index.js';
import { withParts, type Life, type LoopRecord } from '../record.js';
import type { Rules } from '../rules.js';
import type { Inspection } from './inspection.js';

const OWN_LOOP_WINDOW_MS = 24 * 60 * 60_000;
const ENGINE_LOOP_WINDOW_MS = 10 * 60_000;
const MOST_ENGINE_DEATHS = 50;
/** A run that lasted so long and ended with 0 did its work: that the engine starts it again is meant so. */
const WORK_LASTS_MS = 10_000;

export const noLoop = (engineRestarts: number): LoopRecord => ({
  healedDeaths: [],
  engineDeaths: [],
  engineRestarts,
  since: null,
});

/**
 * Counts deaths, those that we healed and those under the engine's own policy, and finds when they make a crash loop.
 * One under the engine's policy goes on without us: people hear of it, and nobody touches it.
 */
export function learnLoop(loop: LoopRecord, before: Life, inspection: Inspection): LoopRecord {
  const { container, rules, now } = inspection;
  const counted = withParts(loop, {
    healedDeaths: recent(loop.healedDeaths, OWN_LOOP_WINDOW_MS, now),
    engineDeaths: engineDeaths(loop, before, inspection),
    engineRestarts: container.engineRestarts,
  });
  return withParts(counted, { since: since(counted, rules, now) });
}

function since(loop: LoopRecord, rules: Rules, now: number): number | null {
  if (loop.engineDeaths.length === 0 && loop.healedDeaths.length === 0) return null;
  const isLoop = tooManyDeaths(loop, rules) !== null;
  return loop.since ?? (isLoop ? now : null);
}

/** The deaths that make a crash loop, and the time within which they count; `null`: there are not too many. */
export function tooManyDeaths(
  { engineDeaths, healedDeaths }: LoopRecord,
  { maxAttempts }: Pick<Rules, 'maxAttempts'>,
): { readonly deaths: number; readonly windowMs: number } | null {
  if (engineDeaths.length > maxAttempts)
    return { deaths: engineDeaths.length, windowMs: ENGINE_LOOP_WINDOW_MS };
  if (healedDeaths.length > maxAttempts) return { deaths: healedDeaths.length, windowMs: OWN_LOOP_WINDOW_MS };
  return null;
}

/** When a crash loop is over if no more deaths come. Milliseconds since 1970. */
export const loopIsOverAt = ({ engineDeaths, healedDeaths }: LoopRecord): number =>
  Math.max(
    ...engineDeaths.map((at) => at + ENGINE_LOOP_WINDOW_MS),
    ...healedDeaths.map((at) => at + OWN_LOOP_WINDOW_MS),
  );

function engineDeaths(loop: LoopRecord, before: Life, inspection: Inspection): readonly number[] {
  const { container, rules, now } = inspection;
  const known = recent(loop.engineDeaths, ENGINE_LOOP_WINDOW_MS, now);
  const more = container.engineRestarts - loop.engineRestarts;
  // The engine counts also the restarts that fail, after which nothing dies.
  if (more <= 0 || isKnownRun(before, container) || didItsWork(before, more, inspection)) return known;
  const added = Array.from({ length: Math.min(more, rules.maxAttempts + 1) }, () => now);
  return [...known, ...added].slice(-MOST_ENGINE_DEATHS);
}

const isKnownRun = ({ run, death }: Life, { startedAt }: Container): boolean =>
  run?.startedAt === startedAt || death?.key.startsWith(`${startedAt ?? 0}-`) === true;

/** The runs since the one that was seen last ended with 0, as far as is known, after some time each. */
function didItsWork(before: Life, runs: number, { container, stopEvidence }: Inspection): boolean {
  const began = before.run?.startedAt ?? null;
  if (began === null || container.startedAt === null) return false;
  const lastedMs = (container.startedAt - began) / runs;
  return lastedMs >= WORK_LASTS_MS && exitOf(before, began, stopEvidence) === 0;
}

/** How the run that began then ended; `null`: nobody saw that. */
function exitOf({ death }: Life, began: number, evidence: Inspection['stopEvidence']): number | null {
  if (death?.key.startsWith(`${began}-`)) return death.exitCode;
  const heard = evidence?.lastExit;
  return heard && heard.at >= began ? heard.exitCode : null;
}

const recent = (times: readonly number[], windowMs: number, now: number): readonly number[] => {
  const isRecent = (at: number): boolean => now - at < windowMs;
  return times.every(isRecent) ? times : times.filter(isRecent);
};
