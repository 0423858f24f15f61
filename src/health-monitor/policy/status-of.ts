import { STATUSES, type Status } from '../../common/events/index.js';
import type { Decision } from './decision.js';
import { meaningOf } from './decision-catalogue.js';
import { believedHealth, isUp, stableAt } from './readiness.js';
import type { Situation } from './situation.js';

/** One word for how a container is: as the latest decision sees it, else as its state and health are. */
export function statusOf(
  seen: Pick<Situation, 'container' | 'record' | 'rules' | 'now'>,
  decision: Pick<Decision, 'code'>,
): Status {
  const status = meaningOf(decision).status ?? asItIs(seen);
  return isInCrashLoop(seen) && isAfterCrashLooping(status) ? 'crash-looping' : status;
}

/** What its state and health say. */
function asItIs({ container, now }: Pick<Situation, 'container' | 'now'>): Status {
  if (!isUp(container))
    return container.state === 'created' && container.startedAt === null ? 'stopped' : 'down';
  const health = believedHealth(container, now);
  return health === 'none' ? 'healthy' : health;
}

/** People were told that it keeps crashing, and it has not been up for long since. */
function isInCrashLoop({ container, record, rules, now }: Parameters<typeof statusOf>[0]): boolean {
  return record.loop.since !== null && (!isUp(container) || now < stableAt(record, rules));
}

const isAfterCrashLooping = (status: Status): boolean =>
  STATUSES.indexOf(status) > STATUSES.indexOf('crash-looping');
