import type { ContainerRecord, Decision } from '../policy/index.js';
import { believedHealth, exitInWords, isDown, isUp, meaningOf } from '../policy/index.js';
import type { Container } from '../runtime/index.js';
import type { Trouble } from './condition.js';

export const isLeftOnPurpose = (decision: Pick<Decision, 'code'>): boolean =>
  meaningOf(decision).problem === 'no';

/** What is wrong with a container, or `null`: all is well, meant to be so, or not known yet. */
export function findTrouble(
  container: Container,
  record: ContainerRecord,
  decision: Decision,
  now: number,
): Trouble | null {
  const { problem, untreated } = meaningOf(decision);
  if (problem === 'no') return null;
  if (untreated === 'stuck') {
    // Whoever has just asked for its end is told by the answer to that.
    if (record.intent.wish.value !== 'running') return null;
    const since = record.life.unsettledSince ?? now;
    return { kind: 'down', since, reason: `It is stuck in the state "${container.state}".` };
  }
  if (record.loop.since !== null) {
    return { kind: 'crash-loop', since: record.loop.since, reason: 'It keeps crashing.' };
  }
  if (isDown(container) && record.life.death !== null) {
    if (problem === 'unknown') return null;
    // The first start after the host came up is no incident, unless it fails, or is not ours to make.
    if (
      record.life.death.withHost &&
      untreated !== 'any' &&
      !record.healing.attempts.some(({ outcome }) => outcome === 'refused' || outcome === 'timed-out') &&
      record.healing.givenUp === null
    )
      return null;
    const { at, exitCode, oomKilled, withHost } = record.life.death;
    const reason = withHost
      ? untreated === 'any'
        ? 'It went down with the host.'
        : 'It does not start since the host came up.'
      : `Stopped with ${exitInWords(exitCode, oomKilled)}.`;
    return { kind: 'down', since: at, reason };
  }
  if (
    isUp(container) &&
    record.health.unhealthySince !== null &&
    believedHealth(container, now) === 'unhealthy'
  ) {
    if (problem === 'unknown') return null;
    return { kind: 'unhealthy', since: record.health.unhealthySince, reason: 'Its health check fails.' };
  }
  return null;
}
