import { Logger } from '@nestjs/common';
import { DECISIONS, leave, RestartPolicy, type Decision, type Situation } from '../policy/index.js';
import { stackOf } from '../../common/text/index.js';

/** Asks a policy, which may be the host's own: one that fails for one container must not keep others down. */
export class GuardedPolicy extends RestartPolicy {
  private readonly logger = new Logger('HealthMonitor');
  private readonly failing = new Set<string>();

  constructor(private readonly policy: RestartPolicy) {
    super();
  }

  override decide(situation: Situation): Decision {
    const { name } = situation.container;
    try {
      const decision = this.policy.decide(situation);
      if (!isDecision(decision)) throw new TypeError('It returned no decision.');
      this.failing.delete(name);
      return { ...NOTHING_MORE, ...decision };
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

/** What a decision need not say. */
const NOTHING_MORE: Pick<Decision, 'dueAt' | 'blockedBy'> = { dueAt: null, blockedBy: [] };

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
  return (
    code !== undefined && Object.hasOwn(DECISIONS, code) && ACTIONS.has(action) && typeof reason === 'string'
  );
}
