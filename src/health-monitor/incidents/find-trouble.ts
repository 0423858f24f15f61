import type { ContainerRecord, Decision, DecisionCode } from '../policy/index.js';
import { believedHealth, exitInWords, isDown, isUp } from '../policy/index.js';
import type { Container } from '../runtime/index.js';
import type { Trouble } from './condition.js';

const ON_PURPOSE: ReadonlySet<DecisionCode> = new Set([
  'ignored',
  'backend-not-watched',
  'ourselves',
  'vanishes-by-design',
  'systemd-restarts-it',
  'held',
  'never-started',
  'paused',
  'stopped-by-person',
  'stopped-at-first-sight',
  'finished',
  'asked-to-stop',
  'engine-left-it',
  'unhealthy-ignored',
] satisfies DecisionCode[]);

/** Down, but it is not yet known whether that is a problem. */
const UNDECIDED: ReadonlySet<DecisionCode> = new Set([
  'judging-exit',
  'awaiting-full-check',
  'engine-goes-first',
  'in-transition',
  'shutting-down',
  // Decided while it was up, and not anew since: an act on it is under way.
  'healthy',
  'settling-in',
  'starting',
] satisfies DecisionCode[]);

export const isLeftOnPurpose = (decision: Pick<Decision, 'code'>): boolean => ON_PURPOSE.has(decision.code);

/** What is wrong with a container, or `null`: all is well, meant to be so, or not known yet. */
export function findTrouble(
  container: Container,
  record: ContainerRecord,
  decision: Decision,
  now: number,
): Trouble | null {
  if (isLeftOnPurpose(decision)) return null;
  if (decision.code === 'stuck') {
    // Whoever has just asked for its end is told by the answer to that.
    if (record.wish.value !== 'running') return null;
    const since = record.unsettledSince ?? now;
    return { kind: 'down', since, reason: `It is stuck in the state "${container.state}".` };
  }
  if (record.crashLoopSince !== null) {
    return { kind: 'crash-loop', since: record.crashLoopSince, reason: 'It keeps crashing.' };
  }
  if (isDown(container) && record.death !== null) {
    if (UNDECIDED.has(decision.code)) return null;
    // The first start after the host came up is no incident, unless it fails, or is not ours to make.
    if (
      record.death.withHost &&
      decision.code !== 'observing' &&
      !record.attempts.some(({ outcome }) => outcome === 'refused' || outcome === 'timed-out') &&
      record.verdict === null
    )
      return null;
    const { at, exitCode, oomKilled, withHost } = record.death;
    const reason = withHost
      ? decision.code === 'observing'
        ? 'It went down with the host.'
        : 'It does not start since the host came up.'
      : `Stopped with ${exitInWords(exitCode, oomKilled)}.`;
    return { kind: 'down', since: at, reason };
  }
  if (isUp(container) && record.unhealthySince !== null && believedHealth(container, now) === 'unhealthy') {
    if (decision.code === 'unhealthy-watching') return null;
    return { kind: 'unhealthy', since: record.unhealthySince, reason: 'Its health check fails.' };
  }
  return null;
}
