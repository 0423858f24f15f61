import type { Container } from '../runtime/index.js';
import type { Decision } from './decision.js';
import type { ContainerRecord } from './record.js';
import type { Rules } from './rules.js';
import type { Surroundings } from './surroundings.js';

/** Everything one decision is made from. */
export interface Situation {
  readonly container: Container;
  readonly record: ContainerRecord;
  readonly surroundings: Surroundings;
  readonly rules: Rules;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** One reason to decide in a certain way, or `null` when it does not apply. */
export type Guard = (situation: Situation) => Decision | null;

/** Asks guards in order: the first that applies wins. `null`: none does. */
export function firstOf(guards: readonly Guard[], situation: Situation): Decision | null {
  for (const guard of guards) {
    const decision = guard(situation);
    if (decision !== null) return decision;
  }
  return null;
}
