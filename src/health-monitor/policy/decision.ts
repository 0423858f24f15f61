import type { Status } from '../../common/events/index.js';

/** Every reason for which something is done or left, and the status it shows. `null`: as its state and health are. */
export const DECISION_CODES = {
  // left alone
  ignored: 'ignored',
  'backend-not-watched': 'ignored',
  ourselves: null,
  'vanishes-by-design': null,
  'systemd-restarts-it': null,
  held: 'held',
  'never-started': 'stopped',
  paused: 'stopped',
  'in-transition': 'restarting',
  'unknown-state': 'down',
  stuck: 'down',
  'stopped-by-person': 'stopped',
  'stopped-at-first-sight': 'stopped',
  finished: 'stopped',
  'asked-to-stop': 'stopped',
  'engine-left-it': 'stopped',
  // up
  healthy: 'healthy',
  'settling-in': 'healthy',
  starting: 'starting',
  'unhealthy-watching': 'unhealthy',
  'unhealthy-ignored': 'unhealthy',
  'unhealthy-told': 'unhealthy',
  // wait
  acting: 'restarting',
  'awaiting-outcome': 'restarting',
  'start-up-delay': null,
  'judging-exit': 'down',
  'awaiting-full-check': 'down',
  'engine-goes-first': 'down',
  'waiting-for-dependency': 'waiting',
  'backing-off': 'backing-off',
  'tier-pause': 'down',
  'in-line': 'down',
  'shutting-down': null,
  observing: null,
  'standing-by': null,
  // act
  start: 'restarting',
  'restart-unhealthy': 'restarting',
  'restart-after-dependency': 'restarting',
  'restart-leaking': 'restarting',
  'give-up': 'given-up',
  'given-up': 'given-up',
  'engine-gave-up': 'given-up',
  rearm: 'down',
} as const satisfies Record<string, Status | null>;
export type DecisionCode = keyof typeof DECISION_CODES;

/**
 * What is to be done with one container now, and why.
 *
 * - `leave`: nothing, until something about it changes
 * - `wait`: nothing yet; decide again at `dueAt`, or when something changes
 * - `start`, `restart`: an act
 * - `give-up`: write the verdict down
 * - `rearm`: forget verdict and attempts, then decide again
 */
export interface Decision {
  readonly action: 'leave' | 'wait' | 'start' | 'restart' | 'give-up' | 'rearm';
  readonly code: DecisionCode;
  /** The sentence that the page, the log and REST all show. */
  readonly reason: string;
  /** When to decide again at the latest, milliseconds since 1970; `null`: at the next check. */
  readonly dueAt: number | null;
  readonly blockedBy: readonly string[];
}

interface Extra {
  readonly dueAt?: number;
  readonly blockedBy?: readonly string[];
}

function decision(
  action: Decision['action'],
  code: DecisionCode,
  reason: string,
  extra: Extra = {},
): Decision {
  return { action, code, reason, dueAt: extra.dueAt ?? null, blockedBy: extra.blockedBy ?? [] };
}

export const leave = (code: DecisionCode, reason: string, extra?: Extra) =>
  decision('leave', code, reason, extra);
export const wait = (code: DecisionCode, reason: string, extra?: Extra) =>
  decision('wait', code, reason, extra);
export const act = (
  action: 'start' | 'restart' | 'give-up' | 'rearm',
  code: DecisionCode,
  reason: string,
  extra?: Extra,
) => decision(action, code, reason, extra);
