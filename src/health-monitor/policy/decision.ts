import type { DecisionCode } from './decision-catalogue.js';

/**
 * What is to be done with one container now, and why.
 *
 * - `leave`: nothing, as long as it is decided so
 * - `wait`: nothing yet; decide again at `dueAt`, or when something changes
 * - `start`, `restart`: an act
 * - `give-up`: write down that it is given up
 * - `rearm`: forget that, and the attempts, then decide again
 */
export interface Decision {
  readonly action: 'leave' | 'wait' | 'start' | 'restart' | 'give-up' | 'rearm';
  readonly code: DecisionCode;
  /** The sentence that the page, the log and REST all show. */
  readonly reason: string;
  /**
   * When to decide again at the latest: milliseconds since 1970; `null`: at the next full check; `when-changed`: not until
   * something changes that the decision was made from (the container, what is remembered of it, its surroundings).
   */
  readonly dueAt: number | 'when-changed' | null;
  readonly blockedBy: readonly string[];
}

interface Extra {
  readonly dueAt?: number | 'when-changed';
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
/** As `leave`, for as long as nothing changes. */
export const leaveUntilChanged = (code: DecisionCode, reason: string) =>
  decision('leave', code, reason, { dueAt: 'when-changed' });
export const wait = (code: DecisionCode, reason: string, extra?: Extra) =>
  decision('wait', code, reason, extra);
export const act = (
  action: 'start' | 'restart' | 'give-up' | 'rearm',
  code: DecisionCode,
  reason: string,
  extra?: Extra,
) => decision(action, code, reason, extra);
