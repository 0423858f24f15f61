import type { DecisionCode } from './decision-catalogue.js';

/**
 * What is to be done with one container now, and why.
 *
 * - `leave`: nothing, because that is right
 * - `wait`: nothing yet
 * - `start`, `restart`: an act
 * - `give-up`: write down that it is given up
 * - `rearm`: forget that, and the attempts, then decide again
 *
 * When it is decided about again, `dueAt` says, of `leave` as of `wait`.
 */
export interface Decision {
  readonly action: 'leave' | 'wait' | 'start' | 'restart' | 'give-up' | 'rearm';
  readonly code: DecisionCode;
  /** The sentence that the page and REST show. The log has it only of a start or restart that is made. */
  readonly reason: string;
  /**
   * When to decide again at the latest: at that time (milliseconds since 1970), and at every check before it; `null`: at
   * the next check, a full one at the latest; `when-changed`: not until something changes that the decision was made from
   * (the container, what is remembered of it, its surroundings).
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

/** Nothing is done; asked again at the next full check, unless `dueAt` says otherwise. */
export const leave = (code: DecisionCode, reason: string, extra?: Extra) =>
  decision('leave', code, reason, extra);
/** As `leave`, for as long as nothing changes: not for what hangs on the time of day. */
export const leaveUntilChanged = (code: DecisionCode, reason: string) =>
  decision('leave', code, reason, { dueAt: 'when-changed' });
/** Nothing is done yet; asked again at `dueAt`, without it at the next full check. */
export const wait = (code: DecisionCode, reason: string, extra?: Extra) =>
  decision('wait', code, reason, extra);
/** The code says whether a `start` or `restart` counts as an attempt. */
export const act = (
  action: 'start' | 'restart' | 'give-up' | 'rearm',
  code: DecisionCode,
  reason: string,
  extra?: Extra,
) => decision(action, code, reason, extra);
