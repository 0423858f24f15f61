import {
  DECISIONS,
  leave,
  meaningOf,
  RestartPolicy,
  type Decision,
  type Situation,
} from '../policy/index.js';
import type { Setting } from './setting.js';

/** What is decided about a container for which the policy failed. */
export const POLICY_FAILED = leave(
  'unknown-state',
  'The restart policy failed for it; see the log. Left alone.',
);

/**
 * Asks a policy within one step. It may be the host's own: one that fails for one container must not keep others down.
 */
export class GuardedPolicy {
  private readonly errors = new Map<string, unknown>();

  constructor(private readonly policy: Setting['policy']) {}

  /** What the policy threw, by container. */
  get failures(): ReadonlyMap<string, unknown> {
    return this.errors;
  }

  decide(situation: Situation): Decision {
    try {
      const decision = this.policy.decide(situation);
      if (!isDecision(decision)) throw new TypeError('It returned no decision.');
      return this.policy.constructor === RestartPolicy ? decision : completed(decision);
    } catch (error) {
      this.errors.set(situation.container.name, error);
      return POLICY_FAILED;
    }
  }
}

/** What a decision of a host's own need not say, or says in its own way. */
function completed({ action, code, reason, dueAt, blockedBy }: Decision): Decision {
  return {
    action,
    code,
    reason,
    // Nobody knows what else such a policy goes by: it is asked at each full check.
    dueAt: typeof dueAt === 'number' && Number.isFinite(dueAt) ? dueAt : null,
    blockedBy: Array.isArray(blockedBy) ? blockedBy.filter((name) => typeof name === 'string') : [],
  };
}

const ACTIONS: ReadonlySet<unknown> = new Set([
  'leave',
  'wait',
  'start',
  'restart',
  'give-up',
  'rearm',
] satisfies Decision['action'][]);

/** Types do not hold a host's policy that is plain JavaScript, or forgets a `return`. */
function isDecision(given: unknown): given is Decision {
  const { code, action, reason } = (given ?? {}) as Partial<Decision>;
  if (code === undefined || !Object.hasOwn(DECISIONS, code)) return false;
  if (!ACTIONS.has(action) || typeof reason !== 'string') return false;
  // An act that answers nothing would count as no attempt, and be made for ever.
  const isAct = action === 'start' || action === 'restart';
  return !isAct || meaningOf({ code }).answers !== null;
}
