import { Logger } from '@nestjs/common';
import {
  DECISIONS,
  leave,
  meaningOf,
  RestartPolicy,
  type Decision,
  type Situation,
} from '../policy/index.js';
import { stackOf } from '../../common/text/index.js';

/** Asks a policy, which may be the host's own: one that fails for one container must not keep others down. */
export class GuardedPolicy extends RestartPolicy {
  private readonly logger = new Logger('HealthMonitor');
  private readonly failing = new Set<string>();

  constructor(private readonly policy: RestartPolicy) {
    super();
  }

  private get isBuiltIn(): boolean {
    return this.policy.constructor === RestartPolicy;
  }

  override decide(situation: Situation): Decision {
    const { name } = situation.container;
    try {
      const decision = this.policy.decide(situation);
      if (!isDecision(decision)) throw new TypeError('It returned no decision.');
      this.failing.delete(name);
      return this.isBuiltIn ? decision : completed(decision);
    } catch (error) {
      if (!this.failing.has(name)) {
        this.logger.error(
          `The restart policy failed for ${name}; it is left alone until that is mended.`,
          stackOf(error),
        );
      }
      this.failing.add(name);
      return leave('unknown-state', 'The restart policy failed for it; see the log. Left alone.');
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
