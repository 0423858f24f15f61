import type { Status } from '../../common/events/index.js';
import type { Container } from '../runtime/index.js';
import type { Decision } from './decision.js';
import { meaningOf } from './decision-catalogue.js';
import { believedHealth, isUp } from './readiness.js';

/** One word for how a container is: as the latest decision sees it, else as its state and health are. */
export function statusOf(container: Container, decision: Pick<Decision, 'code'>, now: number): Status {
  const decided = meaningOf(decision).status;
  if (decided !== null) return decided;
  if (!isUp(container))
    return container.state === 'created' && container.startedAt === null ? 'stopped' : 'down';
  switch (believedHealth(container, now)) {
    case 'unhealthy':
      return 'unhealthy';
    case 'starting':
      return 'starting';
    case 'healthy':
    case 'none':
      return 'healthy';
  }
}
